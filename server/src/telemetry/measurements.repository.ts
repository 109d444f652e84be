import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { MeasuredArm, MeasuredRollout, MeasurementInterval, MeasurementTotal } from './measurement.js';
import type { ArrivedArm, ArrivedMinute, In } from './merge-reports.js';
import { parseStoredSketch, toStoredSketch } from './stored-sketch.js';
import { MAX_SUMMED_COUNT } from './telemetry-batch.js';

const capped = (sum: Prisma.Sql): Prisma.Sql => Prisma.sql`least(${sum}, ${MAX_SUMMED_COUNT}::bigint)`;

/** The buckets of one sign of the sketch that is stored and of the one that is added, as one. */
const bucketsOf = (sign: 'buckets' | 'negative'): Prisma.Sql => Prisma.sql`(
  SELECT coalesce(jsonb_object_agg(index, total), '{}'::jsonb)
  FROM (
    SELECT index, sum(count::numeric) AS total
    FROM (
      SELECT * FROM jsonb_each_text(known.sketch -> ${sign}::text)
      UNION ALL
      SELECT * FROM jsonb_each_text(excluded.sketch -> ${sign}::text)) AS both_signs (index, count)
    GROUP BY index) AS summed)`;

/** Sketches add up bucket by bucket, as mergeSketches has it. */
const MERGED_SKETCH = Prisma.sql`
  CASE
    WHEN known.sketch IS NULL THEN excluded.sketch
    WHEN excluded.sketch IS NULL THEN known.sketch
    ELSE jsonb_build_object(
      'zero', (known.sketch ->> 'zero')::numeric + (excluded.sketch ->> 'zero')::numeric,
      'buckets', ${bucketsOf('buckets')},
      'negative', ${bucketsOf('negative')})
  END`;

const ADDING_TO_HISTORY = Prisma.sql`
  ON CONFLICT (environment_id, subject, metric, seconds, "from") DO UPDATE
  SET n = ${capped(Prisma.sql`known.n + excluded.n`)},
    bad = ${capped(Prisma.sql`known.bad + excluded.bad`)},
    sum = known.sum + excluded.sum,
    sum_squares = known.sum_squares + excluded.sum_squares`;

/** Sums of what services measured: per arm of a rollout, and of ordinary traffic by the minute. */
@Injectable()
export class MeasurementsRepository {
  /** Adds to the sums of arms, none of which occurs twice; in the same order of rows always, so that no two deadlock. */
  async addToArms(tx: Transaction, arms: readonly In<ArrivedArm>[]): Promise<void> {
    if (arms.length === 0) return;
    const newCallers = await this.rememberCallers(tx, arms);
    const rows = arms.map((each) => {
      const callers = (newCallers.get(keyOf(each)) ?? 0) + each.anonymousBad;
      const { n, bad, sum, sumSquares, sketch, lastAt } = each;
      const sums = { n, bad, callers, sum, sum_squares: sumSquares, sketch: toStoredSketch(sketch), last_at: lastAt };
      return { ...columnsOf(each), ...sums };
    });
    await clientOf(tx).$executeRaw`
      INSERT INTO measurement_total AS known
        (environment_id, rollout_id, subject, arm, metric, n, bad, callers, sum, sum_squares, sketch, last_at)
      SELECT environment_id, rollout_id, subject, arm, metric, n, bad, callers, sum, sum_squares,
        nullif(sketch, 'null'::jsonb), last_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS reported (environment_id uuid, rollout_id uuid, subject text, arm text, metric text, n bigint, bad bigint,
          callers bigint, sum double precision, sum_squares double precision, sketch jsonb, last_at timestamptz(3))
      ORDER BY environment_id, rollout_id, subject, arm, metric
      ON CONFLICT (environment_id, rollout_id, subject, arm, metric) DO UPDATE
      SET n = ${capped(Prisma.sql`known.n + excluded.n`)},
        bad = ${capped(Prisma.sql`known.bad + excluded.bad`)},
        callers = ${capped(Prisma.sql`known.callers + excluded.callers`)},
        sum = known.sum + excluded.sum,
        sum_squares = known.sum_squares + excluded.sum_squares,
        sketch = ${MERGED_SKETCH},
        last_at = greatest(known.last_at, excluded.last_at)`;
  }

