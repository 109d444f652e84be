import { Logger } from '@nestjs/common';
import { patienceLeftMs } from '../shutdown/shutdown-deadline.js';
import { settledWithin } from './settled-within.js';

interface SweepOptions {
  readonly everyMs: number;
  /** What it does, for the log: "Forgetting old telemetry". */
  readonly what: string;
}

/**
 * Runs work every so often, one run at a time, and at once when it is woken. A run that fails is logged and costs
 * nothing: the next one looks again.
 */
export class Sweep {
  private readonly logger = new Logger(Sweep.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWoken = false;
  private isStopped = false;

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly options: SweepOptions,
  ) {}

  /** The first run comes when the time has passed once. */
  start(): void {
    this.timer = setInterval(() => {
      if (this.running === undefined) this.wake();
    }, this.options.everyMs).unref();
  }

  /** Runs the work now; while it runs, makes it run once more afterwards. Returns at once. */
  wake(): void {
    this.isWoken = true;
    this.running ??= this.runWhileWoken();
  }

  /** Begins no more runs and waits for the one under way, for as long as a shutdown may take. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await settledWithin(this.running ?? Promise.resolve(), patienceLeftMs());
  }

  private async runWhileWoken(): Promise<void> {
    while (this.isWoken && !this.isStopped) {
      this.isWoken = false;
      try {
        await this.work();
      } catch (error) {
        this.logger.warn(error, `${this.options.what} failed; trying again.`);
      }
    }
    // Not a tick later: whoever wakes it then would find it running, and be forgotten.
    this.running = undefined;
  }
}
