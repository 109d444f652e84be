import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { ServicesReader } from '../deployments/index.js';
import { EventLog, type EventType } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { isHolding, type Rollout, RolloutListeners, type RolloutMove } from '../rollouts/index.js';
import { FlagDebt } from './flag-debt.service.js';
import { moveAction } from './move-action.js';
import { RejectionsRepository } from './rejections.repository.js';
import type { Release } from './release.js';
import { eventOf } from './release-event.js';
import { type ReleaseStatus, requireTransition } from './release-machine.js';
import { ReleasesRepository } from './releases.repository.js';

/** Found bad, by evidence or by a person. What was only not known in time may be tried again. */
const BAD: ReadonlySet<string> = new Set(['EVIDENCE_BAD', 'ROLLED_BACK_BY_HAND']);

/** Keeps a release where its rollout is, in the same transaction, and tells of it. */
@Injectable()
export class ReleaseFollower implements OnModuleInit {
  // Eight, for the end of a rollout is told to builds, flags, whoever listens and the record.
  constructor(
    private readonly listeners: RolloutListeners,
    private readonly releases: ReleasesRepository,
    private readonly rejections: RejectionsRepository,
    private readonly services: ServicesReader,
    private readonly debt: FlagDebt,
    private readonly events: EventLog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.listeners.register((tx, ctx, move) => this.follow(tx, ctx, move));
  }

  private async follow(tx: Transaction, ctx: RequestContext, move: RolloutMove): Promise<void> {
    const { after: rollout, isPage } = move;
    const before = await this.releases.find(tx, rollout.releaseId);
    if (before === null) return;
    const status = statusOf(rollout);
    if (status !== before.status) requireTransition(before.status, status);
    const { reason } = rollout.ramp;
    const after = await this.releases.save(tx, { ...before, status, reason, finishedAt: rollout.finishedAt });
    if (BAD.has(reason.code)) await this.rejectBuilds(tx, after);
    if (after.status === 'released') await this.debt.begin(tx, ctx, after);
    const now = this.clock.now();
    const { share, stepIndex } = rollout.ramp;
    for (const type of eventTypesOf(move, before.status)) {
      await this.events.append(tx, eventOf(type, after, now, { share, stepIndex, isPage }));
    }
    for (const event of serviceEventsOf(after, now)) await this.events.append(tx, event);
    const subject = `release/${after.id}`;
    const standing = ({ status: now, ramp }: Rollout): object => ({
      status: now,
      share: ramp.share,
      reason: ramp.reason,
    });
    await this.audit.record(tx, ctx, `release.${moveAction(move)}`, {
      projectId: after.projectId,
      subject,
      before: standing(move.before),
      after: standing(rollout),
    });
  }

  /** A build that was rolled back is remembered, so that the next pipeline that asks for it learns why it cannot. */
  private async rejectBuilds(tx: Transaction, release: Release): Promise<void> {
    const { environmentId, projectId, id: releaseId, reason, changes } = release;
    for (const change of changes) {
      if (change.kind !== 'service') continue;
      const { service: key, digest, version } = change;
      const { serviceId } = await this.services.artifact(tx, projectId, key, version);
      const at = this.clock.now();
      await this.rejections.remember(tx, {
        environmentId,
        serviceId,
        digest,
        version,
        releaseId,
        reason: reason.sentence,
        at,
      });
    }
  }
}

function statusOf({ status, ramp }: Rollout): ReleaseStatus {
  if (status !== 'running') return status;
  return isHolding(ramp.reason) ? 'holding' : 'running';
}

function eventTypesOf(move: RolloutMove, was: ReleaseStatus): readonly EventType[] {
  const { before, after, isPage } = move;
  switch (after.status) {
    case 'released':
      return ['dev.sluice.release.released'];
    case 'rolledBack':
      return after.ramp.reason.code === 'EVIDENCE_BAD'
        ? ['dev.sluice.rollout.verdict', 'dev.sluice.release.rolledback']
        : ['dev.sluice.release.rolledback'];
    case 'aborted':
      return ['dev.sluice.release.aborted'];
    case 'superseded':
      return ['dev.sluice.release.superseded'];
    case 'running':
  }
  const { code } = after.ramp.reason;
  if (code === 'PROMOTED_BY_HAND') return ['dev.sluice.release.promoted'];
  if (after.ramp.stepIndex !== before.ramp.stepIndex) return ['dev.sluice.release.advanced'];
  if (code === 'PAUSED') return ['dev.sluice.release.paused'];
  if (after.ramp.approvals.length > before.ramp.approvals.length) return ['dev.sluice.release.approved'];
  if (isHolding(after.ramp.reason) || isPage) return ['dev.sluice.release.holding'];
  return was === 'holding' ? ['dev.sluice.release.resumed'] : [];
}

/** In the words of CDEvents: a service that everybody has the candidate of was upgraded, one put back rolled back. */
function serviceEventsOf(release: Release, at: Date): readonly Parameters<EventLog['append']>[1][] {
  const type =
    release.status === 'released'
      ? 'dev.cdevents.service.upgraded.0.2.0'
      : release.status === 'rolledBack'
        ? 'dev.cdevents.service.rolledback.0.2.0'
        : undefined;
  if (type === undefined) return [];
  const { projectId, environmentId, changes, id: releaseId } = release;
  return changes.flatMap((change) => {
    if (change.kind !== 'service') return [];
    const { service, version, digest } = change;
    return [
      { projectId, environmentId, type, subject: `service/${service}`, data: { version, digest, releaseId }, at },
    ];
  });
}
