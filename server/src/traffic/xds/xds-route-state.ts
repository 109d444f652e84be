import { FULL_SHARE } from '../../kernel/share.js';
import type { Arm, ArmPlacement } from '../traffic-router.js';

/** What clients are told of a route. Plain data, kept in the store, so that every replica serves the same. */
export interface XdsRouteState extends ArmPlacement {
  /** Of the candidate arm. */
  readonly share: number;
  /** Grows with every change: the route's generation. 0: nothing was ever asked of it. */
  readonly version: number;
}

/** A version of the service and its part of the requests, in thousandths of a percent. */
export interface VersionPart {
  readonly version: string;
  readonly part: number;
}

/** A route that nobody has shifted yet: everybody gets the stable version. */
export function firstState(stable: string, candidate: string | null): XdsRouteState {
  return { arms: { stable, candidate }, home: 'stable', share: 0, version: 0 };
}

/** The parts of a route's versions that get any, the one that is away from home first. */
export function partsOf({ arms, home, share }: Omit<XdsRouteState, 'version'>): readonly VersionPart[] {
  const parts = { candidate: share, stable: FULL_SHARE - share };
  const away: Arm = home === 'stable' ? 'candidate' : 'stable';
  return [away, home].flatMap((arm) => {
    const version = arms[arm];
    return version === null || parts[arm] === 0 ? [] : [{ version, part: parts[arm] }];
  });
}

/**
 * Whether a client that was told of a route may have sent requests to a version of its service in a generation: those of
 * this generation and of the one before, which some use still.
 */
export function mayCount(
  { arms, version: current }: Pick<XdsRouteState, 'arms' | 'version'>,
  { version, generation }: { readonly version: string; readonly generation: number },
): boolean {
  const isRecent = generation === current || generation === current - 1;
  return isRecent && (arms.stable === version || arms.candidate === version);
}
