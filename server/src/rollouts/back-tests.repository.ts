import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Observation } from './observation.js';
import type { RolloutStatus } from './rollout.js';
import type { ObservationRecord } from './rollouts.repository.js';

/** A rollout that is over, and how much of it is still on record. */
export interface FinishedRollout {
  readonly id: string;
  readonly releaseId: string;
  readonly environmentId: string;
  readonly attempt: number;
  readonly status: RolloutStatus;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly observations: number;
}

interface FinishedQuestion {
  readonly projectId: string;
  /** Undefined: all of the project's. */
  readonly environmentId: string | undefined;
  readonly limit: number;
}

/** Reads what finished rollouts measured. */
@Injectable()
export class BackTestsRepository {
  /** Finished rollouts of which something measured is on record, the newest first. */
  async listFinished(
    tx: Transaction,
    { projectId, environmentId, limit }: FinishedQuestion,
  ): Promise<readonly FinishedRollout[]> {
    const rows = await clientOf(tx).rollout.findMany({
      where: {
        projectId,
        ...(environmentId === undefined ? {} : { environmentId }),
        status: { not: 'running' },
        observations: { some: {} },
      },
      orderBy: [{ finishedAt: 'desc' }, { id: 'desc' }],
      take: limit,
      select: {
        id: true,
        releaseId: true,
        environmentId: true,
        attempt: true,
        status: true,
        startedAt: true,
        finishedAt: true,
        _count: { select: { observations: true } },
      },
    });
    return rows.map(({ _count, status, ...row }) => {
      // Only what RolloutsRepository was given is ever stored.
      return { ...row, status: status as RolloutStatus, observations: _count.observations };
    });
  }

  /** What a rollout measured after a tick, in the order of ticks. */
  async listObservationsAfter(
    tx: Transaction,
    rolloutId: string,
    { tick, limit }: { readonly tick: number; readonly limit: number },
  ): Promise<readonly ObservationRecord[]> {
    const rows = await clientOf(tx).rolloutObservation.findMany({
      where: { rolloutId, tick: { gt: tick } },
      orderBy: { tick: 'asc' },
      take: limit,
    });
    // As above.
    return rows.map((row) => ({ ...row, body: row.body as unknown as Observation }));
  }
}
