import { FULL_SHARE } from '../kernel/share.js';
import type { Arms } from './arms.js';
import type { RouteStanding, RouteVerified } from './route-standing.js';
import type { Arm } from './traffic-router.js';

/** A route as callers see it. */
export interface RouteView {
  readonly environment: string;
  readonly service: string;
  /** The versions that the arms are taken to hold; null until the router was followed. */
  readonly arms: Arms | null;
  /** The arm of the stable version. */
  readonly home: Arm;
  /** The arm that serves nobody, where the next version is to be installed; null while both serve. */
  readonly idle: Arm | null;
  /** Of the candidate arm, as the program confirmed it; null when it never did. In thousandths of a percent. */
  readonly share: number | null;
  /** Whether the program has what the store asks for. */
  readonly isInPlace: boolean;
  /** Why it does not. */
  readonly sentence: string | null;
  /** What it counted while something is ramped; shares are those of the candidate arm. */
  readonly verified: RouteVerified | null;
  readonly checkedAt: string | null;
}

/** `follows`: the version of the traffic in the store; undefined while the service was never installed there. */
export function toRouteView(
  place: { readonly environment: string; readonly service: string },
  standing: RouteStanding | null,
  follows: number | undefined,
): RouteView {
  const { environment, service } = place;
  if (standing === null) {
    const nothing = { arms: null, home: 'stable', idle: null, share: null, verified: null, checkedAt: null } as const;
    const sentence =
      follows === undefined ? 'No version was ever reported as installed.' : 'The router was not followed yet.';
    return { environment, service, ...nothing, isInPlace: false, sentence };
  }
  const { arms, home, share, outcome, verified, checkedAt } = standing;
  const isFollowed = standing.follows === follows;
  const sentence = outcome.kind === 'inPlace' ? null : outcome.sentence;
  return {
    environment,
    service,
    arms,
    home,
    idle: share === 0 ? 'candidate' : share === FULL_SHARE ? 'stable' : null,
    share,
    isInPlace: isFollowed && outcome.kind === 'inPlace',
    sentence: isFollowed ? sentence : 'The router is being told.',
    verified,
    checkedAt,
  };
}
