import type { MetricResult, Rollout } from '../rollouts/index.js';
import type { Release, StartApproval } from './release.js';

/** A release as callers see it: with its present attempt, and who has approved it. */
export type ReleaseView = Omit<Release, 'naturalKey'> & {
  /** Keys of where it belongs. */
  readonly project: string;
  readonly environment: string;
  readonly approvals: readonly Omit<StartApproval, 'contentHash'>[];
  readonly rollout: RolloutView | null;
};

/** The ramp of a release's newest attempt. */
export interface RolloutView {
  readonly id: string;
  readonly attempt: number;
  readonly status: Rollout['status'];
  readonly stepIndex: number;
  readonly steps: number;
  /** Asked for, in thousandths of a percent. */
  readonly share: number;
  readonly phase: Rollout['ramp']['phase'];
  /** The environment's revision that carries the share. */
  readonly revision: number;
  /** When the share was asked for. */
  readonly askedAt: string;
  readonly since: string | null;
  readonly reason: Rollout['ramp']['reason'];
  readonly paused: Rollout['ramp']['paused'];
  readonly approvals: Rollout['ramp']['approvals'];
  readonly outageSince: string | null;
  /** What routers that are no SDK did with the share, as of the last look. */
  readonly traffic: Rollout['ramp']['traffic'];
  /** Every metric as it stood at the last tick, against its limit. */
  readonly metrics: readonly MetricResult[];
  readonly verdict: Rollout['evidence']['state'];
  /** When it is looked at next. */
  readonly nextLookAt: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export function toReleaseView(
  { naturalKey: _naturalKey, ...release }: Release,
  parts: {
    readonly project: string;
    readonly environment: string;
    readonly rollout: Rollout | null;
    readonly approvals: readonly StartApproval[];
  },
): ReleaseView {
  const approvals = parts.approvals.filter(({ contentHash }) => contentHash === release.contentHash);
  return {
    ...release,
    // The ramp knows better than the release what it waits for, and for whom.
    reason: parts.rollout?.status === 'running' ? parts.rollout.ramp.reason : release.reason,
    project: parts.project,
    environment: parts.environment,
    approvals: approvals.map(({ actorId, actorName, comment, at }) => ({ actorId, actorName, comment, at })),
    rollout: parts.rollout && toRolloutView(parts.rollout),
  };
}

function toRolloutView(rollout: Rollout): RolloutView {
  const { id, attempt, status, policy, ramp, evidence, nextTickAt, startedAt, finishedAt } = rollout;
  const { stepIndex, share, phase, revision, askedAt, since, reason, paused, approvals, outageSince, traffic } = ramp;
  return {
    id,
    attempt,
    status,
    stepIndex,
    steps: policy.steps.length,
    share,
    phase,
    revision,
    askedAt,
    since,
    reason,
    paused,
    approvals,
    outageSince,
    traffic,
    metrics: evidence.results,
    verdict: evidence.state,
    nextLookAt: nextTickAt,
    startedAt,
    finishedAt,
  };
}
