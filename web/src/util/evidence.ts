/** How much of what would decide a question is there, from nothing to all of it. */
export function partOf(evidence: number, limit: number): number {
  if (!(limit > 0)) return 0;
  return Math.min(1, Math.max(0, evidence / limit));
}

/** Evidence in natural logarithms, to one figure behind the point: below nothing is nothing. */
export function formatEvidence(evidence: number): string {
  return Math.max(0, evidence).toFixed(1);
}

/** What a picture of a rate shows, each a rate from 0 to 1. */
export interface RateFigures {
  readonly low: number;
  readonly high: number;
  /** x/n; undefined while nothing was compared. */
  readonly rate: number | undefined;
  readonly tolerance: number;
  /** Rate at which the old code differs from itself; undefined where it was not asked. */
  readonly noise: number | undefined;
}

/** Where each thing stands on a scale from 0 to 1, and the rate at its end. */
export interface RatePicture {
  readonly end: number;
  readonly low: number;
  readonly high: number;
  /** The interval goes on behind the end. */
  readonly isCut: boolean;
  readonly rate: number | undefined;
  readonly tolerance: number;
  readonly noise: number | undefined;
}

/** The most that an interval may widen the scale, in tolerances: else the tolerance is a hair at the left. */
const WIDEST = 6;

/** A scale on which the tolerance, the rate and the noise are in sight, and of the interval as much as leaves them so. */
export function ratePicture({ low, high, rate, tolerance, noise }: RateFigures): RatePicture {
  const inSight = Math.max(tolerance * 2, low * 1.2, (rate ?? 0) * 1.3, (noise ?? 0) * 1.3);
  const end = Math.min(1, Math.max(inSight, Math.min(high * 1.1, tolerance * WIDEST)));
  const at = (value: number): number => Math.min(1, Math.max(0, value / end));
  return {
    end,
    low: at(low),
    high: at(high),
    isCut: high > end,
    rate: rate === undefined ? undefined : at(rate),
    tolerance: at(tolerance),
    noise: noise === undefined ? undefined : at(noise),
  };
}

/** How often the old code differs from itself: known only where it was run twice. */
export function noiseRate({ n, c }: { readonly n: number; readonly c: number }): number | undefined {
  return n > 0 ? c / n : undefined;
}

/** A rate from 0 to 1 as a number of percent for a field, without what binary fractions add. */
export function toPercent(rate: number): number {
  return Number((rate * 100).toPrecision(12));
}

/** A number of percent from a field as a rate; null where nothing is typed. */
export function fromPercent(percent: number | string): number | null {
  if (percent === '') return null;
  return Number((Number(percent) / 100).toPrecision(12));
}
