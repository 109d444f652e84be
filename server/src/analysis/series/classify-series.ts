import { OUTLIER_FACTOR, withoutNaN, withoutOutliers, type NanStrategy } from './clean-series.js';
import { compareRanks, type RankComparison } from './mann-whitney.js';
import { meanOf } from './percentile.js';

/** What a metric's series says. `noData` says nothing; `noDataFail` that there should have been some. */
export type SeriesLabel = 'pass' | 'high' | 'low' | 'noData' | 'noDataFail';

/** Which way a metric may not move. */
export type Direction = 'increase' | 'decrease' | 'either';

/** How large an effect must be to count: the ratio of means, or the chance of being higher (common-language). */
export interface EffectRule {
  readonly measure: 'meanRatio' | 'cles';
  /** A metric is high only from this effect on; default 1 (ratio) or 0.5 (chance). */
  readonly allowedIncrease?: number;
  /** A metric is low only down from this effect; same defaults. */
  readonly allowedDecrease?: number;
  /** For critical metrics: an effect beyond these makes the label critical; absent, every such label is. */
  readonly criticalIncrease?: number;
  readonly criticalDecrease?: number;
}

export interface SeriesRule {
  readonly direction: Direction;
  readonly effect: EffectRule;
  readonly nan: NanStrategy;
  readonly removesOutliers: boolean;
  readonly outlierFactor: number;
  readonly mustHaveData: boolean;
  /** A metric that decides alone. */
  readonly isCritical: boolean;
  readonly confidence: number;
  /** The shift must be beyond this part of its own estimate. */
  readonly tolerance: number;
}

export const DEFAULT_SERIES_RULE: SeriesRule = {
  direction: 'either',
  effect: { measure: 'meanRatio' },
  nan: 'remove',
  removesOutliers: false,
  outlierFactor: OUTLIER_FACTOR,
  mustHaveData: false,
  isCritical: false,
  confidence: 0.98,
  tolerance: 0.25,
};

export interface SeriesFinding {
  readonly label: SeriesLabel;
  readonly isCritical: boolean;
  /** NaN where it has no meaning: a mean of 0, or no data. */
  readonly effect: number;
  readonly comparison?: RankComparison;
  readonly reason: string;
}

/**
 * Judges a candidate's series against the stable one of the same window, in the manner of Netflix's automated canary
 * analysis, deterministic where that is not. High: z > q, the interval is beyond the tolerance band, and the effect is
 * large enough; low likewise. Constant series are compared directly. Multiplying both by the same positive number
 * changes nothing. It sees where values lie, not how they spread.
 */
export function classifySeries(
  candidate: readonly number[],
  stable: readonly number[],
  rule: SeriesRule = DEFAULT_SERIES_RULE,
): SeriesFinding {
  const [x, y] = [clean(candidate, rule), clean(stable, rule)];
  if (x.length === 0 || y.length === 0) return withoutData(x.length === 0 ? 'candidate' : 'stable arm', rule);

  const comparison = compareRanks(x, y, rule.confidence);
  const effect = effectOf(x, y, comparison, rule.effect);
  const side = sideOf(x, y, comparison, rule.tolerance);
  const { isAllowed, label } = labelOf(side, effect, rule);
  const isCritical = label !== 'pass' && rule.isCritical && isBeyondCritical(label, effect, rule.effect);
  return { label, isCritical, effect, comparison, reason: reasonOf(label, side, isAllowed, comparison) };
}

function clean(values: readonly number[], rule: SeriesRule): readonly number[] {
  const numbers = withoutNaN(values, rule.nan);
  return rule.removesOutliers ? withoutOutliers(numbers, rule.outlierFactor) : numbers;
}

function withoutData(whose: string, rule: SeriesRule): SeriesFinding {
  const found = { effect: NaN, reason: `the ${whose} has no data` };
  if (rule.nan === 'replace') return { ...found, label: 'pass', isCritical: false };
  const fails = rule.mustHaveData && !rule.isCritical;
  return { ...found, label: fails ? 'noDataFail' : 'noData', isCritical: rule.isCritical };
}

type Side = 'high' | 'low' | 'alike';

function sideOf(x: readonly number[], y: readonly number[], comparison: RankComparison, tolerance: number): Side {
  const { z, critical, low, high, estimate, tolerance: rounding } = comparison;
  const [first = NaN, other = NaN] = [x[0], y[0]];
  if (x.every((value) => value === first) && y.every((value) => value === other)) {
    if (first === other) return 'alike';
    return first > other ? 'high' : 'low';
  }
  const band = tolerance * Math.abs(estimate);
  if (z > critical && low >= band - rounding) return 'high';
  if (z < -critical && high <= -band + rounding) return 'low';
  return 'alike';
}

function labelOf(
  side: Side,
  effect: number,
  { direction, effect: rule }: SeriesRule,
): { readonly label: 'pass' | 'high' | 'low'; readonly isAllowed: boolean } {
  const neutral = rule.measure === 'cles' ? 0.5 : 1;
  const isAllowed =
    (side === 'high' && effect < (rule.allowedIncrease ?? neutral)) ||
    (side === 'low' && effect > (rule.allowedDecrease ?? neutral));
  const isWatched = direction === 'either' || (side === 'high') === (direction === 'increase');
  return { label: side === 'alike' || isAllowed || !isWatched ? 'pass' : side, isAllowed };
}

/** NaN is beyond every bound, like in `labelOf`: an effect without a meaning excuses nothing. */
function isBeyondCritical(label: 'high' | 'low', effect: number, rule: EffectRule): boolean {
  if (label === 'high') return !(effect < (rule.criticalIncrease ?? -Infinity));
  return !(effect > (rule.criticalDecrease ?? Infinity));
}

function effectOf(
  x: readonly number[],
  y: readonly number[],
  { superiority }: RankComparison,
  { measure }: EffectRule,
): number {
  return measure === 'cles' ? superiority : meanRatio(x, y);
}

/** The ratio of means; NaN when either is 0. */
export function meanRatio(x: readonly number[], y: readonly number[]): number {
  const [candidate, stable] = [meanOf(x), meanOf(y)];
  return candidate === 0 || stable === 0 ? NaN : candidate / stable;
}

function reasonOf(label: SeriesLabel, side: Side, isAllowed: boolean, { estimate, low, high }: RankComparison): string {
  const shift = `shift ${number(estimate)} (${number(low)} to ${number(high)})`;
  if (label !== 'pass') return `${shift}: the candidate is ${label === 'high' ? 'higher' : 'lower'}`;
  if (side === 'alike') return `${shift}: not told apart`;
  return `${shift}: ${side === 'high' ? 'higher' : 'lower'}, ${isAllowed ? 'by less than counts' : 'which is no harm'}`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
