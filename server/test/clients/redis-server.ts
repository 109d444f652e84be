import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { ProxyProcess } from '../traffic/proxy-process.js';
import { freePort } from './free-port.js';

/** The program of a Redis that suites start, end and start anew; undefined: this machine has none. */
export const REDIS_PROGRAM =
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0 ? 'redis-server' : undefined;

/** A Redis of a suite's own, which keeps nothing: ended and started again it is empty. */
export class RedisServer {
  private readonly process: ProxyProcess;

  private constructor(
    program: string,
    private readonly port: string,
  ) {
    const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'] as const;
    this.process = new ProxyProcess([program, ...args], () => answersPing(Number(port)));
  }

  /** One that is not started yet. */
  static async prepare(program: string): Promise<RedisServer> {
    return new RedisServer(program, await freePort());
  }

  static async start(program: string): Promise<RedisServer> {
    const server = await RedisServer.prepare(program);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** At the same address each time. */
  start(): Promise<void> {
    return this.process.start();
  }

  /** As a crash does: nobody is told, nothing is kept. */
  kill(): Promise<void> {
    return this.process.end('SIGKILL');
  }
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer]; // a socket without an encoding gives buffers
    return answer.toString().startsWith('+PONG');
  } catch {
    return false; // not listening yet
  } finally {
    socket.destroy();
  }
}
