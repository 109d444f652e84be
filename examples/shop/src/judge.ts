import type { Observation } from './observe.js';

/** One sentence of the story and whether it came true. */
export interface Claim {
  readonly sentence: string;
  readonly isTrue: boolean;
}

/** One act: the share that was asked for, in percent, and what was then observed. */
export interface Act {
  readonly name: string;
  readonly askedPercent: number;
  readonly observation: Observation;
}

const REACH_LIMIT_MS = 1_000;

/** What must hold after one act, given the one before it. */
export function claimsOf(act: Act, before: Act | undefined): readonly Claim[] {
  const { newUsers, allUsers, tornUsers, reachMs } = act.observation;
  const gotPercent = (100 * newUsers.size) / allUsers.size;
  const tolerance = toleranceOf(act.askedPercent, allUsers.size);
  const slowest = Math.max(...reachMs.values());
  const claims: Claim[] = [
    {
      sentence: `asked for ${act.askedPercent} %, ${gotPercent.toFixed(1)} % of ${allUsers.size} users got the new cart (±${tolerance.toFixed(1)})`,
      isTrue: Math.abs(gotPercent - act.askedPercent) <= tolerance,
    },
    { sentence: `every user got the same from both instances`, isTrue: tornUsers.size === 0 },
    {
      sentence: `both instances served it within a second (the slower after ${slowest.toFixed(0)} ms)`,
      isTrue: slowest <= REACH_LIMIT_MS,
    },
  ];
  if (before !== undefined && act.askedPercent > before.askedPercent) {
    const dropped = [...before.observation.newUsers].filter((user) => !newUsers.has(user)).length;
    claims.push({ sentence: `nobody who had the new cart lost it (${dropped} did)`, isTrue: dropped === 0 });
  }
  return claims;
}

/**
 * Half-width, in percent, that a share observed on so many users stays within but for one run in about 10 000
 * (normal approximation to the binomial, 4 standard deviations); none at 0 and 100 %.
 */
export function toleranceOf(askedPercent: number, users: number): number {
  const p = askedPercent / 100;
  return 400 * Math.sqrt((p * (1 - p)) / users);
}
