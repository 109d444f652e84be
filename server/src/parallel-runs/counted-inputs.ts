import type { Trials } from '../analysis/index.js';

export interface StratumTrials extends Trials {
  readonly stratum: string;
}

/** Inputs that were told apart across processes, and how many they are. Equal bounds: exactly so many. */
export interface DistinctTrials {
  /** As processes counted them, each by itself. */
  readonly told: Trials;
  readonly fewest: Trials;
  readonly most: Trials;
}

export interface DistinctStratum extends DistinctTrials {
  readonly stratum: string;
}

/** Of a pair of versions, in all windows of time. An input counts once in each. Plain JSON. */
export interface CountedInputs extends DistinctTrials {
  readonly strata: readonly DistinctStratum[];
}

/** More kinds of input than anybody asks for. */
export const MAX_STRATA = 200;

const NO_TRIALS: Trials = { n: 0, x: 0 };
const NO_DISTINCT: DistinctTrials = { told: NO_TRIALS, fewest: NO_TRIALS, most: NO_TRIALS };
export const NOTHING_COUNTED: CountedInputs = { ...NO_DISTINCT, strata: [] };

/** Those of other windows besides. */
export function addCounted(one: CountedInputs, other: CountedInputs): CountedInputs {
  const strata = new Map(one.strata.map((each) => [each.stratum, each]));
  for (const each of other.strata) {
    const known = strata.get(each.stratum);
    if (known === undefined && strata.size >= MAX_STRATA) continue;
    strata.set(each.stratum, { stratum: each.stratum, ...addDistinct(known ?? NO_DISTINCT, each) });
  }
  return { ...addDistinct(one, other), strata: [...strata.values()] };
}

export function addTrials(one: Trials, other: Trials): Trials {
  return { n: plus(one.n, other.n), x: plus(one.x, other.x) };
}

/** Counting stops where numbers in JSON are no longer exact. */
export function plus(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}

function addDistinct(one: DistinctTrials, other: DistinctTrials): DistinctTrials {
  return {
    told: addTrials(one.told, other.told),
    fewest: addTrials(one.fewest, other.fewest),
    most: addTrials(one.most, other.most),
  };
}
