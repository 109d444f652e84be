import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { RunRetentionRepository } from './run-retention.repository.js';

const KEEP_MS = 30 * 24 * 3_600_000;
const BATCH = 5_000;
const MAX_BATCHES = 20;

/**
 * Forgets what was compared when its time is over. Kept are: sums, faults and structures of the current epoch for as
 * long as it goes on, bounded in number (at intake), and of earlier epochs, deleted runs and versions that are run no more for 30
 * days after the last was added; minutes for 30 days; certificates, with all that they were found from, for as long as
 * their run. One sweep is bounded; what it leaves, the next one takes.
 */
@Injectable()
export class RunRetention {
  constructor(
    private readonly transactions: Transactions,
    private readonly retention: RunRetentionRepository,
    private readonly clock: Clock,
  ) {}

  async forgetOld(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEEP_MS);
    for (const table of ['totals', 'signatures', 'shapes'] as const) {
      await this.inBatches((tx) => this.retention.forgetEpochs(tx, table, before, BATCH));
    }
    await this.inBatches((tx) => this.retention.forgetVersions(tx, before, BATCH));
    await this.inBatches((tx) => this.retention.forgetMinutes(tx, before, BATCH));
  }

  private async inBatches(forget: (tx: Transaction) => Promise<number>): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await this.transactions.run(forget)) < BATCH) return;
    }
  }
}
