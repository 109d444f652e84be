import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { ArrivedReport, In } from './merge-reports.js';
import { hourOf } from './measurement.js';
import { MAX_SUMMED_COUNT, type UsageCount } from './telemetry-batch.js';
import type { HourlyUsage } from './flag-usage.js';

/** The column of a variation cannot be null, because it is part of the key. */
const CALLERS_DEFAULT = '';

/** What is stored of reports: the ids of batches, sums per flag and variation. */
@Injectable()
export class TelemetryRepository {
  /**
   * Remembers batches, of which no two are the same; answers those of them that were not known. A second transaction
   * with one of them waits for the first to end.
   */
  async claimBatches<T extends ArrivedReport>(tx: Transaction, arrived: readonly T[]): Promise<readonly T[]> {
    const rows = arrived.map(({ environmentId, receivedAt, report }) => {
      return { environment_id: environmentId, batch_id: report.batchId, received_at: receivedAt };
    });
    const claimed = await clientOf(tx).$queryRaw<readonly { readonly key: string }[]>`
      INSERT INTO telemetry_batch (environment_id, batch_id, received_at)
      SELECT environment_id, batch_id, received_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS arrived (environment_id uuid, batch_id text, received_at timestamptz(3))
      ORDER BY environment_id, batch_id
      ON CONFLICT DO NOTHING
      RETURNING environment_id || ' ' || batch_id AS key`;
    const keys = new Set(claimed.map(({ key }) => key));
    return arrived.filter(({ environmentId, report }) => keys.has(`${environmentId} ${report.batchId}`));
  }

  /**
   * Adds to the sums, those for good and those of the hour, in one statement and always in the same order of rows, so
   * that no two transactions deadlock.
   */
  async addUsage(tx: Transaction, usage: readonly In<UsageCount>[]): Promise<void> {
    if (usage.length === 0) return;
    const rows = usage.map(({ environmentId, flagKey, variation, count, lastAt }) => {
      const key = { environment_id: environmentId, flag_key: flagKey, variation: variation ?? CALLERS_DEFAULT };
      return { ...key, count, last_at: lastAt, hour: hourOf(lastAt) };
    });
    await clientOf(tx).$executeRaw`
      WITH reported AS MATERIALIZED (
        SELECT environment_id, flag_key, variation, count, last_at, hour
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row (
          environment_id uuid, flag_key text, variation text, count bigint, last_at timestamptz(3), hour timestamptz(3))
        ORDER BY environment_id, flag_key, variation
      ), hours AS (
        INSERT INTO flag_usage_hour AS known (environment_id, flag_key, hour, variation, count)
        SELECT environment_id, flag_key, hour, variation, count FROM reported
        ON CONFLICT (environment_id, flag_key, hour, variation) DO UPDATE
        SET count = least(known.count + excluded.count, ${MAX_SUMMED_COUNT}::bigint)
      )
      INSERT INTO flag_usage AS known (environment_id, flag_key, variation, count, last_at)
      SELECT environment_id, flag_key, variation, count, last_at FROM reported
      ON CONFLICT (environment_id, flag_key, variation) DO UPDATE
      SET count = least(known.count + excluded.count, ${MAX_SUMMED_COUNT}::bigint),
        last_at = greatest(known.last_at, excluded.last_at)`;
  }

  /** How often flags were evaluated in each environment, by variation. */
  async listUsage(
    tx: Transaction,
    environmentIds: readonly string[],
    flagKeys: readonly string[],
  ): Promise<readonly In<UsageCount>[]> {
    const rows = await clientOf(tx).flagUsage.findMany({
      where: { environmentId: { in: [...environmentIds] }, flagKey: { in: [...flagKeys] } },
      orderBy: [{ environmentId: 'asc' }, { variation: 'asc' }],
    });
    return rows.map(({ variation, count, ...row }) => {
      return { ...row, variation: variation === CALLERS_DEFAULT ? null : variation, count: Number(count) };
    });
  }

  /** How often a flag was evaluated in an environment in each hour from a moment on, in order; quiet hours are absent. */
  async listHours(
    tx: Transaction,
    environmentId: string,
    flagKey: string,
    from: Date,
  ): Promise<readonly HourlyUsage[]> {
    const rows = await clientOf(tx).flagUsageHour.findMany({
      where: { environmentId, flagKey, hour: { gte: hourOf(from) } },
      orderBy: [{ hour: 'asc' }, { variation: 'asc' }],
    });
    return rows.map(({ hour, variation, count }) => {
      return { hour, variation: variation === CALLERS_DEFAULT ? null : variation, count: Number(count) };
    });
  }

  /** When flags were last evaluated in any of the environments, by key; those without a report are absent. */
  async mapLastEvaluated(
    tx: Transaction,
    environmentIds: readonly string[],
    flagKeys: readonly string[],
  ): Promise<ReadonlyMap<string, Date>> {
    const rows = await clientOf(tx).$queryRaw<readonly { readonly key: string; readonly at: Date }[]>`
      SELECT flag_key AS key, max(last_at) AS at
      FROM flag_usage
      WHERE environment_id = ANY(${[...environmentIds]}::uuid[]) AND flag_key = ANY(${[...flagKeys]}::text[])
      GROUP BY flag_key`;
    return new Map(rows.map(({ key, at }) => [key, at]));
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

  /** Forgets up to so many sums of hours before a moment; says how many. */
  forgetUsageHours(tx: Transaction, before: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM flag_usage_hour
      WHERE (environment_id, flag_key, hour, variation) IN (
        SELECT environment_id, flag_key, hour, variation FROM flag_usage_hour
        WHERE hour < ${before}::timestamptz
        ORDER BY hour LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }
}
