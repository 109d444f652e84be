import type { MeanSums } from '../analysis/index.js';
import type { ArmFigures, MetricResult } from './metric-result.js';
import { Z_95, frequencyOf } from './wilson-interval.js';

/** How the candidate differs from the stable arm in one metric, for people: decisions are made by evidence. */
export interface MetricDifference {
  /** `rate`: bad ones per unit, from 0; `mean`: in the unit of the value. */
  readonly kind: 'rate' | 'mean';
  readonly stable: number;
  readonly candidate: number;
  /** Candidate less stable. */
  readonly absolute: number;
  /** Of the stable arm: 0.18 is 18 % more; null where that has none. */
  readonly relative: number | null;
  /** Of the absolute difference, 95 %, at this one moment; null where it cannot be reckoned. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** Both arms' sums of a value. */
export interface MeansOfArms {
  readonly stable: MeanSums;
  readonly candidate: MeanSums;
}

/**
 * The difference of a metric's arms; null where one of them has nothing. Rates: Newcombe's hybrid score interval
 * (Statistics in Medicine 17, 1998, method 10), of as many units as their dispersion leaves. Means: Welch's.
 */
export function differenceOf(
  { stable, candidate, phi = 1 }: Pick<MetricResult, 'stable' | 'candidate' | 'phi'>,
  means?: MeansOfArms,
): MetricDifference | null {
  if (stable === undefined || candidate === undefined || stable.units === 0 || candidate.units === 0) return null;
  if (stable.mean !== undefined && candidate.mean !== undefined) {
    const interval = means === undefined ? null : welch(means, candidate.mean - stable.mean);
    return { kind: 'mean', ...compared(stable.mean, candidate.mean), interval };
  }
  const [than, of] = [rateOf(stable, phi), rateOf(candidate, phi)];
  if (than === undefined || of === undefined) return null;
  const { stable: a, candidate: b, absolute, relative } = compared(than.rate, of.rate);
  const low = absolute - Math.hypot(b - of.low, than.high - a);
  const high = absolute + Math.hypot(of.high - b, a - than.low);
  return { kind: 'rate', stable: a, candidate: b, absolute, relative, interval: { low, high } };
}

function compared(stable: number, candidate: number): Omit<MetricDifference, 'kind' | 'interval'> {
  const absolute = candidate - stable;
  return { stable, candidate, absolute, relative: stable === 0 ? null : absolute / Math.abs(stable) };
}

function rateOf({ units, bad }: ArmFigures, phi: number): ReturnType<typeof frequencyOf> | undefined {
  if (bad === undefined) return undefined;
  const weight = Math.max(1, phi);
  // Distinct callers may be more than the units that were counted at the same moment.
  return frequencyOf(Math.min(bad, units) / weight, units / weight);
}

function welch({ stable, candidate }: MeansOfArms, absolute: number): MetricDifference['interval'] {
  const [than, of] = [varianceOfMean(stable), varianceOfMean(candidate)];
  if (than === undefined || of === undefined) return null;
  const half = Z_95 * Math.sqrt(than + of);
  return { low: absolute - half, high: absolute + half };
}

function varianceOfMean({ n, sum, sumSquares }: MeanSums): number | undefined {
  if (n < 2) return undefined;
  return Math.max(0, sumSquares - sum ** 2 / n) / (n - 1) / n;
}
