import { FULL_SHARE } from '../kernel/share.js';
import type { Arm, Capacity, ShiftOptions } from './traffic-router.js';

/** Shares that are computed are multiples of 0.1 %: every router can express them. */
const GRAIN = 100;

export interface RefusedShift {
  /** The share of the candidate arm there is; undefined when it is not known. */
  readonly now: number | undefined;
  /** The share that was refused for want of capacity. */
  readonly share: number;
  readonly home: Arm;
  readonly capacity: Capacity;
}

/** Whether a share of the candidate arm sends traffic home, where that is known. */
export function isHomeward(now: number, share: number, home: Arm): boolean {
  return home === 'stable' ? share < now : share > now;
}

/**
 * How far traffic can go home when home cannot take all of it: as much as home has capacity for, and everything when
 * the other arm has none left. Undefined when nothing can be moved: home has nothing that is up, or the shift does not
 * lead home.
 */
export function wayBack({ now, share, home, capacity }: RefusedShift): (ShiftOptions & { share: number }) | undefined {
  if (now !== undefined && !isHomeward(now, share, home)) return undefined;
  const { part } = capacity[home];
  if (part === 0) return undefined;
  const away = capacity[home === 'stable' ? 'candidate' : 'stable'].part;
  if (away === 0 && home === 'stable') return { share, isEmergency: true };
  const room = Math.floor((part * FULL_SHARE) / GRAIN) * GRAIN;
  const nearest = home === 'stable' ? Math.max(share, FULL_SHARE - room) : Math.min(share, room);
  return now !== undefined && isHomeward(now, nearest, home) ? { share: nearest } : undefined;
}
