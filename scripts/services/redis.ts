import { once } from 'node:events';
import { connect } from 'node:net';
import { run } from '../run-command.ts';
import { freePort, makeDirectory, removeDirectory, startLocalProcess } from './local-process.ts';
import type { Service } from './service.ts';

/** The name to start Redis by, if it is installed. */
export async function findRedis(): Promise<string | undefined> {
  const { exitCode } = await run('redis-server', ['--version'], { isQuiet: true });
  return exitCode === 0 ? 'redis-server' : undefined;
}

/** A fresh Redis on the loopback interface that writes nothing to disk. */
export async function startRedis(program: string): Promise<Service> {
  const directory = makeDirectory('redis', undefined);
  const port = await freePort();
  try {
    const stop = await startLocalProcess({
      command: program,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory],
      directory,
      account: undefined,
      isReady: () => answersPing(port),
    });
    const stopAndRemove = async (): Promise<void> => {
      await stop();
      removeDirectory(directory);
    };
    return { address: `redis://127.0.0.1:${String(port)}`, stop: stopAndRemove };
  } catch (error) {
    removeDirectory(directory);
    throw error;
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
