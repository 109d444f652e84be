import { Injectable } from '@nestjs/common';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { In } from './merge-reports.js';
import { MAX_SUMMED_COUNT, type TrackedSum } from './telemetry-batch.js';

/** Sums of what services tracked, per environment and event. */
@Injectable()
export class TrackedEventsRepository {
  /** Adds to the sums, no event of an environment twice; in the same order of rows always, so that no two deadlock. */
  async add(tx: Transaction, tracked: readonly In<TrackedSum>[]): Promise<void> {
    if (tracked.length === 0) return;
    const rows = tracked.map(({ environmentId, event, count, sum, lastAt }) => {
      return { environment_id: environmentId, event, count, sum, last_at: lastAt };
    });
    await clientOf(tx).$executeRaw`
      INSERT INTO tracked_event AS known (environment_id, event, count, sum, last_at)
      SELECT environment_id, event, count, sum, last_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS reported (environment_id uuid, event text, count bigint, sum double precision, last_at timestamptz(3))
      ORDER BY environment_id, event
      ON CONFLICT (environment_id, event) DO UPDATE
      SET count = least(known.count + excluded.count, ${MAX_SUMMED_COUNT}::bigint),
        sum = known.sum + excluded.sum,
        last_at = greatest(known.last_at, excluded.last_at)`;
  }

  /** The events of an environment in order of name, one more than the limit. */
  async list(tx: Transaction, environmentId: string, { limit, after }: PageRequest): Promise<readonly TrackedSum[]> {
    const rows = await clientOf(tx).trackedEvent.findMany({
      where: { environmentId, ...(after === undefined ? {} : { event: { gt: after } }) },
      omit: { environmentId: true },
      orderBy: { event: 'asc' },
      take: limit + 1,
    });
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }
}
