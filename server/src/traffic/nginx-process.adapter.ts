import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { NginxRoute } from '../platform/config/traffic.js';

const MAX_OUTPUT = 1_000_000;

/** Whether a command went well; `says` is what it printed. */
export interface CommandEnd {
  readonly isOk: boolean;
  readonly says: string;
}

/** The nginx that belongs to a route: the operator's commands, run without a shell. */
export class NginxProcess {
  constructor(private readonly route: Pick<NginxRoute, 'test' | 'reload' | 'timeoutMs'>) {}

  /** Tests the configuration as it is on disk. */
  test(): Promise<CommandEnd> {
    return this.run(this.route.test);
  }

  /** Asks for a reload. That it was asked for says nothing of whether it took effect. */
  async reload(): Promise<CommandEnd> {
    const { reload } = this.route;
    return Array.isArray(reload) ? this.run(reload) : signalReload(reload.pidFile);
  }

  private run(command: readonly string[]): Promise<CommandEnd> {
    const [program = '', ...args] = command;
    return new Promise((resolve) => {
      const options = { timeout: this.route.timeoutMs, maxBuffer: MAX_OUTPUT };
      execFile(program, args, options, (error, stdout, stderr) => {
        const printed = `${stderr}${stdout}`.trim();
        resolve({ isOk: error === null, says: printed === '' ? (error?.message ?? '') : printed });
      });
    });
  }
}

async function signalReload(pidFile: string): Promise<CommandEnd> {
  try {
    const pid = Number((await readFile(pidFile, 'utf8')).trim());
    // 0 and negative numbers are groups of processes, not one.
    if (!Number.isSafeInteger(pid) || pid <= 1) return { isOk: false, says: `${pidFile} holds no process id` };
    process.kill(pid, 'SIGHUP');
    return { isOk: true, says: '' };
  } catch (error) {
    return { isOk: false, says: (error as Error).message }; // node throws Errors
  }
}
