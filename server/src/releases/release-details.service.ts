import { Injectable } from '@nestjs/common';
import { EventsReader } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import {
  type ComparedMetric,
  type EvidenceSeries,
  type Rollout,
  RolloutEvidence,
  RolloutPreviews,
  RolloutsReader,
  type TargetChange,
} from '../rollouts/index.js';
import { ReachReader, type RevisionReach } from '../telemetry/index.js';
import type { Release } from './release.js';
import { isUnderWay } from './release-machine.js';
import { type PlacedRelease, ReleasesReader } from './releases-reader.service.js';
import { type StepEntry, stepTimeline, type TimelineStep } from './step-timeline.js';

/** Moves of one attempt that are looked at, at most. */
const MAX_MOVES = 1_000;

/** How far the share that a release asks for has come. */
export interface ReleaseReach extends RevisionReach {
  /** The environment's revision that carries the share. */
  readonly revision: number;
  /** From when it was asked for until instances served it, in milliseconds; null where none serves just it. */
  readonly propagationMs: { readonly p50: number; readonly p99: number } | null;
}

/** An attempt of a release, in short. */
export interface ReleaseAttempt {
  readonly attempt: number;
  readonly status: Rollout['status'];
  /** The step that it came to, from 0, and that step's share. */
  readonly stepIndex: number;
  readonly share: number;
  readonly reason: Rollout['ramp']['reason'];
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

/** Answers what the page of one release shows beside the release itself. */
@Injectable()
export class ReleaseDetails {
  // Eight, for the page of a release shows what half of the product knows of it.
  constructor(
    private readonly transactions: Transactions,
    private readonly releases: ReleasesReader,
    private readonly rollouts: RolloutsReader,
    private readonly evidenceOf: RolloutEvidence,
    private readonly previews: RolloutPreviews,
    private readonly reaches: ReachReader,
    private readonly events: EventsReader,
    private readonly clock: Clock,
  ) {}

  /**
   * What it changes, before and after, in the order of its changes: from when its newest attempt began, else from now.
   * What cannot be told, such as of a flag that is gone, is left out.
   */
  diff(ctx: RequestContext, id: string): Promise<readonly TargetChange[]> {
    return this.of(ctx, id, async (tx, { release, environment }, rollout) => {
      if (rollout !== null) return this.previews.changesOf(rollout);
      const project = { id: release.projectId, key: environment.projectKey };
      const foreseen = await this.previews.foresee(
        tx,
        { project, environment },
        { targets: release.changes, policy: release.policy },
      );
      return foreseen.flatMap((each) => (each.kind === 'change' ? [each.change] : []));
    });
  }

  /** Null where no share is on its way: the release is not under way. */
  reach(ctx: RequestContext, id: string): Promise<ReleaseReach | null> {
    return this.of(ctx, id, async (tx, { release }, rollout) => {
      if (rollout === null || !isUnderWay(release.status)) return null;
      const { environmentId, ramp } = rollout;
      const { revision } = ramp;
      const reach = await this.reaches.reach(tx, environmentId, revision);
      const asked = { revision, askedAt: new Date(ramp.askedAt) };
      return { ...reach, revision, propagationMs: await this.reaches.propagation(tx, environmentId, asked) };
    });
  }

  /** Every metric of the newest attempt as it stood at its last look, with the difference of its arms. */
  metrics(ctx: RequestContext, id: string): Promise<readonly ComparedMetric[]> {
    return this.of(ctx, id, async (tx, _placed, rollout) =>
      rollout === null ? [] : this.evidenceOf.metrics(tx, rollout),
    );
  }

  /** How the evidence of every metric of an attempt grew, of the newest unless said; at most so many points each. */
  async evidence(
    ctx: RequestContext,
    id: string,
    { attempt, points }: { readonly attempt?: number | undefined; readonly points: number },
  ): Promise<readonly EvidenceSeries[]> {
    const rollout = await this.transactions.read(async (tx) => {
      const { release } = await this.releases.require(tx, ctx, id);
      return this.attemptOf(tx, release, attempt);
    });
    return rollout === null ? [] : this.evidenceOf.series(rollout, points);
  }

  /** The steps of an attempt, of the newest unless said, as planned and as they came; none before the first. */
  timeline(ctx: RequestContext, id: string, attempt?: number): Promise<readonly TimelineStep[]> {
    return this.transactions.read(async (tx) => {
      const { release } = await this.releases.require(tx, ctx, id);
      const rollout = await this.attemptOf(tx, release, attempt);
      if (rollout === null) return [];
      return stepTimeline(rollout, await this.entriesOf(tx, rollout), this.clock.now());
    });
  }

  /** Every attempt, oldest first. */
  attempts(ctx: RequestContext, id: string): Promise<readonly ReleaseAttempt[]> {
    return this.transactions.read(async (tx) => {
      const { release } = await this.releases.require(tx, ctx, id);
      const attempts = await this.rollouts.allAttempts(tx, [release.id]);
      return attempts.map(({ attempt, status, policy, ramp, startedAt, finishedAt }) => {
        const { stepIndex, reason } = ramp;
        const share = policy.steps[stepIndex]?.share ?? ramp.share;
        return { attempt, status, stepIndex, share, reason, startedAt, finishedAt };
      });
    });
  }

  /** The steps that an attempt went to, as its events tell while they are kept. */
  private async entriesOf(tx: Transaction, rollout: Rollout): Promise<readonly StepEntry[]> {
    const { projectId, releaseId, attempt, startedAt: since } = rollout;
    const subject = `release/${releaseId}`;
    const events = await this.events.listOfSubject(tx, projectId, { subject, since, limit: MAX_MOVES });
    return events.flatMap(({ data, at }) =>
      data['attempt'] === attempt && typeof data['stepIndex'] === 'number'
        ? [{ stepIndex: data['stepIndex'], at }]
        : [],
    );
  }

  private async attemptOf(tx: Transaction, release: Release, attempt = release.attempt): Promise<Rollout | null> {
    if (attempt === 0) return null;
    const rollout = await this.rollouts.attempt(tx, release.id, attempt);
    if (rollout !== null) return rollout;
    const message = `Release ${release.id} has no attempt ${attempt}; it has made ${release.attempt}.`;
    throw notFound('ATTEMPT_NOT_FOUND', message);
  }

  private of<T>(
    ctx: RequestContext,
    id: string,
    answer: (tx: Transaction, placed: PlacedRelease, rollout: Rollout | null) => Promise<T>,
  ): Promise<T> {
    return this.transactions.read(async (tx) => {
      const placed = await this.releases.require(tx, ctx, id);
      return answer(tx, placed, await this.attemptOf(tx, placed.release));
    });
  }
}
