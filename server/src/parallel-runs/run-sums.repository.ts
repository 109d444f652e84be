import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { ParallelRunTotal as Row } from '../platform/prisma/generated/client.js';
import type { CountedInputs } from './counted-inputs.js';
import type { ShapeCounts } from './decide-review.js';
import { addToStored, countStored, type StoredWindow } from './input-window.js';
import {
  addTotals,
  type At,
  type EpochPlace,
  OTHER_SHAPE,
  placeKey,
  type ReportedTotal,
  type RunMinute,
  type RunShape,
  type Stock,
  totalKey,
} from './merge-run-reports.js';
import type { RunPlace } from './run-settings.repository.js';
import type { RunSums, RunTotal, StoredTotal } from './sums.js';
import type { TouchedRun } from './touched-run.js';

/** Of a run and epoch: more versions than anybody runs in 30 days, and fewer than a version for every process. */
const MAX_PAIRS = 200;

/** Sums of what was compared: of pairs of versions, by the minute, and of structures of inputs. */
@Injectable()
export class RunSumsRepository {
  /**
   * Keeps others from counting at any of the places until the transaction ends: what is read there may be added to and
   * put back. Nobody but those who count waits for it. Always in the same order, so that no two of them deadlock.
   */
  async lockCounting(tx: Transaction, places: readonly EpochPlace[]): Promise<void> {
    const keys = places.map(({ environmentId, runId }) => `parallel run ${environmentId} ${runId}`);
    await clientOf(tx).$executeRaw`
      SELECT pg_advisory_xact_lock(key)
      FROM (
        SELECT DISTINCT hashtextextended(place, 0) AS key
        FROM jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) AS place
        ORDER BY key) AS sorted`;
  }

  /** Adds to the sums of pairs of versions, none of which occurs twice, at places that are locked. */
  async addTotals(tx: Transaction, totals: readonly At<ReportedTotal>[]): Promise<void> {
    if (totals.length === 0) return;
    const client = clientOf(tx);
    const stored = await client.$queryRaw<readonly At<KnownTotal>[]>`
      SELECT environment_id AS "environmentId", run_id AS "runId", epoch, candidate,
        control_version AS "controlVersion", candidate_version AS "candidateVersion", sums,
        input_window AS "inputWindow", first_at AS "firstAt", last_at AS "lastAt"
      FROM parallel_run_total
      WHERE (environment_id, run_id, epoch, candidate, control_version, candidate_version) IN (
        SELECT environment_id, run_id, epoch, candidate, control_version, candidate_version
        FROM jsonb_to_recordset(${JSON.stringify(totals.map(toPairColumns))}::jsonb)
          AS asked (environment_id uuid, run_id uuid, epoch int, candidate text, control_version text,
            candidate_version text))`;
    const known = new Map(stored.map((total) => [totalAt(total), total]));
    const rows = totals.map((total) => toTotalRow(total, known.get(totalAt(total))));
    await client.$executeRaw`
      INSERT INTO parallel_run_total
        (environment_id, run_id, epoch, candidate, control_version, candidate_version, sums, input_window,
          distinct_inputs, first_at, last_at)
      SELECT environment_id, run_id, epoch, candidate, control_version, candidate_version, sums, input_window,
        distinct_inputs, first_at, last_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS summed (environment_id uuid, run_id uuid, epoch int, candidate text, control_version text,
          candidate_version text, sums jsonb, input_window jsonb, distinct_inputs jsonb, first_at timestamptz(3),
          last_at timestamptz(3))
      ORDER BY environment_id, run_id, epoch, candidate, control_version, candidate_version
      ON CONFLICT (environment_id, run_id, epoch, candidate, control_version, candidate_version) DO UPDATE
      SET sums = excluded.sums, input_window = excluded.input_window, distinct_inputs = excluded.distinct_inputs,
        first_at = excluded.first_at, last_at = excluded.last_at`;
  }

  /** Forgets, at places that are locked, all but so many pairs of versions: those that were heard of last stay. */
  async forgetOldestPairs(tx: Transaction, places: readonly EpochPlace[]): Promise<void> {
    await clientOf(tx).$executeRaw`
      DELETE FROM parallel_run_total WHERE ctid IN (
        SELECT ctid
        FROM (
          SELECT ctid, row_number() OVER (
            PARTITION BY environment_id, run_id, epoch ORDER BY last_at DESC, first_at DESC, candidate_version) AS rank
          FROM parallel_run_total
          WHERE (environment_id, run_id, epoch) IN (
            SELECT environment_id, run_id, epoch
            FROM jsonb_to_recordset(${JSON.stringify(places.map(toColumns))}::jsonb)
              AS asked (environment_id uuid, run_id uuid, epoch int))) AS ranked
        WHERE rank > ${MAX_PAIRS})`;
  }

