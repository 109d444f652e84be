import { meanOfSums, varianceOfSums, type MeanSums } from './mean-sums.js';
import { mixtureBound, tunedMixture } from './normal-mixture.js';

/** The sequence is asymptotic: with fewer units in an arm it promises nothing. */
export const MINIMUM_UNITS = 100;
/** The number of units at which the interval is tightest. */
export const TUNED_UNITS = 5_000;

export interface DifferenceQuestion {
  readonly alpha: number;
  /** One side: each of `low` and `high` holds with 1 − alpha by itself. Two: both together. */
  readonly sides: 1 | 2;
  /** `relative`: as a part of the stable mean. */
  readonly scale: 'absolute' | 'relative';
  readonly tunedUnits?: number;
}

/** Candidate minus stable, and bounds that hold at all looks together. */
export interface MeanDifference {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two means as an asymptotic confidence sequence; undefined before 100 units in each arm, or for a
 * relative difference from a stable mean of 0. The relative variance is by the delta method.
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, arXiv 2103.06476.
 */
export function meanDifference(
  candidate: MeanSums,
  stable: MeanSums,
  { alpha, sides, scale, tunedUnits = TUNED_UNITS }: DifferenceQuestion,
): MeanDifference | undefined {
  if (candidate.n < MINIMUM_UNITS || stable.n < MINIMUM_UNITS) return undefined;
  const [mean, base] = [meanOfSums(candidate), meanOfSums(stable)];
  if (scale === 'relative' && base === 0) return undefined;

  const [spread, baseSpread] = [varianceOfSums(candidate) / candidate.n, varianceOfSums(stable) / stable.n];
  const estimate = scale === 'absolute' ? mean - base : (mean - base) / Math.abs(base);
  const variance =
    scale === 'absolute' ? spread + baseSpread : spread / base ** 2 + (baseSpread * mean ** 2) / base ** 4;
  const n = candidate.n + stable.n;
  const halfWidth = (Math.sqrt(variance * n) / n) * mixtureBound(tunedMixture(tunedUnits, alpha, sides), n, alpha);
  return { estimate, low: estimate - halfWidth, high: estimate + halfWidth };
}
