import type { MetricVerdict } from '../metric-state.js';

/** Bounds on a value, both included; at least one is given. */
export interface Threshold {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Judges the newest value of a series. No value, or one that is no number, says nothing. */
export function judgeThreshold(value: number | undefined, { atMost, atLeast }: Threshold): MetricVerdict {
  if (value === undefined || Number.isNaN(value)) return { state: 'inconclusive', reason: 'there is no value' };
  if (atMost !== undefined && value > atMost) {
    return { state: 'fail', reason: `${value} is more than ${atMost}` };
  }
  if (atLeast !== undefined && value < atLeast) {
    return { state: 'fail', reason: `${value} is less than ${atLeast}` };
  }
  if (atMost === undefined && atLeast === undefined) return { state: 'inconclusive', reason: 'there is no bound' };
  return { state: 'pass', reason: `${value} is within its bounds` };
}
