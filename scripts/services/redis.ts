import { once } from 'node:events';
import { connect } from 'node:net';
import { run } from '../run-command.ts';
import { freePort, makeDirectory, removeDirectory, startLocalProcess, type StopProcess } from './local-process.ts';
import type { Service } from './service.ts';

/** The name to start Redis by, if it is installed. */
export async function findRedis(): Promise<string | undefined> {
  const { exitCode } = await run('redis-server', ['--version'], { isQuiet: true });
  return exitCode === 0 ? 'redis-server' : undefined;
}

/** A fresh Redis on the loopback interface that writes nothing to disk. */
export async function startRedis(program: string): Promise<Service> {
  const server = await LocalRedis.create(program);
  try {
    await server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return { address: server.url, stop: () => server.remove() };
}

/** A Redis without a memory: stopped and started again, on the same port, it is empty. */
export class LocalRedis {
  private readonly program: string;
  private readonly directory = makeDirectory('redis', undefined);
  private readonly port: number;
  private stopProcess: StopProcess | undefined;

  private constructor(program: string, port: number) {
    this.program = program;
    this.port = port;
  }

  /** Prepares one that does not run yet. */
  static async create(program: string): Promise<LocalRedis> {
    return new LocalRedis(program, await freePort());
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const { directory, port, program } = this;
    this.stopProcess = await startLocalProcess({
      command: program,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory],
      directory,
      account: undefined,
      isReady: () => answersPing(port),
    });
  }

  async stop(): Promise<void> {
    await this.stopProcess?.();
    this.stopProcess = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    removeDirectory(this.directory);
  }
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString().startsWith('+PONG');
  } catch {
    return false; // not listening yet
  } finally {
    socket.destroy();
  }
}
