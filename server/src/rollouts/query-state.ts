import { type MeasurementCounters, NO_MEASUREMENTS } from '../analysis/index.js';

/** What is remembered of one query between ticks. */
export interface QueryState {
  readonly counters: MeasurementCounters;
  /** When the newest measurement ended, RFC 3339; null before the first. */
  readonly lastAt: string | null;
  /** What it said, for people. */
  readonly sentence: string;
}

export const NO_QUERY: QueryState = { counters: NO_MEASUREMENTS, lastAt: null, sentence: 'not measured yet' };
