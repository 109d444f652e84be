import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Transactions } from '../kernel/transactions.js';
import { EventsRepository } from './events.repository.js';

const KEEP_MS = 90 * 24 * 3_600_000;
const BATCH = 1_000;
const MAX_BATCHES = 20;

/** Forgets events after 90 days. One sweep is bounded; what it leaves, the next one takes. */
@Injectable()
export class EventsRetention {
  constructor(
    private readonly transactions: Transactions,
    private readonly events: EventsRepository,
    private readonly clock: Clock,
  ) {}

  async forgetOld(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEEP_MS);
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await this.transactions.run((tx) => this.events.forget(tx, before, BATCH))) < BATCH) return;
    }
  }
}
