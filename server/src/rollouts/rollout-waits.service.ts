import { Injectable } from '@nestjs/common';
import { Transactions } from '../kernel/transactions.js';
import { GatheredWork } from '../platform/jobs/gathered-work.js';
import { RolloutsRepository, type WaitRecord } from './rollouts.repository.js';

/** Bounds a statement, and how long a person's command may wait for its end. */
const MOST = 50;

/** Stores ticks that move nothing and tell nobody of anything, many at once: nearly all of them are of that kind. */
@Injectable()
export class RolloutWaits {
  private readonly saves: GatheredWork<WaitRecord, boolean>;

  constructor(transactions: Transactions, rollouts: RolloutsRepository) {
    const save = (waits: readonly WaitRecord[]) => transactions.run((tx) => rollouts.saveWaits(tx, waits));
    this.saves = new GatheredWork(async (waits) => {
      const saved = await save(waits);
      return waits.map(({ rollout }) => saved.has(rollout.id));
    }, MOST);
  }

  /** False when the rollout moved since it was read, or is being moved: nothing of the tick is stored then. */
  save(wait: WaitRecord): Promise<boolean> {
    return this.saves.do(wait);
  }
}
