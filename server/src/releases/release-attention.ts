import { isHolding } from '../rollouts/index.js';
import type { AttentionKind } from './rank-attention.js';
import { isSettled, isUnderWay } from './release-machine.js';
import type { ReleaseView } from './release-view.js';

/** A share reaches SDKs in seconds; one that is on its way for longer waits for somebody who does not come. */
const LATE_AFTER_MS = 60_000;

/** Why a release asks for somebody, and since when. */
export interface ReleaseAttention {
  readonly kind: AttentionKind;
  readonly since: Date;
}

type Attended = Pick<ReleaseView, 'status' | 'policy' | 'approvals' | 'rollout' | 'createdAt'>;

/** Whether a release asks for somebody now; undefined where it goes its ordinary course. */
export function releaseAttention(release: Attended, now: Date): ReleaseAttention | undefined {
  const { status, policy, approvals, rollout, createdAt } = release;
  if (isSettled(status)) return undefined;
  if (!isUnderWay(status)) {
    return approvals.length < policy.approvalsToStart ? { kind: 'awaitingApproval', since: createdAt } : undefined;
  }
  if (rollout === null) return undefined;
  const { reason, since, askedAt, outageSince, paused } = rollout;
  const began = new Date(since ?? askedAt);
  if (outageSince !== null) return { kind: 'couldNotAsk', since: new Date(outageSince) };
  if (isHolding(reason)) {
    const kind = kindOfHold(reason.code);
    return { kind, since: paused === null ? began : new Date(paused.at) };
  }
  const isLate = rollout.phase === 'reaching' && now.getTime() - began.getTime() >= LATE_AFTER_MS;
  return isLate || (reason.code === 'REACHING' && since !== null) ? { kind: 'laggards', since: began } : undefined;
}

function kindOfHold(code: NonNullable<ReleaseView['rollout']>['reason']['code']): AttentionKind {
  switch (code) {
    case 'APPROVAL_MISSING':
      return 'awaitingApproval';
    case 'COULD_NOT_ASK':
      return 'couldNotAsk';
    case 'SAMPLE_SMALL':
      return 'noData';
    case 'DEADLINE_PASSED':
      return 'deadlinePassed';
    default:
      return 'held';
  }
}
