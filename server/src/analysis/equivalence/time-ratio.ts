import { MINIMUM_UNITS, TUNED_UNITS } from '../means/mean-difference.js';
import { meanOfSums, type MeanSums, varianceOfSums } from '../means/mean-sums.js';
import { mixtureBound, tunedMixture } from '../means/normal-mixture.js';

/** ln(candidate's time / control's time) of the same call, by which of them began. */
export interface PairedTimes {
  readonly controlFirst: MeanSums;
  readonly candidateFirst: MeanSums;
}

/** Logarithms of a ratio, and what it is above and below. */
export interface TimeRatio {
  readonly estimate: number;
  /** Each holds with 1 − alpha by itself, at all looks together. */
  readonly low: number;
  readonly high: number;
}

/**
 * The mean log ratio over both orders, which weigh the same, so that a cache that the first of two warms for the second
 * favours nobody; an asymptotic confidence sequence, one-sided each. Undefined before 100 calls in each order.
 * Source: Waudby-Smith et al., arXiv 2103.06476.
 */
export function timeRatio({ controlFirst, candidateFirst }: PairedTimes, alpha: number): TimeRatio | undefined {
  if (controlFirst.n < MINIMUM_UNITS || candidateFirst.n < MINIMUM_UNITS) return undefined;
  const estimate = (meanOfSums(controlFirst) + meanOfSums(candidateFirst)) / 2;
  const variance =
    (varianceOfSums(controlFirst) / controlFirst.n + varianceOfSums(candidateFirst) / candidateFirst.n) / 4;
  const n = controlFirst.n + candidateFirst.n;
  const halfWidth = (Math.sqrt(variance * n) / n) * mixtureBound(tunedMixture(TUNED_UNITS, alpha, 1), n, alpha);
  return { estimate, low: estimate - halfWidth, high: estimate + halfWidth };
}
