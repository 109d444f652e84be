import { percentileOf } from './percentile.js';

/** What to do with points that are no number: leave them out, or take them for 0. */
export type NanStrategy = 'remove' | 'replace';

/** How many interquartile ranges beyond the quartiles a point may lie. */
export const OUTLIER_FACTOR = 3;

/** The series without NaN. Infinities are no measurements either. */
export function withoutNaN(values: readonly number[], strategy: NanStrategy): readonly number[] {
  if (strategy === 'remove') return values.filter((value) => Number.isFinite(value));
  return values.map((value) => (Number.isFinite(value) ? value : 0));
}

/**
 * The indexes of points outside [Q1 − factor·IQR, Q3 + factor·IQR]. With `sparesTails` nothing between the 1st and the
 * 99th percentile is an outlier, however narrow the quartiles: then rare errors on a series of zeros are kept.
 */
export function outlierIndexes(
  values: readonly number[],
  { factor = OUTLIER_FACTOR, sparesTails = true }: { readonly factor?: number; readonly sparesTails?: boolean } = {},
): readonly number[] {
  const [q1, q3] = [percentileOf(values, 25), percentileOf(values, 75)];
  const slack = factor * (q3 - q1);
  const low = sparesTails ? Math.min(percentileOf(values, 1), q1 - slack) : q1 - slack;
  const high = sparesTails ? Math.max(percentileOf(values, 99), q3 + slack) : q3 + slack;
  return values.flatMap((value, index) => (value < low || value > high ? [index] : []));
}

/** The series without its outliers. */
export function withoutOutliers(values: readonly number[], factor = OUTLIER_FACTOR): readonly number[] {
  const outliers = new Set(outlierIndexes(values, { factor }));
  return values.filter((_, index) => !outliers.has(index));
}
