import { Injectable } from '@nestjs/common';
import { conflict, notFound } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import type { PolicyDocument } from '../policies/index.js';
import type {
  Prisma,
  Rollout as Row,
  RolloutObservation as ObservationRow,
  Verdict as VerdictRow,
} from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import { currentTraceparent } from '../platform/tracing/spans.js';
import type { Evidence } from './evidence.js';
import type { MetricState } from '../analysis/index.js';
import type { MetricResult } from './metric-result.js';
import type { Observation } from './observation.js';
import type { RampTarget } from './ramp-target.js';
import type { Ramp, Rollout, RolloutStatus } from './rollout.js';

/** What was judged at a tick, for good. */
export interface VerdictRecord {
  readonly rolloutId: string;
  readonly tick: number;
  readonly at: Date;
  readonly state: MetricState;
  readonly stepIndex: number;
  readonly share: number;
  readonly metrics: readonly MetricResult[];
}

/** What a tick measured, for good. */
export interface ObservationRecord {
  readonly rolloutId: string;
  readonly tick: number;
  readonly at: Date;
  readonly body: Observation;
}

/** An attempt of a release, in short. */
export type AttemptSummary = Pick<
  Rollout,
  'id' | 'releaseId' | 'attempt' | 'status' | 'startedAt' | 'finishedAt' | 'policy' | 'ramp'
>;

/** What was judged last of a rollout. */
export type LatestVerdict = Omit<VerdictRecord, 'metrics'> & Pick<Rollout, 'releaseId'>;

/** What a tick that moved nothing made of a rollout. */
export interface WaitRecord {
  /** Over the version that it was made from. */
  readonly rollout: Pick<Rollout, 'id' | 'version' | 'ramp' | 'nextTickAt'>;
  /** Undefined where it is as it was. */
  readonly evidence: Evidence | undefined;
  /** Undefined where nothing was measured. */
  readonly observation: ObservationRecord | undefined;
}

/** A running rollout that is to be looked at, and the span in which it was begun. */
export interface DueRollout {
  readonly id: string;
  readonly traceparent: string | null;
}

/** Running rollouts that are alike. */
export interface RunningCount {
  readonly phase: Ramp['phase'];
  readonly isPaused: boolean;
  readonly count: number;
  readonly firstDueAt: Date;
}

@Injectable()
export class RolloutsRepository {
  async find(tx: Transaction, id: string): Promise<Rollout | null> {
    const row = await clientOf(tx).rollout.findUnique({ where: { id } });
    return row === null ? null : toRollout(row);
  }

  /** Those of the ids that run, in no order. */
  async listRunningById(tx: Transaction, ids: readonly string[]): Promise<readonly Rollout[]> {
    const rows = await clientOf(tx).rollout.findMany({ where: { id: { in: [...ids] }, status: 'running' } });
    return rows.map(toRollout);
  }

  async findAttempt(tx: Transaction, releaseId: string, attempt: number): Promise<Rollout | null> {
    const row = await clientOf(tx).rollout.findUnique({ where: { releaseId_attempt: { releaseId, attempt } } });
    return row === null ? null : toRollout(row);
  }

  /** The attempts of releases that they are at, in no order; those that have none are left out. */
  async listAttempts(
    tx: Transaction,
    at: readonly { readonly releaseId: string; readonly attempt: number }[],
  ): Promise<readonly Rollout[]> {
    if (at.length === 0) return [];
    const OR = at.map(({ releaseId, attempt }) => ({ releaseId, attempt }));
    return (await clientOf(tx).rollout.findMany({ where: { OR } })).map(toRollout);
  }

  /** Every attempt of releases, by release and there the oldest first. */
  async listAllAttempts(tx: Transaction, releaseIds: readonly string[]): Promise<readonly AttemptSummary[]> {
    const rows = await clientOf(tx).rollout.findMany({
      where: { releaseId: { in: [...releaseIds] } },
      select: {
        ...{ id: true, releaseId: true, attempt: true, status: true, startedAt: true, finishedAt: true },
        ...{ policy: true, ramp: true },
      },
      orderBy: [{ releaseId: 'asc' }, { attempt: 'asc' }],
    });
    // As toRollout.
    return rows.map((row) => ({
      ...row,
      status: row.status as RolloutStatus,
      policy: row.policy as unknown as PolicyDocument,
      ramp: row.ramp as unknown as Ramp,
    }));
  }

  /** What was judged last of each rollout that runs in the environments or ended since a moment; the newest first. */
  async listLatestVerdicts(
    tx: Transaction,
    environmentIds: readonly string[],
    { endedSince, limit }: { readonly endedSince: Date; readonly limit: number },
  ): Promise<readonly LatestVerdict[]> {
    return clientOf(tx).$queryRaw<readonly LatestVerdict[]>`
      SELECT rollout.id AS "rolloutId", rollout.release_id AS "releaseId", judged.tick, judged.at, judged.state,
        judged.step_index AS "stepIndex", judged.share
      FROM rollout CROSS JOIN LATERAL (
        SELECT tick, at, state, step_index, share FROM verdict
        WHERE rollout_id = rollout.id ORDER BY tick DESC LIMIT 1) AS judged
      WHERE rollout.environment_id = ANY(${[...environmentIds]}::uuid[])
        AND (rollout.status = 'running' OR rollout.finished_at >= ${endedSince}::timestamptz)
      ORDER BY judged.at DESC LIMIT ${limit}`;
  }

