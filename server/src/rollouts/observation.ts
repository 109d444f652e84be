import type { MeanSums, MetricState } from '../analysis/index.js';
import type { Ramp } from './rollout.js';
import type { RunObservation } from './run-observation.js';

/** For so long after its attempt's end what a tick measured is kept, in days. */
export const KEPT_DAYS = 90;

/** What one tick measured: enough to reckon its verdict again (VERDICTS.md 8). Plain JSON. */
export interface Observation {
  /** The stable arm's and the candidate's growth since the tick before, by subject and metric. */
  readonly counts: readonly CountObservation[];
  readonly means: readonly MeanObservation[];
  readonly shares: readonly ShareObservation[];
  readonly queries: readonly QueryObservation[];
  /** All that parallel runs have compared, when anything of it has changed since the tick before; absent: as it was. */
  readonly runs?: readonly RunObservation[];
  /** Where the ramp was. */
  readonly ramp: ObservedRamp;
}

export type ObservedRamp = Pick<Ramp, 'stepIndex' | 'share' | 'phase' | 'since' | 'instances'>;

/** Whether a tick measured nothing, and so says nothing that need be kept. */
export function isEmpty({ counts, means, shares, queries, runs = [] }: Observation): boolean {
  return counts.length + means.length + shares.length + queries.length + runs.length === 0;
}

/** Bad events of one metric of one subject in one tick. */
export interface CountObservation {
  readonly subject: string;
  readonly metric: string;
  readonly stableUnits: number;
  readonly candidateUnits: number;
  readonly stableBad: number;
  readonly candidateBad: number;
  /** Failing units of the stable arm, where bad ones are distinct callers. */
  readonly stableFailed?: number;
  /** The dispersion that this tick was tempered by. */
  readonly phi: number;
}

/** Sums of a value since the attempt began. */
export interface MeanObservation {
  readonly subject: string;
  readonly metric: string;
  readonly stable: MeanSums;
  readonly candidate: MeanSums;
}

/** Distinct callers that each arm gained in one tick. */
export interface ShareObservation {
  readonly subject: string;
  readonly stable: number;
  readonly candidate: number;
}

/** What a provider was asked and what it answered. */
export interface QueryObservation {
  readonly metric: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  /** The text that was really sent. */
  readonly query: string;
  readonly state: MetricState;
  readonly sentence: string;
  readonly stableQuery?: string;
  readonly candidate?: ObservedSeries;
  readonly stable?: ObservedSeries;
}

/** The points of a series as they were answered, and the hash they had then. */
export interface ObservedSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** [milliseconds since 1970, value] */
  readonly points: readonly (readonly [number, number])[];
  /** SHA-256 of both in canonical JSON, hexadecimal. */
  readonly hash: string;
}
