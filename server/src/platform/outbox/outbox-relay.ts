import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactions } from '../../kernel/transactions.js';
import { Bus, Topic } from '../bus/bus.js';
import { Sweep } from '../jobs/sweep.js';
import { OutboxRepository } from './outbox.repository.js';

const BATCH = 200;
/** Finds what a crash left between commit and publication, or what a publication failed on. */
const SWEEP_MS = 1_000;

/**
 * Carries committed messages from the outbox to the bus, one batch at a time, at least once. A replica that is cut off
 * leaves them to the others; when all are, they wait.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep = new Sweep(() => this.relayBatch(), {
    everyMs: SWEEP_MS,
    what: 'Publishing the messages of the outbox',
  });
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly messages: OutboxRepository,
    private readonly bus: Bus,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe = this.bus.onGap(() => this.wake());
    this.sweep.start();
    this.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    return this.sweep.stop();
  }

  /** Says that there may be messages; returns at once. */
  wake(): void {
    this.sweep.wake();
  }

  private async relayBatch(): Promise<void> {
    if (!this.bus.isConnected) return;
    const count = await this.transactions.run(async (tx) => {
      const messages = await this.messages.take(tx, BATCH);
      // Together: the rows are locked meanwhile, and one connection keeps their order.
      await Promise.all(messages.map(({ topic, payload }) => this.bus.publish(new Topic(topic), payload)));
      return messages.length;
    });
    if (count === BATCH) this.wake();
  }
}
