import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from '../run-command.ts';

/** One server of several. */
export interface Replica {
  readonly pid: number;
  /** `host:port` of its HTTP and of its gRPC. */
  readonly http: string;
  readonly grpc: string;
  readonly stop: () => Promise<void>;
}

const main = join(repository, 'server/dist/main.js');

/**
 * Starts a server on ports that the system chooses and waits until it is ready; one that ends before is an error. What it
 * says comes with the errors of this process, whose own output is for whoever reads the addresses.
 */
export async function startReplica(settings: Readonly<Record<string, string>>): Promise<Replica> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], SLUICE_HTTP_PORT: '0', SLUICE_GRPC_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { http, grpc } = await new Promise<Pick<Replica, 'http' | 'grpc'>>((resolve, reject) => {
    // It is read to the end: a pipe that nobody empties would hold the server up.
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.error(line);
      const [, http, grpc] = /ready at http:\/\/(\S+) .*gRPC at ([^\s)]+)/u.exec(line) ?? [];
      if (http !== undefined && grpc !== undefined) resolve({ http, grpc });
    });
    child.once('error', reject);
    // Not at its exit: until its output is closed there may be more of it.
    child.once('close', () => reject(new Error('A replica ended before it was ready; its log is above.')));
  });
  // It said that it is ready, so it runs under an id.
  return { pid: child.pid ?? 0, http, grpc, stop: () => end(child) };
}

/** As an operator ends it; one that was killed meanwhile is left alone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGINT');
  await ended;
}