  /** Adds to minutes, none of which occurs twice. */
  async addMinutes(tx: Transaction, minutes: readonly At<RunMinute>[]): Promise<void> {
    if (minutes.length === 0) return;
    const rows = minutes.map(({ environmentId, runId, minute, n, x }) => {
      return { environment_id: environmentId, run_id: runId, minute, n, x };
    });
    await clientOf(tx).$executeRaw`
      INSERT INTO parallel_run_minute AS known (environment_id, run_id, minute, n, x)
      SELECT environment_id, run_id, minute, n, x
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS reported (environment_id uuid, run_id uuid, minute timestamptz(3), n bigint, x bigint)
      ORDER BY environment_id, run_id, minute
      ON CONFLICT (environment_id, run_id, minute) DO UPDATE
      SET n = known.n + excluded.n, x = known.x + excluded.x`;
  }

  /** Adds to shapes, none of which occurs twice. */
  async addShapes(tx: Transaction, shapes: readonly At<RunShape>[]): Promise<void> {
    if (shapes.length === 0) return;
    const rows = shapes.map(({ shape, n, lastAt, ...place }) => ({ ...toColumns(place), shape, n, last_at: lastAt }));
    await clientOf(tx).$executeRaw`
      INSERT INTO parallel_run_shape AS known (environment_id, run_id, epoch, shape, n, last_at)
      SELECT environment_id, run_id, epoch, shape, n, last_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS reported (environment_id uuid, run_id uuid, epoch int, shape bigint, n bigint, last_at timestamptz(3))
      ORDER BY environment_id, run_id, epoch, shape
      ON CONFLICT (environment_id, run_id, epoch, shape) DO UPDATE
      SET n = known.n + excluded.n, last_at = greatest(known.last_at, excluded.last_at)`;
  }

  /** By place: how many shapes are stored, and which of those asked for, none twice, are among them. */
  async stockOfShapes(
    tx: Transaction,
    asked: readonly At<{ readonly shape: number }>[],
  ): Promise<ReadonlyMap<string, Stock>> {
    if (asked.length === 0) return new Map();
    const rows = asked.map(({ shape, ...place }) => ({ ...toColumns(place), shape }));
    const found = await clientOf(tx).$queryRaw<readonly At<{ count: number; known: readonly number[] | null }>[]>`
      WITH asked AS (
        SELECT environment_id, run_id, epoch, shape
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS asked (environment_id uuid, run_id uuid, epoch int, shape bigint))
      SELECT stored.environment_id AS "environmentId", stored.run_id AS "runId", stored.epoch,
        (count(*) FILTER (WHERE stored.shape <> ${OTHER_SHAPE}))::int AS count,
        jsonb_agg(stored.shape) FILTER (WHERE asked.shape IS NOT NULL) AS known
      FROM parallel_run_shape AS stored
      LEFT JOIN asked USING (environment_id, run_id, epoch, shape)
      WHERE (stored.environment_id, stored.run_id, stored.epoch) IN (SELECT environment_id, run_id, epoch FROM asked)
      GROUP BY stored.environment_id, stored.run_id, stored.epoch`;
    return new Map(
      found.map(({ count, known, ...place }) => [placeKey(place), { count, known: new Set(known?.map(String)) }]),
    );
  }

  /** The sums of a run in an epoch: of all pairs of versions. */
  async listTotals(tx: Transaction, { environmentId, runId, epoch }: EpochPlace): Promise<readonly StoredTotal[]> {
    const rows = await clientOf(tx).parallelRunTotal.findMany({
      where: { environmentId, runId, epoch },
      omit: { inputWindow: true },
      orderBy: [{ candidate: 'asc' }, { firstAt: 'asc' }, { candidateVersion: 'asc' }, { controlVersion: 'asc' }],
    });
    return rows.map(toTotal);
  }

  /** The sums of some runs in their current epochs, with where they belong. */
  async listCurrentTotals(tx: Transaction, runIds: readonly string[]): Promise<readonly At<StoredTotal>[]> {
    const rows = await clientOf(tx).$queryRaw<readonly At<StoredTotal>[]>`
      SELECT total.environment_id AS "environmentId", total.run_id AS "runId", total.epoch, total.candidate,
        total.control_version AS "controlVersion", total.candidate_version AS "candidateVersion", total.sums,
        total.distinct_inputs AS "distinct",
        total.first_at AS "firstAt", total.last_at AS "lastAt"
      FROM parallel_run_total AS total
      JOIN parallel_run_settings AS settings USING (environment_id, run_id, epoch)
      WHERE settings.run_id IN (SELECT id::uuid FROM jsonb_array_elements_text(${JSON.stringify(runIds)}::jsonb) AS id)
      ORDER BY total.candidate, total.first_at, total.candidate_version, total.control_version`;
    return rows;
  }

