import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Rollout } from './rollout.js';

/** A rollout before and after it moved: in step, phase, status, or in why it waits. */
export interface RolloutMove {
  readonly before: Rollout;
  readonly after: Rollout;
  /** People should look at it. */
  readonly isPage: boolean;
}

type Listen = (tx: Transaction, ctx: RequestContext, move: RolloutMove) => Promise<void>;

/** Where modules that build on rollouts follow them, inside the transaction that moves one. */
@Injectable()
export class RolloutListeners {
  private readonly listeners: Listen[] = [];

  register(listen: Listen): void {
    this.listeners.push(listen);
  }

  async tell(tx: Transaction, ctx: RequestContext, move: RolloutMove): Promise<void> {
    for (const listen of this.listeners) await listen(tx, ctx, move);
  }
}
