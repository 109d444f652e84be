import { Injectable } from '@nestjs/common';
import { TokenKinship } from '../auth/index.js';
import { Clock } from '../kernel/clock.js';
import { conflict, forbidden } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { Rollouts, RolloutsReader } from '../rollouts/index.js';
import { ApprovalsRepository } from './approvals.repository.js';
import type { Release } from './release.js';
import { isSettled, isUnderWay, standsOtherwise } from './release-machine.js';
import { ReleaseRecord } from './release-record.service.js';
import { ReleasesRepository } from './releases.repository.js';

const ELSE = 'another person must, with a token or an account that neither of you made for the other.';

/** Leave that people give each other's releases: to start, and to go on from a step. */
@Injectable()
export class ReleaseApprovals {
  // Seven: leave to start is kept with the release, leave to go on with its rollout.
  constructor(
    private readonly kinship: TokenKinship,
    private readonly releases: ReleasesRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly rollouts: Rollouts,
    private readonly running: RolloutsReader,
    private readonly record: ReleaseRecord,
    private readonly clock: Clock,
  ) {}

  /**
   * One person's leave: to start, or to go on from the step it is at. Bound to what the release says now, never the
   * leave of who asked for it, and one leave however many tokens a person has, as far as tokens tell.
   */
  async approve(tx: Transaction, ctx: RequestContext, release: Release, comment: string): Promise<void> {
    if (isSettled(release.status)) throw standsOtherwise(release.status);
    if (await this.kinship.isAnyOf(tx, ctx.actor.id, [release.createdBy])) {
      throw forbidden('OWN_RELEASE', `You asked for this release, with this token or one of kin to it; ${ELSE}`);
    }
    if (!isUnderWay(release.status)) return this.approveStart(tx, ctx, release, comment);
    const rollout = await this.running.requireRunning(tx, release.id);
    await this.requireNew(
      tx,
      ctx,
      rollout.ramp.approvals.map(({ actorId }) => actorId),
    );
    await this.rollouts.approve(tx, ctx, rollout, comment);
  }

  private async approveStart(tx: Transaction, ctx: RequestContext, before: Release, comment: string): Promise<void> {
    const { contentHash } = before;
    const given = (await this.approvals.list(tx, before.id)).filter((each) => each.contentHash === contentHash);
    await this.requireNew(
      tx,
      ctx,
      given.map(({ actorId }) => actorId),
    );
    const { id: actorId, name: actorName } = ctx.actor;
    await this.approvals.insert(tx, before.id, { actorId, actorName, contentHash, comment, at: this.clock.now() });
    const after = await this.releases.save(tx, before);
    await this.record.changed(tx, ctx, 'approved', { before, after });
  }

  private async requireNew(tx: Transaction, ctx: RequestContext, given: readonly string[]): Promise<void> {
    if (!(await this.kinship.isAnyOf(tx, ctx.actor.id, given))) return;
    throw conflict('APPROVED_ALREADY', `You have approved this already, with this token or one of kin to it; ${ELSE}`);
  }
}
