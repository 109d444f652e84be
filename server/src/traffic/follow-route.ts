import { FULL_SHARE } from '../kernel/share.js';
import { type ArmPlan, planArms } from './arms.js';
import type { RouteOutcome, RouteStanding } from './route-standing.js';
import type { ShiftOutcome } from './traffic-router.js';
import type { ShareVerdict, ShiftMark } from './verify-share.js';
import { isHomeward } from './way-back.js';

/** What is to be followed. */
export interface RouteSituation {
  /** Where the store sends callers. */
  readonly traffic: {
    readonly stable: { readonly version: string };
    readonly candidate: { readonly version: string; readonly share: number } | null;
    readonly version: number;
  };
  readonly standing: RouteStanding | null;
  /** The stable arm is known to hold the stable version again. */
  readonly isBack: boolean;
}

/**
 * What the router is to have. One that is met for the first time with everybody on its candidate arm, while nothing is
 * ramped, is left as it is: somebody released that way before. `has`: the share of its candidate arm.
 */
export function planRoute({ traffic, standing, isBack }: RouteSituation, has: number | undefined): ArmPlan {
  const { stable, candidate } = traffic;
  const met = has === FULL_SHARE && candidate === null ? { stable: null, candidate: stable.version } : null;
  return planArms(standing?.arms ?? met, { stable: stable.version, candidate }, isBack);
}

/** Whether there is nothing to do and nothing to verify. */
export function isIdle({ traffic, standing, isBack }: RouteSituation, has: number | undefined): boolean {
  if (standing === null || traffic.candidate !== null || standing.outcome.kind !== 'inPlace') return false;
  const { home } = planArms(standing.arms, { stable: traffic.stable.version, candidate: null }, isBack);
  return standing.follows === traffic.version && standing.home === home && standing.share === has;
}

/** What came of following a route. */
export interface Followed {
  readonly plan: ArmPlan;
  readonly applied: ShiftOutcome & { readonly mark?: ShiftMark };
  /** The share of the candidate arm that the program has now; undefined where that cannot be said. */
  readonly has: number | undefined;
  readonly now: Date;
}

/** What is known of a route after it was followed; nothing is verified yet. */
export function standingAfter({ traffic, standing }: RouteSituation, followed: Followed): RouteStanding {
  const { plan, applied, has, now } = followed;
  const checked = { follows: traffic.version, verified: null, checkedAt: now.toISOString() };
  if (applied.kind === 'shifted' || applied.kind === 'unchanged') {
    const { share } = applied;
    // The counters of a share that was there already count on.
    const isMarked = applied.kind === 'unchanged' && standing?.mark?.share === share;
    const mark = isMarked ? standing.mark : (applied.mark ?? null);
    return { ...checked, arms: plan.arms, home: plan.home, share, outcome: { kind: 'inPlace' }, mark };
  }
  const { kind, sentence } = applied;
  const outcome: RouteOutcome =
    applied.kind === 'refused' ? { kind, code: applied.code, sentence } : { kind, sentence };
  const known = { arms: standing?.arms ?? null, home: standing?.home ?? plan.home, mark: null };
  return { ...checked, ...known, share: has ?? standing?.share ?? null, outcome };
}

/**
 * The same once its counters were asked. Where they differ, they are counted anew from `fresh` on, so that what is well
 * again is seen to be; but what differed does so until as many requests say otherwise.
 */
export function withVerdict(
  before: RouteStanding | null,
  after: RouteStanding,
  { kind, actual, requests }: ShareVerdict,
  fresh: ShiftMark | undefined,
): RouteStanding {
  if (kind === 'tooFew' && before?.verified?.kind === 'differs' && before.mark === after.mark) {
    return { ...after, verified: before.verified };
  }
  const mark = kind === 'differs' ? (fresh ?? after.mark) : after.mark;
  return { ...after, mark, verified: { kind, actual: actual ?? null, requests } };
}

/**
 * Who is to be told: nobody of what is in place or was told before; `alarm`: traffic cannot go home, and only people can
 * help. Any other traffic that does not move is for whoever watches the release.
 */
export function concernOf(
  before: RouteStanding | null,
  after: RouteStanding,
  plan: ArmPlan,
): 'none' | 'warning' | 'alarm' {
  const { outcome, follows } = after;
  if (outcome.kind === 'inPlace') return 'none';
  const isTold =
    before !== null &&
    before.outcome.kind === outcome.kind &&
    before.outcome.code === outcome.code &&
    before.follows === follows;
  if (isTold) return 'none';
  const isRetreat =
    before !== null &&
    before.share !== null &&
    before.home === plan.home &&
    isHomeward(before.share, plan.share, plan.home);
  return isRetreat ? 'alarm' : 'warning';
}