  /** The running attempt of a release; throws `notFound` when there is none. */
  async requireRunning(tx: Transaction, releaseId: string): Promise<Rollout> {
    const row = await clientOf(tx).rollout.findFirst({ where: { releaseId, status: 'running' } });
    if (row !== null) return toRollout(row);
    throw notFound('ROLLOUT_NOT_RUNNING', 'No attempt of this release is running.');
  }

  listRunning(tx: Transaction, environmentId: string): Promise<readonly Rollout[]> {
    return this.listRunningIn(tx, [environmentId]);
  }

  /** Those that run in any of the environments. */
  async listRunningIn(tx: Transaction, environmentIds: readonly string[]): Promise<readonly Rollout[]> {
    const rows = await clientOf(tx).rollout.findMany({
      where: { environmentId: { in: [...environmentIds] }, status: 'running' },
      orderBy: { startedAt: 'asc' },
    });
    return rows.map(toRollout);
  }

  async listRunningOfProject(tx: Transaction, projectId: string): Promise<readonly Rollout[]> {
    const rows = await clientOf(tx).rollout.findMany({ where: { projectId, status: 'running' } });
    return rows.map(toRollout);
  }

  /** Running rollouts by where their ramps are, and since when the first of them has been due to be looked at. */
  async countRunning(tx: Transaction): Promise<readonly RunningCount[]> {
    return clientOf(tx).$queryRaw<RunningCount[]>`
      SELECT ramp ->> 'phase' AS phase, coalesce(jsonb_typeof(ramp -> 'paused'), 'null') <> 'null' AS "isPaused",
        count(*)::int AS count, min(next_tick_at) AS "firstDueAt"
      FROM rollout WHERE status = 'running'
      GROUP BY 1, 2`;
  }

  /** Running rollouts that are to be looked at, those that wait longest first. */
  async listDue(tx: Transaction, now: Date, limit: number): Promise<readonly DueRollout[]> {
    return clientOf(tx).rollout.findMany({
      where: { status: 'running', nextTickAt: { lte: now } },
      orderBy: { nextTickAt: 'asc' },
      take: limit,
      select: { id: true, traceparent: true },
    });
  }

  async insert(tx: Transaction, rollout: Rollout): Promise<void> {
    await clientOf(tx).rollout.create({ data: { ...toRow(rollout), traceparent: currentTraceparent() ?? null } });
  }

  /**
   * Stores how a rollout stands over the version it was made from, and returns it with its new version. What it is
   * about never changes.
   */
  async save(tx: Transaction, rollout: Rollout): Promise<Rollout> {
    const after = { ...rollout, version: rollout.version + 1 };
    const { status, finishedAt, nextTickAt, version } = after;
    const data = { status, finishedAt, nextTickAt, version, ramp: json(after.ramp), evidence: json(after.evidence) };
    const { id } = rollout;
    const where = { id, version: rollout.version, status: 'running' };
    const { count } = await clientOf(tx).rollout.updateMany({ where, data });
    if (count === 0) throw conflict('ROLLOUT_MOVED', 'The rollout moved at the same moment; look again.');
    return after;
  }

  /**
   * As save, for many, with what was measured; answers the ids of those that were stored. What is not as it was read is
   * passed over, and so is what others hold: whoever waited for one of them would hold up all the others.
   */
  async saveWaits(tx: Transaction, waits: readonly WaitRecord[]): Promise<ReadonlySet<string>> {
    const rows = waits.map(({ rollout: { id, version, ramp, nextTickAt }, evidence, observation }) => {
      const { tick, at, body } = observation ?? {};
      return { id, version, next_tick_at: nextTickAt, ramp, evidence, tick, at, body };
    });
    const saved = await clientOf(tx).$queryRaw<readonly { readonly id: string }[]>`
      WITH waits AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS waited (id uuid, version int, next_tick_at timestamptz(3), ramp jsonb, evidence jsonb, tick int,
            at timestamptz(3), body jsonb)),
      held AS (
        SELECT rollout.id FROM rollout JOIN waits USING (id, version)
        WHERE rollout.status = 'running'
        FOR NO KEY UPDATE OF rollout SKIP LOCKED),
      saved AS (
        UPDATE rollout
        SET version = waits.version + 1, next_tick_at = waits.next_tick_at, ramp = waits.ramp,
          evidence = coalesce(waits.evidence, rollout.evidence)
        FROM waits JOIN held USING (id)
        WHERE rollout.id = waits.id
        RETURNING rollout.id),
      measured AS (
        INSERT INTO rollout_observation (rollout_id, tick, at, body)
        SELECT id, tick, at, body FROM waits JOIN saved USING (id) WHERE body IS NOT NULL)
      SELECT id FROM saved`;
    return new Set(saved.map(({ id }) => id));
  }

