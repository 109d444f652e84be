import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import type { RunPlace } from './run-settings.repository.js';

/** A release that moves the share of a run in an environment, and would have its work spoiled by a hand. */
export interface ParallelRunHold {
  readonly releaseId: string;
  /** What it is doing, for people: `Release "June prices" samples 5 %.` */
  readonly sentence: string;
}

/** How a module that ramps runs answers for the ramps it has. */
export interface ParallelRunHolder {
  /** The hold on a run in an environment; null: free to change. */
  holdOf(tx: Transaction, place: RunPlace): Promise<ParallelRunHold | null>;
}

/**
 * Where modules that ramp runs say so, so that nobody's hand and nobody's ramp undo each other unseen. Parallel runs
 * know nothing of those modules.
 */
@Injectable()
export class ParallelRunHolds {
  private readonly holders: ParallelRunHolder[] = [];

  register(holder: ParallelRunHolder): void {
    this.holders.push(holder);
  }

  /** The first hold on a run in an environment; null: there is none. */
  async holdOf(tx: Transaction, place: RunPlace): Promise<ParallelRunHold | null> {
    for (const holder of this.holders) {
      const hold = await holder.holdOf(tx, place);
      if (hold !== null) return hold;
    }
    return null;
  }

  /** Throws `conflict` when a release holds the run in any of the places. */
  async refuseHeld(tx: Transaction, places: readonly RunPlace[], remedy: string): Promise<void> {
    for (const place of places) {
      const hold = await this.holdOf(tx, place);
      if (hold === null) continue;
      const { releaseId, sentence } = hold;
      throw conflict('PARALLEL_RUN_HELD', `${sentence} ${remedy}`, { data: { releaseId } });
    }
  }
}
