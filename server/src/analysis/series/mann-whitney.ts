import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { ascending } from './percentile.js';

/** What counts as nothing, as a part of the largest value: so that the unit of a metric changes no answer. */
export const RELATIVE_TOLERANCE = 1e-9;
/** Bisection stops at this part of the range. */
const FINEST = 1e-13;

/** How the values of the candidate lie against those of the stable arm. */
export interface RankComparison {
  /** z of "both are alike", tie-corrected and continuity-corrected; above 0 where the candidate's are higher. */
  readonly z: number;
  /** How much is significant, two-sided: the normal quantile. */
  readonly critical: number;
  /** The Hodges-Lehmann estimate: the median of all differences, candidate minus stable. */
  readonly estimate: number;
  /** The confidence interval of the shift, from order statistics of the differences. */
  readonly low: number;
  readonly high: number;
  /** Differences below this are rounding. */
  readonly tolerance: number;
  /** The chance that a value of the candidate is above one of the stable arm, ties counted half. */
  readonly superiority: number;
}

/**
 * The Mann-Whitney test of two series of finite values, at least one each, in the manner of Netflix's automated canary
 * analysis, but exact: the same for the same series, and for both multiplied by the same positive number.
 */
export function compareRanks(
  candidate: readonly number[],
  stable: readonly number[],
  confidence: number,
): RankComparison {
  const x = ascending(candidate);
  const y = ascending(stable);
  const pairs = x.length * y.length;
  const critical = normalQuantile((1 + confidence) / 2, 0, 1);
  const scale = Math.max(...[x.at(0), x.at(-1), y.at(0), y.at(-1)].map((value) => Math.abs(value ?? 0)));
  const tolerance = RELATIVE_TOLERANCE * scale;

  const wins = (countUpTo(x, y, 0, false) + countUpTo(x, y, 0, true)) / 2;
  const shift = pairs / 2 - wins;
  const sigma = sigmaOf([...x, ...y], x.length, y.length);
  const z = sigma === 0 ? 0 : (shift - 0.5 * Math.sign(shift)) / sigma;

  // Between two differences x and y share no value, so that there only ties within either are left: sigma is constant.
  const sigmaApart = sigmaOfTies(tieSum(x) + tieSum(y), x.length, y.length);
  const rank = Math.max(1, Math.floor(pairs / 2 - 0.5 - critical * sigmaApart) + 1);
  const difference = (k: number): number => snap(kthDifference(x, y, k), tolerance);
  const middle = [Math.floor((pairs + 1) / 2), Math.floor(pairs / 2) + 1].map(difference);
  return {
    z,
    critical,
    estimate: ((middle[0] ?? 0) + (middle[1] ?? 0)) / 2,
    low: difference(Math.min(rank, pairs)),
    high: difference(Math.max(1, pairs + 1 - rank)),
    tolerance,
    superiority: 1 - wins / pairs,
  };
}

/** The k-th smallest of all differences x − y, k from 1, of ascending series: by bisection, without listing them. */
function kthDifference(x: readonly number[], y: readonly number[], k: number): number {
  let low = (x[0] ?? NaN) - (y.at(-1) ?? NaN);
  let high = (x.at(-1) ?? NaN) - (y[0] ?? NaN);
  if (countUpTo(x, y, low, true) >= k) return low;
  const finest = FINEST * Math.max(Math.abs(low), Math.abs(high));
  while (high - low > finest) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (countUpTo(x, y, middle, true) >= k) high = middle;
    else low = middle;
  }
  return largestUpTo(x, y, high);
}

/** How many differences x − y are at most (or, not `inclusive`, below) a bound, of ascending series. */
function countUpTo(x: readonly number[], y: readonly number[], bound: number, inclusive: boolean): number {
  let count = 0;
  let first = 0;
  for (const value of x) {
    while (first < y.length && !isWithin(value - (y[first] ?? NaN), bound, inclusive)) first += 1;
    count += y.length - first;
  }
  return count;
}

function isWithin(difference: number, bound: number, inclusive: boolean): boolean {
  return inclusive ? difference <= bound : difference < bound;
}

/** The largest difference that is at most a bound. */
function largestUpTo(x: readonly number[], y: readonly number[], bound: number): number {
  let largest = -Infinity;
  let first = 0;
  for (const value of x) {
    while (first < y.length && value - (y[first] ?? NaN) > bound) first += 1;
    if (first < y.length) largest = Math.max(largest, value - (y[first] ?? NaN));
  }
  return largest;
}

function snap(value: number, tolerance: number): number {
  return Math.abs(value) <= tolerance ? 0 : value;
}

function sigmaOf(pooled: readonly number[], m: number, n: number): number {
  return sigmaOfTies(tieSum(ascending(pooled)), m, n);
}

/** The standard deviation of the statistic: sqrt(mn/12 · ((N + 1) − Σ(t³ − t) / (N(N − 1)))), t the sizes of ties. */
function sigmaOfTies(ties: number, m: number, n: number): number {
  const total = m + n;
  return Math.sqrt(Math.max(0, ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)))));
}

function tieSum(sorted: readonly number[]): number {
  let sum = 0;
  let size = 0;
  sorted.forEach((value, index) => {
    size += 1;
    if (sorted[index + 1] === value) return;
    sum += size ** 3 - size;
    size = 0;
  });
  return sum;
}
