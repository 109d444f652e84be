import { precondition, type SluiceError } from '../kernel/errors.js';
import { freezeAt, type PolicyDocument } from '../policies/index.js';
import { type Rollout, skipObstacle, type Skipping } from '../rollouts/index.js';
import type { Release } from './release.js';
import { canBecome, isSettled, isUnderWay, type ReleaseStatus, standsOtherwise } from './release-machine.js';

/** What can be done to a release. `promote` goes to the last step, `advance` to the next. */
export const RELEASE_ACTIONS = [
  'approve',
  'start',
  'pause',
  'resume',
  'advance',
  'promote',
  'abort',
  'rollBack',
] as const;
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number];

/** What a release's state lets be done to it. */
export interface ReleaseAbility {
  readonly action: ReleaseAction;
  readonly isAllowed: boolean;
  /** Why not, for people; null where it is allowed. */
  readonly reason: string | null;
}

/** What of a running attempt abilities are told from. */
type AbleRollout = Skipping & { readonly ramp: Pick<Rollout['ramp'], 'paused'> };

/** What abilities are told from. */
export interface Actionable {
  readonly release: Pick<Release, 'status' | 'policy'>;
  /** Approvals to start that are of its present content. */
  readonly approvals: number;
  /** The running attempt; null where none is. */
  readonly rollout: AbleRollout | null;
  readonly now: Date;
}

/**
 * What can be done to a release as it stands, and what stands in the way of the rest. Says nothing of who asks, of
 * rejected builds and of certificates: these are told when it is tried.
 */
export function releaseAbilities(actionable: Actionable): readonly ReleaseAbility[] {
  return RELEASE_ACTIONS.map((action) => {
    const obstacle = obstacleTo(action, actionable);
    return { action, isAllowed: obstacle === undefined, reason: obstacle?.message ?? null };
  });
}

/** What its policy asks for before a release starts: approvals, and no freeze; undefined when nothing is in the way. */
export function startObstacle(policy: PolicyDocument, approvals: number, now: Date): SluiceError | undefined {
  if (approvals < policy.approvalsToStart) {
    const needed = policy.approvalsToStart;
    const message = `The release has ${approvals} of the ${needed} approvals that its policy asks for to start.`;
    return precondition('APPROVAL_MISSING', message, { data: { given: approvals, needed } });
  }
  const freeze = freezeAt(policy.freezeWindows, now);
  if (freeze === undefined) return undefined;
  const until = freeze.until.toISOString();
  const message = `Frozen (${freeze.name}): releases may start again from ${until}.`;
  return precondition('FROZEN', message, { data: { until } });
}

function obstacleTo(action: ReleaseAction, { release, approvals, rollout, now }: Actionable): SluiceError | undefined {
  const { status, policy } = release;
  switch (action) {
    case 'approve':
      return isSettled(status) ? standsOtherwise(status) : approvalObstacle(policy, approvals, rollout);
    case 'start':
      return canStart(status) ? startObstacle(policy, approvals, now) : standsOtherwise(status);
    case 'abort':
      return canBecome(status, 'aborted') ? undefined : standsOtherwise(status);
    case 'pause':
    case 'resume':
    case 'advance':
    case 'promote':
    case 'rollBack':
      return isUnderWay(status) && rollout !== null ? rampObstacle(action, rollout, now) : standsOtherwise(status);
  }
}

function rampObstacle(
  action: 'pause' | 'resume' | 'advance' | 'promote' | 'rollBack',
  rollout: AbleRollout,
  now: Date,
): SluiceError | undefined {
  const isPaused = rollout.ramp.paused !== null;
  switch (action) {
    case 'pause':
      return isPaused ? precondition('PAUSED_ALREADY', 'The release is paused already.') : undefined;
    case 'resume':
      return isPaused ? undefined : precondition('NOT_PAUSED', 'The release is not paused.');
    case 'advance':
      return skipObstacle(rollout, 'next', now);
    case 'promote':
      return skipObstacle(rollout, 'last', now);
    case 'rollBack':
      return undefined;
  }
}

/** Leave that nobody asks for can be given, and counts for nothing: it is not offered. */
function approvalObstacle(
  { approvalsToStart }: PolicyDocument,
  given: number,
  rollout: Actionable['rollout'],
): SluiceError | undefined {
  if (rollout === null) {
    if (given < approvalsToStart) return undefined;
    return precondition('APPROVAL_UNASKED', 'Nobody has to approve the start any more.');
  }
  const { stepIndex, approvals } = rollout.ramp;
  const gates = rollout.policy.steps[stepIndex]?.gates ?? [];
  const needed = gates.flatMap((gate) => (gate.kind === 'approval' ? [gate.approvals] : []));
  if (approvals.length < Math.max(0, ...needed)) return undefined;
  return precondition('APPROVAL_UNASKED', `Nobody has to approve step ${stepIndex + 1} any more.`);
}

function canStart(status: ReleaseStatus): boolean {
  return !isUnderWay(status) && (canBecome(status, 'running') || canBecome(status, 'queued'));
}
