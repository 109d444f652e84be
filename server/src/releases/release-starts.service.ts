import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { ServicesReader } from '../deployments/index.js';
import { EventLog } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { conflict } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { type Rollout, type RolloutPlace, Rollouts, RolloutsReader } from '../rollouts/index.js';
import { ApprovalsRepository } from './approvals.repository.js';
import { RejectionsRepository } from './rejections.repository.js';
import { type Release, sharedSubjects } from './release.js';
import { eventOf } from './release-event.js';
import { startObstacle } from './release-abilities.js';
import { requireTransition } from './release-machine.js';
import { ReleasesRepository } from './releases.repository.js';

/** What a start is allowed to pass over. */
export interface StartOptions {
  /** Why builds that were rolled back are tried again; null: they are refused. */
  readonly overrideRejection: string | null;
}

/**
 * Begins attempts of releases, inside a transaction that has locked the environment. What stands in the way is told
 * before anything moves.
 */
@Injectable()
export class ReleaseStarts {
  // Nine, because a start asks everybody who may object: approvals, freezes, rejected builds, releases under way.
  constructor(
    private readonly releases: ReleasesRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly rejections: RejectionsRepository,
    private readonly rollouts: Rollouts,
    private readonly running: RolloutsReader,
    private readonly services: ServicesReader,
    private readonly events: EventLog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Starts a release, or queues it behind those that must end first. Throws `precondition` and `conflict` with what
   * stands in the way and what can be done.
   */
  async start(
    tx: Transaction,
    ctx: RequestContext,
    { release, place }: { readonly release: Release; readonly place: RolloutPlace },
    { overrideRejection }: StartOptions,
  ): Promise<Release> {
    await this.requireLeave(tx, release);
    await this.requireUnrejected(tx, ctx, release, overrideRejection);
    const others = await this.others(tx, release);
    const rivals = others.filter((other) => sharedSubjects(release, other.release).length > 0);
    const ahead = (await this.releases.listQueued(tx, release.environmentId)).filter(
      (queued) => isAhead(queued, release) && sharedSubjects(release, queued).length > 0,
    );
    const waitedFor = [...rivals.map((rival) => rival.release), ...ahead].find(
      ({ policy }) => policy.onNewer === 'queue',
    );
    if (waitedFor !== undefined) return this.queue(tx, ctx, release, waitedFor);
    for (const queued of ahead) await this.passOver(tx, ctx, queued, release);
    for (const rival of rivals) await this.supersede(tx, ctx, rival, release);
    const beside = others.filter((other) => !rivals.includes(other)).map((other) => other.release.id);
    await this.releases.noteConfounder(tx, beside, release.id);
    return this.begin(tx, ctx, { release, place }, beside);
  }

  /** Refuses builds that were rolled back here; with a reason they are forgiven, and that is on record. */
  async requireUnrejected(
    tx: Transaction,
    ctx: RequestContext,
    release: Release,
    override: string | null,
  ): Promise<void> {
    for (const change of release.changes) {
      if (change.kind !== 'service') continue;
      const { service, version, digest } = change;
      const { serviceId } = await this.services.artifact(tx, release.projectId, service, version);
      const rejection = await this.rejections.find(tx, { environmentId: release.environmentId, serviceId, digest });
      if (rejection === null) continue;
      if (override !== null) {
        await this.rejections.forget(tx, rejection);
        await this.audit.record(tx, ctx, 'release.rejection.overridden', {
          projectId: release.projectId,
          subject: `service/${service}`,
          before: rejection,
          after: { releaseId: release.id, overrideRejection: override },
        });
        continue;
      }
      const message =
        `${service} ${version} was rolled back here on ${rejection.at.toISOString()}: ${rejection.reason} ` +
        'Build a new one, or say in "overrideRejection" why this one should be tried again.';
      throw conflict('DIGEST_REJECTED', message, { data: { releaseId: rejection.releaseId, digest } });
    }
  }

  private async begin(
    tx: Transaction,
    ctx: RequestContext,
    { release, place }: { readonly release: Release; readonly place: RolloutPlace },
    beside: readonly string[],
  ): Promise<Release> {
    requireTransition(release.status, 'running');
    const now = this.clock.now();
    const attempt = release.attempt + 1;
    const sentence = `Attempt ${attempt} was started by ${ctx.actor.name}.`;
    // First, because the store takes no rollout of an attempt that its release is not at.
    const after = await this.releases.save(tx, {
      ...release,
      attempt,
      status: 'running',
      reason: { code: 'STARTED', sentence },
      startedAt: release.startedAt ?? now,
      finishedAt: null,
      confoundedBy: [...new Set([...release.confoundedBy, ...beside])],
    });
    const { policy, changes: targets } = release;
    await this.rollouts.start(tx, ctx, { releaseId: release.id, attempt, place, policy, targets });
    await this.tell(tx, ctx, 'started', { before: release, after });
    return after;
  }

  private async queue(tx: Transaction, ctx: RequestContext, release: Release, behind: Release): Promise<Release> {
    if (release.status === 'queued') return release;
    requireTransition(release.status, 'queued');
    const sentence = `Waits for "${behind.name}" (${behind.id}), whose policy lets it finish.`;
    const after = await this.releases.save(tx, { ...release, status: 'queued', reason: { code: 'QUEUED', sentence } });
    await this.tell(tx, ctx, 'queued', { before: release, after });
    return after;
  }

  private async supersede(tx: Transaction, ctx: RequestContext, rival: UnderWay, by: Release): Promise<void> {
    const reason = { code: 'SUPERSEDED', sentence: supersededBy(by) } as const;
    await this.rollouts.end(tx, ctx, rival.rollout, { status: 'superseded', reason });
    const ended = await this.releases.find(tx, rival.release.id);
    if (ended !== null) await this.releases.save(tx, { ...ended, supersededBy: by.id });
  }

  /** A release that waits for its turn would otherwise undo, when it comes, the newer one that went first. */
  private async passOver(tx: Transaction, ctx: RequestContext, before: Release, by: Release): Promise<void> {
    const reason = { code: 'SUPERSEDED', sentence: supersededBy(by) } as const;
    const finishedAt = this.clock.now();
    const ended = { ...before, status: 'superseded', reason, finishedAt, supersededBy: by.id } as const;
    await this.tell(tx, ctx, 'superseded', { before, after: await this.releases.save(tx, ended) });
  }

  private async others(tx: Transaction, release: Release): Promise<readonly UnderWay[]> {
    const running = await this.running.running(tx, release.environmentId);
    const rollouts = running.filter(({ releaseId }) => releaseId !== release.id);
    const found = await this.releases.listById(
      tx,
      rollouts.map(({ releaseId }) => releaseId),
    );
    const releases = new Map(found.map((each) => [each.id, each]));
    return rollouts.flatMap((rollout) => {
      const other = releases.get(rollout.releaseId);
      return other === undefined ? [] : [{ rollout, release: other }];
    });
  }

  private async requireLeave(tx: Transaction, { id, policy, contentHash }: Release): Promise<void> {
    const found = policy.approvalsToStart > 0 ? await this.approvals.list(tx, id) : [];
    const given = found.filter((each) => each.contentHash === contentHash).length;
    const obstacle = startObstacle(policy, given, this.clock.now());
    if (obstacle !== undefined) throw obstacle;
  }

  private async tell(
    tx: Transaction,
    ctx: RequestContext,
    what: 'started' | 'queued' | 'superseded',
    { before, after }: { readonly before: Release; readonly after: Release },
  ): Promise<void> {
    await this.events.append(tx, eventOf(`dev.sluice.release.${what}`, after, this.clock.now()));
    const subject = `release/${after.id}`;
    await this.audit.record(tx, ctx, `release.${what}`, { projectId: after.projectId, subject, before, after });
  }
}

interface UnderWay {
  readonly rollout: Rollout;
  readonly release: Release;
}

/** Whether a queued release comes before another: before any that does not wait yet, and before younger ones that do. */
function isAhead(queued: Release, { id, status }: Release): boolean {
  return queued.id !== id && (status !== 'queued' || queued.id < id);
}

function supersededBy({ id, name }: Release): string {
  return `"${name}" (${id}) is newer and changes the same.`;
}
