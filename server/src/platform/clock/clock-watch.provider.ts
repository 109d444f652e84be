import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DatabaseConfig } from '../config/database.js';
import { StoreHealth } from '../health/store-health.js';
import { SharedClock } from './shared-clock.js';

const LOOK_EVERY_MS = 10_000;
/** An answer that took longer says too little about when it was given. */
const PROMPT_MS = 1_000;
/** The first look opens a connection, and a machine that starts may be busy: how often it looks for a prompt answer. */
const FIRST_LOOKS = 5;
/** From here on whoever runs the machine should hear of it. */
const WRONG_MS = 1_000;

/** Keeps this replica's time to the store's, from before it serves anybody. An embedded store has the same clock. */
@Injectable()
export class ClockWatch implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Clock');
  private timer: NodeJS.Timeout | undefined;
  private wasWrong = false;

  constructor(
    private readonly clock: SharedClock,
    private readonly store: StoreHealth,
    private readonly config: DatabaseConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.config.url === undefined) return;
    for (let looks = 0; looks < FIRST_LOOKS && !(await this.look()); looks += 1);
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Answers whether the store did so promptly. Never rejects: one that does not answer is somebody else's to tell of. */
  private async look(): Promise<boolean> {
    const begunMs = performance.now();
    const at = await this.store.now().catch(() => undefined);
    const tookMs = performance.now() - begunMs;
    if (at === undefined || tookMs > PROMPT_MS) return false;
    this.tell(this.clock.keepTo({ at, tookMs }));
    return true;
  }

  private tell(correctionMs: number): void {
    const isWrong = Math.abs(correctionMs) >= WRONG_MS;
    if (isWrong && !this.wasWrong) {
      const seconds = (Math.abs(correctionMs) / 1_000).toFixed(1);
      const where = correctionMs < 0 ? 'ahead of' : 'behind';
      this.logger.warn(
        `This machine's clock is ${seconds} s ${where} the database's, whose time is used; set it right.`,
      );
    }
    this.wasWrong = isWrong;
  }
}
