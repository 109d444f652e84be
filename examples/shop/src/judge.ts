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

const REACH_LIMIT_MS = 2_000;

/** What must hold after one act, given the one before it. */
export function claimsOf(act: Act, before: Act | undefined): readonly Claim[] {
  const { newUsers, tornUsers, reachMs } = act.observation;
  const slowest = Math.max(...reachMs.values());
  const claims: Claim[] = [
    shareClaim(act.askedPercent, act.observation, 'the new cart'),
    { sentence: `every user got the same from both instances`, isTrue: tornUsers.size === 0 },
    {
      sentence: `both instances served it within two seconds (the slower after ${slowest.toFixed(0)} ms)`,
      isTrue: slowest <= REACH_LIMIT_MS,
    },
  ];
  if (before !== undefined && act.askedPercent > before.askedPercent) {
    const dropped = [...before.observation.newUsers].filter((user) => !newUsers.has(user)).length;
    claims.push({ sentence: `nobody who had the new cart lost it (${dropped} did)`, isTrue: dropped === 0 });
  }
  return claims;
}

/** Whether as many users got the new as were asked for, within chance. */
export function shareClaim(
  askedPercent: number,
  { newUsers, allUsers }: Pick<Observation, 'newUsers' | 'allUsers'>,
  what: string,
): Claim {
  const gotPercent = (100 * newUsers.size) / allUsers.size;
  const tolerance = toleranceOf(askedPercent, allUsers.size);
  return {
    sentence: `asked for ${askedPercent} %, ${gotPercent.toFixed(1)} % of ${allUsers.size} users got ${what} (±${tolerance.toFixed(1)})`,
    isTrue: Math.abs(gotPercent - askedPercent) <= tolerance,
  };
}

/**
 * Half-width, in percent, that a share observed on so many users stays within but for one time in a million
 * (normal approximation to the binomial, 5 standard deviations); none at 0 and 100 %.
 */
export function toleranceOf(askedPercent: number, users: number): number {
  const p = askedPercent / 100;
  return 500 * Math.sqrt((p * (1 - p)) / users);
}
