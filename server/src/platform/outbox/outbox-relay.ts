import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactions } from '../../kernel/transactions.js';
import { Bus, Topic } from '../bus/bus.js';
import { OutboxRepository } from './outbox.repository.js';

const BATCH = 200;
/** Finds what a crash left between commit and publication, or what a publication failed on. */
const SWEEP_MS = 1_000;

/** Carries committed messages from the outbox to the bus, one batch at a time, at least once. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private sweep: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isWoken = false;
  private isStopped = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly messages: OutboxRepository,
    private readonly bus: Bus,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep = setInterval(() => this.wake(), SWEEP_MS).unref();
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.sweep);
    await this.running;
  }

  /** Says that there may be messages; returns at once. */
  wake(): void {
    this.isWoken = true;
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    while (this.isWoken && !this.isStopped) {
      this.isWoken = false;
      try {
        if ((await this.relayBatch()) === BATCH) this.isWoken = true;
      } catch (error) {
        this.logger.warn(error, 'Publishing failed; the messages stay in the outbox and are tried again.');
      }
    }
  }

  private relayBatch(): Promise<number> {
    return this.transactions.run(async (tx) => {
      const messages = await this.messages.take(tx, BATCH);
      for (const message of messages) await this.bus.publish(new Topic(message.topic), message.payload);
      return messages.length;
    });
  }
}
