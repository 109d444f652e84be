import { Injectable } from '@nestjs/common';
import type { SnapshotRamp } from '@sluice/sdk/evaluation';
import type { Transaction } from '../kernel/transactions.js';

/** Finds what a module is measuring in an environment. */
export type FindRamps = (tx: Transaction, environmentId: string) => Promise<readonly SnapshotRamp[]>;

/**
 * Where modules that ramp flags and services say what SDKs are to credit units to. It lives here because delivery,
 * which reads it, is imported by nobody.
 */
@Injectable()
export class SnapshotRamps {
  private readonly finders: FindRamps[] = [];

  register(find: FindRamps): void {
    this.finders.push(find);
  }

  /** All ramps of an environment; the same ramps always come in the same order. */
  async of(tx: Transaction, environmentId: string): Promise<readonly SnapshotRamp[]> {
    const found: SnapshotRamp[] = [];
    for (const find of this.finders) found.push(...(await find(tx, environmentId)));
    return found.sort((a, b) => compare(a.subject, b.subject) || compare(a.rollout, b.rollout));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
