import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Transactions } from '../kernel/transactions.js';
import { KEPT_DAYS } from './observation.js';
import { RolloutsRepository } from './rollouts.repository.js';

const KEEP_OBSERVATIONS_MS = KEPT_DAYS * 24 * 3_600_000;
const BATCH = 5_000;
const MAX_BATCHES = 20;

/**
 * Forgets what ticks measured 90 days after their attempt ended; until then its verdicts can be judged again. Verdicts
 * themselves stay for good. One sweep is bounded; what it leaves, the next one takes.
 */
@Injectable()
export class RolloutRetention {
  constructor(
    private readonly transactions: Transactions,
    private readonly rollouts: RolloutsRepository,
    private readonly clock: Clock,
  ) {}

  async forgetOld(): Promise<void> {
    const endedBefore = new Date(this.clock.now().getTime() - KEEP_OBSERVATIONS_MS);
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const forgotten = await this.transactions.run((tx) => this.rollouts.forgetObservations(tx, endedBefore, BATCH));
      if (forgotten < BATCH) return;
    }
  }
}
