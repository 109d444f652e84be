import type { CountEvidence, MetricState, MinuteSums, PastEvidence, ShareEvidence } from '../analysis/index.js';
import type { MetricResult } from './metric-result.js';
import type { QueryState } from './query-state.js';

/** What a rollout remembers of its measurements between ticks. Plain JSON; all of it can be reckoned again. */
export interface Evidence {
  /** How bad events came before the attempt, by `subject metric`. */
  readonly before: Readonly<Record<string, MinuteSums>>;
  /** By `subject metric`. */
  readonly counts: Readonly<Record<string, CountState>>;
  /** By subject. */
  readonly shares: Readonly<Record<string, ShareState>>;
  /** By `subject metric`. */
  readonly queries: Readonly<Record<string, QueryState>>;
  /** How far parallel runs had come at the last tick, by candidate and pair of versions; absent without any. */
  readonly runs?: Readonly<Record<string, RunState>>;
  /** As it was judged last; null before the first tick. */
  readonly state: MetricState | null;
  /** What that was judged from, metric by metric. */
  readonly results: readonly MetricResult[];
}

/** What tells that a candidate of a parallel run was compared further. */
export interface RunState {
  readonly epoch: number;
  readonly calls: number;
}

/** Whether a subject's callers are split as was asked. */
export interface ShareState {
  readonly evidence: ShareEvidence;
  readonly seen: { readonly stable: number; readonly candidate: number };
  /** What the evidence is about. */
  readonly share: number;
}

/** Of one metric that counts bad events in both arms of one subject. */
export interface CountState {
  readonly harm: CountEvidence;
  /** Null unless the metric asks for non-inferiority. */
  readonly safety: CountEvidence | null;
  /** Of the candidate that everybody has, against the stable arm's past; absent before. */
  readonly past?: PastEvidence;
  /** Totals at the last tick: what has come since is the next. */
  readonly seen: ArmCounts;
  /** How bad events of the stable arm came, minute by minute: before the attempt, and in it. */
  readonly minutes: MinuteSums;
  /** The minute that is not over; null before the first. */
  readonly minute: OpenMinute | null;
}

export interface OpenMinute {
  /** Since 1970. */
  readonly minute: number;
  readonly bad: number;
}

/** Totals of both arms. */
export interface ArmCounts {
  readonly stableUnits: number;
  readonly candidateUnits: number;
  readonly stableBad: number;
  readonly candidateBad: number;
  /** Failing units of the stable arm, where bad ones are distinct callers. */
  readonly stableFailed?: number;
}

export const NO_EVIDENCE: Evidence = { before: {}, counts: {}, shares: {}, queries: {}, state: null, results: [] };
