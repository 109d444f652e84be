import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Transaction } from '../kernel/transactions.js';
import { InstancesRepository } from './instances.repository.js';
import { type Laggard, silentBefore, unlistedBefore } from './sdk-instance.js';

/** How far one revision of an environment has come. */
export interface RevisionReach {
  /** Instances that report. */
  readonly instances: number;
  /** Those of them that serve the revision or a newer one. */
  readonly current: number;
  /** Those that do not, the farthest behind first; at most 20, `instances - current` is how many there are. */
  readonly laggards: readonly Laggard[];
  /** Instances that have stopped reporting within the last hour and did not say that they end. */
  readonly silent: number;
}

const MAX_LAGGARDS = 20;

/** Answers how far revisions have really come, by what instances acknowledge. */
@Injectable()
export class ReachReader {
  constructor(
    private readonly instances: InstancesRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * How long instances took to serve a revision from when it was asked for, in milliseconds; null where none serves just
   * it.
   */
  propagation(
    tx: Transaction,
    environmentId: string,
    asked: { readonly revision: number; readonly askedAt: Date },
  ): Promise<{ readonly p50: number; readonly p99: number } | null> {
    return this.instances.propagation(tx, environmentId, asked);
  }

  async reach(tx: Transaction, environmentId: string, revision: number): Promise<RevisionReach> {
    const now = this.clock.now();
    const [seenSince, reportingSince] = [unlistedBefore(now), silentBefore(now)];
    const behind = { revision, seenSince: reportingSince };
    return {
      instances: await this.instances.count(tx, environmentId, { from: reportingSince }),
      current: await this.instances.countServing(tx, environmentId, behind),
      laggards: await this.instances.listLaggards(tx, environmentId, behind, MAX_LAGGARDS),
      silent: await this.instances.count(tx, environmentId, { from: seenSince, to: reportingSince }),
    };
  }
}
