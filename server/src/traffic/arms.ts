import { FULL_SHARE } from '../kernel/share.js';
import type { Arm } from './traffic-router.js';

/** The version that each arm of a route holds, so far as the releases that went through it tell. */
export type Arms = Readonly<Record<Arm, string | null>>;

/** What callers of a service are to get, by versions. */
export interface WantedTraffic {
  readonly stable: string;
  /** Its share is in thousandths of a percent; null while nothing is ramped. */
  readonly candidate: { readonly version: string; readonly share: number } | null;
}

/** What a router is to do. */
export interface ArmPlan {
  readonly arms: Arms;
  /** The arm that holds the stable version: where everybody is while nothing is ramped, and goes in a rollback. */
  readonly home: Arm;
  /** Of the candidate arm, in thousandths of a percent. */
  readonly share: number;
}

/**
 * Tells which share the candidate arm is to get. Versions change sides, arms do not: once a release is over, the
 * candidate arm holds the stable version and keeps everybody, and the next candidate is taken to be on the arm that
 * serves nobody. `isBack`: the stable arm is known to hold the stable version again. A stable version that neither arm
 * is known to hold is taken to be on the stable arm.
 */
export function planArms(known: Arms | null, { stable, candidate }: WantedTraffic, isBack: boolean): ArmPlan {
  const isOnCandidateArm = known !== null && known.candidate === stable && known.stable !== stable;
  if (isOnCandidateArm && !(isBack && candidate === null)) {
    const arms = { stable: candidate?.version ?? known.stable, candidate: stable };
    return { arms, home: 'candidate', share: FULL_SHARE - (candidate?.share ?? 0) };
  }
  const arms = { stable, candidate: candidate?.version ?? known?.candidate ?? null };
  return { arms, home: 'stable', share: candidate?.share ?? 0 };
}

/** The share of the version that is away from home, from the share of the candidate arm; and the other way round. */
export function shareAway(home: Arm, share: number): number {
  return home === 'stable' ? share : FULL_SHARE - share;
}