  /**
   * Keeps ticks from moving any rollout of an environment until the transaction ends, so that a person's command never
   * loses to one. Always in the same order, and before anything is put on record.
   */
  async lockRunning(tx: Transaction, environmentId: string): Promise<void> {
    await clientOf(tx).$queryRaw`
      SELECT FROM rollout WHERE environment_id = ${environmentId}::uuid AND status = 'running' ORDER BY id FOR UPDATE`;
  }

  /**
   * Keeps others from moving a rollout until the transaction ends; throws `conflict` when it is not as it was read. A
   * worker that wakes after its attempt has ended, or beside another at the same tick, gets no further than this.
   */
  async lock(tx: Transaction, { id, version }: Rollout): Promise<void> {
    const rows = await clientOf(tx).$queryRaw<readonly unknown[]>`
      SELECT FROM rollout WHERE id = ${id}::uuid AND version = ${version} AND status = 'running' FOR UPDATE`;
    if (rows.length === 0) throw conflict('ROLLOUT_MOVED', 'The rollout moved at the same moment; look again.');
  }

  /** Refused by the store when the attempt is over, or after a bad verdict. */
  async insertVerdict(tx: Transaction, verdict: VerdictRecord): Promise<void> {
    await clientOf(tx).verdict.create({ data: { ...verdict, metrics: json(verdict.metrics) } });
  }

  /** Refused by the store as insertVerdict is. */
  async insertObservation(tx: Transaction, observation: ObservationRecord): Promise<void> {
    // Many of one: nobody needs the body back.
    await clientOf(tx).rolloutObservation.createMany({ data: { ...observation, body: json(observation.body) } });
  }

  /** Forgets what was measured of rollouts that ended before a moment, up to so many rows; says how many. */
  forgetObservations(tx: Transaction, endedBefore: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM rollout_observation
      WHERE (rollout_id, tick) IN (
        SELECT rollout_id, tick FROM rollout_observation JOIN rollout ON rollout.id = rollout_id
        WHERE rollout.finished_at < ${endedBefore}::timestamptz
        ORDER BY rollout.finished_at, tick LIMIT ${limit} FOR UPDATE OF rollout_observation SKIP LOCKED)`;
  }

  async listVerdicts(tx: Transaction, rolloutId: string): Promise<readonly VerdictRecord[]> {
    const rows = await clientOf(tx).verdict.findMany({ where: { rolloutId }, orderBy: { tick: 'asc' } });
    return rows.map(toVerdict);
  }

  async lastVerdict(tx: Transaction, rolloutId: string): Promise<VerdictRecord | null> {
    const row = await clientOf(tx).verdict.findFirst({ where: { rolloutId }, orderBy: { tick: 'desc' } });
    return row === null ? null : toVerdict(row);
  }

  async listObservations(tx: Transaction, rolloutId: string): Promise<readonly ObservationRecord[]> {
    const rows = await clientOf(tx).rolloutObservation.findMany({ where: { rolloutId }, orderBy: { tick: 'asc' } });
    return rows.map(toObservation);
  }

  /** What the ticks behind one measured, in order, at most so many. */
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
    return rows.map(toObservation);
  }

  /** What was measured last; null before the first, and once it is forgotten. */
  async lastObservation(tx: Transaction, rolloutId: string): Promise<ObservationRecord | null> {
    const row = await clientOf(tx).rolloutObservation.findFirst({ where: { rolloutId }, orderBy: { tick: 'desc' } });
    return row === null ? null : toObservation(row);
  }
}

/** What the pure files of this folder make is JSON by construction. */
function json(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

function toRow(rollout: Rollout): Prisma.RolloutCreateManyInput {
  const { policy, targets, ramp, evidence } = rollout;
  return {
    ...rollout,
    policy: json(policy),
    targets: json(targets),
    ramp: json(ramp),
    evidence: json(evidence),
  };
}

function toRollout({ traceparent: _traceparent, ...row }: Row): Rollout {
  return {
    ...row,
    // Only what toRow was given is ever stored.
    status: row.status as RolloutStatus,
    policy: row.policy as unknown as PolicyDocument,
    targets: row.targets as unknown as readonly RampTarget[],
    ramp: row.ramp as unknown as Ramp,
    evidence: row.evidence as unknown as Evidence,
  };
}

function toObservation(row: ObservationRow): ObservationRecord {
  // As above.
  return { ...row, body: row.body as unknown as Observation };
}

function toVerdict(row: VerdictRow): VerdictRecord {
  // As above.
  return { ...row, state: row.state as MetricState, metrics: row.metrics as unknown as readonly MetricResult[] };
}