  /** Adds to the minutes of ordinary traffic, none of which occurs twice; in the same order of rows always. */
  async addToHistory(tx: Transaction, minutes: readonly In<ArrivedMinute>[]): Promise<void> {
    if (minutes.length === 0) return;
    const rows = minutes.map(({ environmentId, subject, metric, minute, n, bad, sum, sumSquares }) => {
      return { environment_id: environmentId, subject, metric, from: minute, n, bad, sum, sum_squares: sumSquares };
    });
    await clientOf(tx).$executeRaw`
      INSERT INTO measurement_history AS known
        (environment_id, subject, metric, seconds, "from", n, bad, sum, sum_squares)
      SELECT environment_id, subject, metric, 60, "from", n, bad, sum, sum_squares
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS reported (environment_id uuid, subject text, metric text, "from" timestamptz(3), n bigint, bad bigint,
          sum double precision, sum_squares double precision)
      ORDER BY environment_id, subject, metric, "from"
      ${ADDING_TO_HISTORY}`;
  }

  /** All sums of rollouts, in order of subject, arm and metric. Those of another environment's reports are nobody's. */
  async listTotals(
    tx: Transaction,
    rollouts: readonly MeasuredRollout[],
  ): Promise<readonly (MeasurementTotal & { readonly rolloutId: string })[]> {
    const environmentOf = new Map(rollouts.map(({ id, environmentId }) => [id, environmentId]));
    const rows = await clientOf(tx).measurementTotal.findMany({
      where: {
        environmentId: { in: [...new Set(environmentOf.values())] },
        rolloutId: { in: [...environmentOf.keys()] },
      },
      orderBy: [{ subject: 'asc' }, { arm: 'asc' }, { metric: 'asc' }],
    });
    const own = rows.filter(({ rolloutId, environmentId }) => environmentOf.get(rolloutId) === environmentId);
    return own.map(({ environmentId: _environmentId, arm, n, bad, callers, sketch, ...row }) => {
      const counts = { n: Number(n), bad: Number(bad), callers: Number(callers) };
      return { ...row, ...counts, arm: arm === 'candidate' ? arm : 'stable', sketch: parseStoredSketch(sketch) };
    });
  }

  /** Ordinary traffic of one metric: intervals that begin in [from, to), oldest first. */
  async listHistory(
    tx: Transaction,
    environmentId: string,
    { subject, metric, from, to }: { subject: string; metric: string; from: Date; to: Date },
  ): Promise<readonly MeasurementInterval[]> {
    const rows = await clientOf(tx).measurementHistory.findMany({
      where: { environmentId, subject, metric, from: { gte: from, lt: to } },
      omit: { environmentId: true, subject: true, metric: true },
      orderBy: [{ from: 'asc' }, { seconds: 'asc' }],
    });
    return rows.map(({ seconds, n, bad, ...row }) => {
      return { ...row, n: Number(n), bad: Number(bad), seconds: seconds === 3600 ? 3600 : 60 };
    });
  }

  /**
   * Adds up to so many minutes of before a moment to their hours; says how many minutes. Rows that another replica
   * folds are left to it. The moment is the beginning of an hour.
   */
  async foldMinutes(tx: Transaction, before: Date, limit: number): Promise<number> {
    const [folded] = await clientOf(tx).$queryRaw<readonly { readonly minutes: number }[]>`
      WITH minutes AS (
        DELETE FROM measurement_history
        WHERE (environment_id, subject, metric, seconds, "from") IN (
          SELECT environment_id, subject, metric, seconds, "from" FROM measurement_history
          WHERE seconds = 60 AND "from" < ${before}::timestamptz
          ORDER BY "from" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING *),
      hours AS (
        INSERT INTO measurement_history AS known
          (environment_id, subject, metric, seconds, "from", n, bad, sum, sum_squares)
        SELECT environment_id, subject, metric, 3600, date_trunc('hour', "from", 'UTC') AS hour,
          sum(n)::bigint, sum(bad)::bigint, sum(sum), sum(sum_squares)
        FROM minutes
        GROUP BY environment_id, subject, metric, hour
        ORDER BY environment_id, subject, metric, hour
        ${ADDING_TO_HISTORY})
      SELECT count(*)::int AS minutes FROM minutes`;
    return folded?.minutes ?? 0;
  }

