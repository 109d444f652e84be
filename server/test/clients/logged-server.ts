import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { IN_MEMORY } from '../contracts/in-memory.js';
import { ADMIN } from './killable-server.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A server in a process of its own, with all that it ever says, in its log and beside it. */
export interface LoggedServer {
  readonly url: string;
  readonly lines: readonly string[];
  /** Ends as an operator ends it; all that was said is there then. */
  end(): Promise<void>;
}

/** Starts one that says as much as it can. */
export async function startLoggedServer(settings: Readonly<Record<string, string>>): Promise<LoggedServer> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'],
      SLUICE_HTTP_PORT: '0',
      SLUICE_GRPC_PORT: '0',
      SLUICE_DATA_DIR: IN_MEMORY,
      SLUICE_ADMIN_TOKEN: ADMIN,
      SLUICE_LOG_LEVEL: 'trace',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close');
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const ready = /ready at (http:\S+)/u.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', () => reject(new Error(`The server ended before it was ready:\n${lines.join('\n')}`)));
  });
  return {
    url,
    lines,
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
