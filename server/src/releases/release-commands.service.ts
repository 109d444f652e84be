import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { RequestContext } from '../kernel/request-context.js';
import { endSentence } from '../kernel/sentence.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { EnvironmentRevisions } from '../projects/index.js';
import { type Rollout, Rollouts, RolloutsReader, type Skip } from '../rollouts/index.js';
import { ReleaseApprovals } from './release-approvals.service.js';
import { isUnderWay, requireTransition, standsOtherwise } from './release-machine.js';
import { ReleaseRecord } from './release-record.service.js';
import { ReleaseStarts, type StartOptions } from './release-starts.service.js';
import type { ReleaseView } from './release-view.js';
import { keysOf, type PlacedRelease, ReleasesReader } from './releases-reader.service.js';
import { ReleasesRepository } from './releases.repository.js';

/** What people and pipelines do to a release. Each is one transaction over all that the release changes. */
@Injectable()
export class ReleaseCommands {
  // Ten: commands meet approvals, starts and the running rollout, and are on record.
  constructor(
    private readonly transactions: Transactions,
    private readonly revisions: EnvironmentRevisions,
    private readonly reader: ReleasesReader,
    private readonly releases: ReleasesRepository,
    private readonly approvals: ReleaseApprovals,
    private readonly starts: ReleaseStarts,
    private readonly rollouts: Rollouts,
    private readonly running: RolloutsReader,
    private readonly record: ReleaseRecord,
    private readonly clock: Clock,
  ) {}

  /** Begins the first attempt, or a new one after one that ended badly. */
  start(ctx: RequestContext, id: string, options: StartOptions): Promise<ReleaseView> {
    return this.command(ctx, id, async (tx, { release, environment }) => {
      const place = { environment, project: { id: release.projectId, key: environment.projectKey } };
      await this.starts.start(tx, ctx, { release, place }, options);
    });
  }

  /** Gives a person's leave to start, or to go on from the step it is at (ReleaseApprovals). */
  approve(ctx: RequestContext, id: string, comment: string): Promise<ReleaseView> {
    return this.command(ctx, id, (tx, { release }) => this.approvals.approve(tx, ctx, release, comment));
  }

  pause(ctx: RequestContext, id: string, reason: string): Promise<ReleaseView> {
    return this.onRollout(ctx, id, (tx, rollout) => this.rollouts.pause(tx, ctx, rollout, reason));
  }

  resume(ctx: RequestContext, id: string): Promise<ReleaseView> {
    return this.onRollout(ctx, id, (tx, rollout) => this.rollouts.resume(tx, ctx, rollout));
  }

  /** Goes to the next step, or to the last, without waiting for evidence. */
  skip(ctx: RequestContext, id: string, skip: Skip): Promise<ReleaseView> {
    return this.onRollout(ctx, id, (tx, rollout) => this.rollouts.skip(tx, ctx, rollout, skip));
  }

  /** Gives a release up: what an attempt moved is put back; the builds are not held against anybody. */
  abort(ctx: RequestContext, id: string, reason: string): Promise<ReleaseView> {
    return this.command(ctx, id, async (tx, { release }) => {
      const sentence = endSentence(`Aborted by ${ctx.actor.name}: ${reason}`);
      const why = { code: 'ABORTED_BY_HAND', sentence } as const;
      if (isUnderWay(release.status)) {
        const rollout = await this.running.requireRunning(tx, release.id);
        await this.rollouts.end(tx, ctx, rollout, { status: 'aborted', reason: why });
        return;
      }
      requireTransition(release.status, 'aborted');
      const now = this.clock.now();
      const after = await this.releases.save(tx, { ...release, status: 'aborted', reason: why, finishedAt: now });
      await this.record.changed(tx, ctx, 'aborted', { before: release, after });
    });
  }

  /** Puts everything back because it is bad: the builds are remembered as such. */
  rollBack(ctx: RequestContext, id: string, reason: string): Promise<ReleaseView> {
    const sentence = endSentence(`Rolled back by ${ctx.actor.name}: ${reason}`);
    const end = { status: 'rolledBack', reason: { code: 'ROLLED_BACK_BY_HAND', sentence } } as const;
    return this.onRollout(ctx, id, (tx, rollout) => this.rollouts.end(tx, ctx, rollout, end));
  }

  private onRollout(
    ctx: RequestContext,
    id: string,
    work: (tx: Transaction, rollout: Rollout) => Promise<unknown>,
  ): Promise<ReleaseView> {
    return this.command(ctx, id, async (tx, { release }) => {
      if (!isUnderWay(release.status)) throw standsOtherwise(release.status);
      await work(tx, await this.running.requireRunning(tx, release.id));
    });
  }

  private command(
    ctx: RequestContext,
    id: string,
    work: (tx: Transaction, placed: PlacedRelease) => Promise<void>,
  ): Promise<ReleaseView> {
    return this.transactions.run(async (tx) => {
      const { environment } = await this.reader.require(tx, ctx, id);
      await this.revisions.lock(tx, environment.id);
      await this.rollouts.hold(tx, environment.id);
      // Once more, for what was read before the lock may have moved.
      await work(tx, await this.reader.require(tx, ctx, id));
      const { release } = await this.reader.require(tx, ctx, id);
      return this.reader.view(tx, release, keysOf(environment));
    });
  }
}