  /** Forgets up to so many hours of before a moment; says how many. */
  forgetHours(tx: Transaction, before: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM measurement_history
      WHERE (environment_id, subject, metric, seconds, "from") IN (
        SELECT environment_id, subject, metric, seconds, "from" FROM measurement_history
        WHERE seconds = 3600 AND "from" < ${before}::timestamptz
        ORDER BY "from" LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }

  /** Forgets up to so many sums of arms that nothing was added to since a moment; says how many. */
  forgetArms(tx: Transaction, untouchedSince: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM measurement_total
      WHERE (environment_id, rollout_id, subject, arm, metric) IN (
        SELECT environment_id, rollout_id, subject, arm, metric FROM measurement_total
        WHERE last_at < ${untouchedSince}::timestamptz
        ORDER BY last_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }

  /**
   * Forgets up to so many failing callers of before a moment whose metric is forgotten; says how many. While an arm of
   * it is measured they stay, however old: else they would count a second time.
   */
  forgetCallers(tx: Transaction, before: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM failing_caller
      WHERE (environment_id, rollout_id, subject, metric, hash) IN (
        SELECT environment_id, rollout_id, subject, metric, hash FROM failing_caller AS caller
        WHERE at < ${before}::timestamptz AND NOT EXISTS (
          SELECT FROM measurement_total AS total
          WHERE (total.environment_id, total.rollout_id, total.subject, total.metric)
            = (caller.environment_id, caller.rollout_id, caller.subject, caller.metric))
        ORDER BY at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }

  /**
   * Remembers who failed; answers how many were not known of either arm, by arm. A caller counts in the arm it first
   * failed in and never in the other: when a raised share takes callers along for whom everything fails, the candidate
   * would be accused of all of them at once. Of two arms that arrive together the stable one is first, as shares rise.
   */
  private async rememberCallers(
    tx: Transaction,
    arms: readonly In<ArrivedArm>[],
  ): Promise<ReadonlyMap<string, number>> {
    const rows = arms.flatMap((each) => {
      return each.callers.length === 0 ? [] : [{ ...columnsOf(each), hashes: each.callers, at: each.lastAt }];
    });
    if (rows.length === 0) return new Map();
    const counted = await clientOf(tx).$queryRaw<readonly (In<MeasuredArm> & { readonly callers: number })[]>`
      WITH fresh AS (
        INSERT INTO failing_caller (environment_id, rollout_id, subject, arm, metric, hash, at)
        SELECT environment_id, rollout_id, subject, arm, metric, hash::bigint, at
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS reported (environment_id uuid, rollout_id uuid, subject text, arm text, metric text, hashes jsonb,
            at timestamptz(3)),
          jsonb_array_elements_text(hashes) AS hash
        ORDER BY environment_id, rollout_id, subject, metric, hash, arm DESC
        ON CONFLICT DO NOTHING
        RETURNING environment_id, rollout_id, subject, arm, metric)
      SELECT environment_id AS "environmentId", rollout_id AS "rolloutId", subject, arm, metric, count(*)::int AS callers
      FROM fresh
      GROUP BY environment_id, rollout_id, subject, arm, metric`;
    return new Map(counted.map((each) => [keyOf(each), each.callers]));
  }
}

function columnsOf({ environmentId, rolloutId, subject, arm, metric }: In<MeasuredArm>) {
  return { environment_id: environmentId, rollout_id: rolloutId, subject, arm, metric };
}

function keyOf({ environmentId, rolloutId, subject, arm, metric }: In<MeasuredArm>): string {
  return JSON.stringify([environmentId, rolloutId, subject, arm, metric]);
}