  /** Runs whose sums of the current epoch were added to since a moment. */
  listTouched(tx: Transaction, since: Date): Promise<readonly TouchedRun[]> {
    return clientOf(tx).$queryRaw<readonly TouchedRun[]>`
      SELECT total.run_id AS "runId", total.environment_id AS "environmentId",
        md5(jsonb_agg(
          jsonb_build_array(epoch, candidate, control_version, candidate_version, total.last_at, total.sums)
          ORDER BY candidate, control_version, candidate_version)::text) AS state
      FROM parallel_run_total AS total
      JOIN parallel_run_settings AS settings USING (environment_id, run_id, epoch)
      WHERE total.last_at >= ${since}::timestamptz
      GROUP BY total.run_id, total.environment_id`;
  }

  /** How often structures of inputs were compared. What found no room counts as seen once each. */
  async countShapes(tx: Transaction, { environmentId, runId, epoch }: EpochPlace): Promise<ShapeCounts> {
    const [counts] = await clientOf(tx).$queryRaw<readonly { distinct: number; singletons: number; n: number }[]>`
      SELECT (count(*) FILTER (WHERE shape <> ${OTHER_SHAPE}))::int AS distinct,
        coalesce(sum(CASE WHEN shape = ${OTHER_SHAPE} THEN n WHEN n = 1 THEN 1 ELSE 0 END), 0)::float8 AS singletons,
        coalesce(sum(n), 0)::float8 AS n
      FROM parallel_run_shape
      WHERE environment_id = ${environmentId}::uuid AND run_id = ${runId}::uuid AND epoch = ${epoch}`;
    return counts ?? { distinct: 0, singletons: 0, n: 0 };
  }

  /** The same of several runs of an environment, each in its current epoch, by run. A run of which none is known is absent. */
  async countShapesOf(
    tx: Transaction,
    environmentId: string,
    runIds: readonly string[],
  ): Promise<ReadonlyMap<string, ShapeCounts>> {
    const rows = await clientOf(tx).$queryRaw<readonly (ShapeCounts & { readonly runId: string })[]>`
      SELECT run_id AS "runId", (count(*) FILTER (WHERE shape <> ${OTHER_SHAPE}))::int AS distinct,
        sum(CASE WHEN shape = ${OTHER_SHAPE} THEN n WHEN n = 1 THEN 1 ELSE 0 END)::float8 AS singletons,
        sum(n)::float8 AS n
      FROM parallel_run_shape
      JOIN parallel_run_settings AS settings USING (environment_id, run_id, epoch)
      WHERE environment_id = ${environmentId}::uuid
        AND run_id IN (SELECT id::uuid FROM jsonb_array_elements_text(${JSON.stringify(runIds)}::jsonb) AS id)
      GROUP BY run_id`;
    return new Map(rows.map(({ runId, ...counts }) => [runId, counts]));
  }

  /** Minutes that begin in [from, to), oldest first; one in which nothing was compared is absent. */
  async listMinutes(
    tx: Transaction,
    { environmentId, runId }: RunPlace,
    { from, to }: { readonly from: Date; readonly to: Date },
  ): Promise<readonly RunMinute[]> {
    const rows = await clientOf(tx).parallelRunMinute.findMany({
      where: { environmentId, runId, minute: { gte: from, lt: to } },
      orderBy: { minute: 'asc' },
    });
    return rows.map(({ minute, n, x }) => ({ minute, n: Number(n), x: Number(x) }));
  }
}

function toColumns({ environmentId, runId, epoch }: EpochPlace) {
  return { environment_id: environmentId, run_id: runId, epoch };
}

/** A total with the window that goes on. */
type KnownTotal = RunTotal & { readonly inputWindow: StoredWindow | null };

function toPairColumns({ candidate, controlVersion, candidateVersion, ...place }: At<RunTotal>) {
  const pair = { candidate, control_version: controlVersion, candidate_version: candidateVersion };
  return { ...toColumns(place), ...pair };
}

function toTotalRow({ arrived, ...total }: At<ReportedTotal>, known: KnownTotal | undefined) {
  const { sums, firstAt, lastAt } = known === undefined ? total : addTotals(known, total);
  const before = known?.inputWindow ?? null;
  const window = arrived === undefined ? before : addToStored(before, arrived);
  const distinct = window === null ? null : countStored(window);
  const columns = { sums, input_window: window, distinct_inputs: distinct, first_at: firstAt, last_at: lastAt };
  return { ...toPairColumns(total), ...columns };
}

function totalAt(total: At<RunTotal>): string {
  return `${placeKey(total)} ${totalKey(total)}`;
}

function toTotal({ candidate, controlVersion, candidateVersion, ...row }: Omit<Row, 'inputWindow'>): StoredTotal {
  // Only what was added up is ever stored.
  const sums = row.sums as unknown as RunSums;
  const distinct = row.distinctInputs as unknown as CountedInputs | null;
  return { candidate, controlVersion, candidateVersion, sums, distinct, firstAt: row.firstAt, lastAt: row.lastAt };
}
