import type { MeanSums, MetricState } from '../analysis/index.js';

/** What one tick measured: enough to reckon its verdict again (VERDICTS.md 8). Plain JSON. */
export interface Observation {
  /** The stable arm's and the candidate's growth since the tick before, by subject and metric. */
  readonly counts: readonly CountObservation[];
  readonly means: readonly MeanObservation[];
  readonly shares: readonly ShareObservation[];
  readonly queries: readonly QueryObservation[];
}

/** Bad events of one metric of one subject in one tick. */
export interface CountObservation {
  readonly subject: string;
  readonly metric: string;
  readonly stableUnits: number;
  readonly candidateUnits: number;
  readonly stableBad: number;
  readonly candidateBad: number;
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

/** Units of each arm in one tick, and the share that was asked for and had reached everybody. */
export interface ShareObservation {
  readonly subject: string;
  readonly share: number;
  readonly stable: number;
  readonly candidate: number;
}

/** What a provider was asked and what it answered. */
export interface QueryObservation {
  readonly metric: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly query: string;
  readonly state: MetricState;
  readonly sentence: string;
  readonly stableQuery?: string;
  /** SHA-256 of the points of each series. */
  readonly hashes: readonly string[];
  readonly points?: readonly number[];
  readonly stablePoints?: readonly number[];
}
