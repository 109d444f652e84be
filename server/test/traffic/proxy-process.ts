import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.js';

const STOP_TIMEOUT_MS = 5_000;

/** A proxy in the foreground that a test starts, kills and starts again. */
export class ProxyProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: readonly [string, ...string[]],
    /** Whether it answers; may throw while it does not. */
    private readonly isReady: () => Promise<boolean>,
  ) {}

  async start(): Promise<void> {
    const [program, ...args] = this.command;
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => void (log = (log + chunk.toString()).slice(-4_000)));
    child.on('error', (error) => void (log += error.message));
    try {
      await eventually(async () => {
        if (child.exitCode !== null || child.pid === undefined) throw new Error(`${program} ended:\n${log}`);
        return this.isReady().catch(() => false);
      });
    } catch (error) {
      await this.end('SIGKILL');
      throw error;
    }
  }

  /**
   * Starts it and answers with what ends it and then lets go of what was opened for it. One that does not start leaves
   * nothing behind either.
   */
  async open(letGo: () => Promise<void>): Promise<() => Promise<void>> {
    const close = async (): Promise<void> => {
      await this.end('SIGTERM');
      await letGo();
    };
    await this.start().catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return close;
  }

  /** Ends it and waits for the end; one that does not obey is killed. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}
