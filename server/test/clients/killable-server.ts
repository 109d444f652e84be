import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The admin token of every killable server. */
export const ADMIN = `slu_admin_${'a'.repeat(40)}`;

/** A server in a process of its own, as people start it, which a test may kill as a power cut would. */
export class KillableServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts one on a data folder and waits until it is ready. Its port stays free for the next one on that folder. */
  static async start(
    dataDir: string,
    wanted?: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<KillableServer> {
    const port = wanted ?? String(await freePort());
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env['PATH'],
        SLUICE_HTTP_PORT: port,
        SLUICE_GRPC_PORT: '0',
        SLUICE_DATA_DIR: dataDir,
        SLUICE_ADMIN_TOKEN: ADMIN,
        SLUICE_LOG_LEVEL: 'warn',
        SLUICE_API_REQUESTS_PER_MINUTE: '1000000',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /ready at (http:\S+)/u.exec(line)?.[1];
      if (url !== undefined) return new KillableServer(url, child);
    }
    throw new Error('The server ended before it was ready.');
  }

  /** Stops its process where it stands (SIGSTOP), or has it go on (SIGCONT). */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(name);
  }

  /** Of its memory what is in use, bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${String(this.child.pid)}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1_024;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
