import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Transactions } from '../kernel/transactions.js';
import { WebhookQueueRepository } from './webhook-queue.repository.js';

const KEEP_MS = 30 * 24 * 3_600_000;
const BATCH = 1_000;
const MAX_BATCHES = 20;

/** Forgets deliveries 30 days after they ended. One sweep is bounded; what it leaves, the next one takes. */
@Injectable()
export class WebhookRetention {
  constructor(
    private readonly transactions: Transactions,
    private readonly queue: WebhookQueueRepository,
    private readonly clock: Clock,
  ) {}

  async forgetOld(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEEP_MS);
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await this.transactions.run((tx) => this.queue.forgetEnded(tx, before, BATCH))) < BATCH) return;
    }
  }
}
