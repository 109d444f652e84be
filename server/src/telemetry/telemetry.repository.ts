import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { UsageCount } from './telemetry-batch.js';

/** The column of a variation cannot be null, because it is part of the key. */
const CALLERS_DEFAULT = '';

/** What is stored of reports: the ids of batches, sums per flag and variation. */
@Injectable()
export class TelemetryRepository {
  /** Remembers a batch; false when it is known already. A second request with it waits for the first to end. */
  async claimBatch(tx: Transaction, environmentId: string, batchId: string, now: Date): Promise<boolean> {
    const data = [{ environmentId, batchId, receivedAt: now }];
    const { count } = await clientOf(tx).telemetryBatch.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  /** Adds to the sums, in one statement and always in the same order of rows, so that no two reports deadlock. */
  async addUsage(tx: Transaction, environmentId: string, usage: readonly UsageCount[]): Promise<void> {
    if (usage.length === 0) return;
    const rows = usage.map(({ flagKey, variation, count, lastAt }) => {
      return { flag_key: flagKey, variation: variation ?? CALLERS_DEFAULT, count, last_at: lastAt };
    });
    await clientOf(tx).$executeRaw`
      INSERT INTO flag_usage (environment_id, flag_key, variation, count, last_at)
      SELECT ${environmentId}::uuid, flag_key, variation, count, last_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS reported (flag_key text, variation text, count bigint, last_at timestamptz(3))
      ORDER BY flag_key, variation
      ON CONFLICT (environment_id, flag_key, variation) DO UPDATE
      SET count = flag_usage.count + excluded.count, last_at = greatest(flag_usage.last_at, excluded.last_at)`;
  }

  /** How often each flag was evaluated in each environment, by variation. */
  async listUsage(
    tx: Transaction,
    environmentIds: readonly string[],
    flagKey: string,
  ): Promise<readonly (UsageCount & { readonly environmentId: string })[]> {
    const rows = await clientOf(tx).flagUsage.findMany({
      where: { environmentId: { in: [...environmentIds] }, flagKey },
      orderBy: [{ environmentId: 'asc' }, { variation: 'asc' }],
    });
    return rows.map(({ variation, count, ...row }) => {
      return { ...row, variation: variation === CALLERS_DEFAULT ? null : variation, count: Number(count) };
    });
  }

  /** When each flag was last evaluated in each environment; pairs without a report are absent. */
  async listLastEvaluated(
    tx: Transaction,
    environmentIds: readonly string[],
    flagKeys: readonly string[],
  ): Promise<readonly { readonly environmentId: string; readonly flagKey: string; readonly lastAt: Date }[]> {
    const groups = await clientOf(tx).flagUsage.groupBy({
      by: ['environmentId', 'flagKey'],
      where: { environmentId: { in: [...environmentIds] }, flagKey: { in: [...flagKeys] } },
      _max: { lastAt: true },
    });
    return groups.flatMap(({ environmentId, flagKey, _max: { lastAt } }) =>
      lastAt === null ? [] : [{ environmentId, flagKey, lastAt }],
    );
  }

  /** Forgets up to so many batches received before a moment; says how many. Rows another replica forgets are left. */
  forgetBatches(tx: Transaction, receivedBefore: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM telemetry_batch
      WHERE (environment_id, batch_id) IN (
        SELECT environment_id, batch_id FROM telemetry_batch
        WHERE received_at < ${receivedBefore}::timestamptz
        ORDER BY received_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }
}
