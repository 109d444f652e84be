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
  private isRunning = false;

  private constructor(
    program: string,
    private readonly port: number,
  ) {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'] as const;
    this.process = new ProxyProcess([program, ...args], () => answersPing(port));
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

  /** At the same address each time; one that runs already goes on. */
  async start(): Promise<void> {
    if (!this.isRunning) await this.process.start();
    this.isRunning = true;
  }

  /** As a crash does: nobody is told, nothing is kept. */
  kill(): Promise<void> {
    this.isRunning = false;
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
