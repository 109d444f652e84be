import type { ParallelRunReport } from '../parallel-run/report.js';

/**
 * What one SDK instance saw since its last report: the body of `POST /sdk/v1/telemetry`.
 * Sums per tick, never events per call. The server counts a batch id once, however often it arrives.
 */
export interface TelemetryBatch {
  /** Unique to this batch; a retry repeats it. */
  readonly batchId: string;
  readonly instance: InstanceReport;
  /** The tick's bounds, RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly evaluations: readonly EvaluationCount[];
  /** What the service tracked, each event once; absent without any. */
  readonly tracked?: readonly TrackedSum[];
  /** What units measured, per arm; absent without any. At most MEASUREMENT_LIMIT. */
  readonly measurements?: readonly Measurement[];
  /** What parallel runs compared; absent without any. At most REPORT_LIMIT. */
  readonly parallelRuns?: readonly ParallelRunReport[];
}

/** The arm of a comparison. */
export type Arm = 'stable' | 'candidate';

/**
 * What the units of one arm measured in a tick, as sums. Four metrics are the SDK's own: `unit` stands for the units
 * themselves, n of them ended, `bad` of them failed; `exposed` for n callers that this client met in the arm for the first
 * time since the ramp has its share; `mixed` (of the stable arm, by agreement) for n units that saw both
 * arms and were credited to neither; `dropped` (of `all`) for n units that nobody ended. Others are what the service
 * names: durations (ms) and values, n observations with their sums; counts, n occurrences, with the sums of each unit's
 * number; tracked events, n occurrences, with the sums of those that had a value.
 */
export interface Measurement {
  /** Of the ramp the arm belongs to; null for ordinary traffic, which plans and dispersion are reckoned from. */
  readonly rollout: string | null;
  /** `flag/new-cart` or `service/checkout`; of ordinary traffic also `all`. */
  readonly subject: string;
  /** Ordinary traffic is stable. */
  readonly arm: Arm;
  readonly metric: string;
  /** How many observations. */
  readonly n: number;
  /** How many of them were bad. */
  readonly bad: number;
  /**
   * Hashes of targeting keys (murmur3 over rollout + subject + key) of callers that failed and that this client has not
   * sent for this metric yet, each in the arm it first failed in. Both arms of a ramp together name at most CALLER_LIMIT
   * per metric: those with the lowest hashes, so that full lists are a sample of both arms alike. Absent without any,
   * and for ordinary traffic.
   */
  readonly callers?: readonly number[];
  /** Bad observations of units without a targeting key: each stands for a caller of its own. 0 for ordinary traffic. */
  readonly anonymousBad: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** Of durations and values of a rollout's arm; absent for `unit`, counts and ordinary traffic. */
  readonly sketch?: SketchJson;
}

/** A DDSketch of 1 % relative accuracy (Masson, Rim & Lee, VLDB 2019): buckets by index, each with its count. */
export interface SketchJson {
  readonly zero: number;
  readonly buckets: readonly (readonly [index: number, count: number])[];
  readonly negative?: readonly (readonly [index: number, count: number])[];
}

export const MEASUREMENT_LIMIT = 500;
export const CALLER_LIMIT = 200;

export interface InstanceReport {
  /** Unique to this client for as long as its process lives. */
  readonly id: string;
  /** For people: which service or host this is. */
  readonly name: string;
  /** `sluice-node/0.1.0`, say. */
  readonly sdk: string;
  /** Which service this is an instance of, and in which version; absent where the client was not told. */
  readonly service?: { readonly key: string; readonly version?: string };
  /** The revision this instance serves; null before its first snapshot. */
  readonly revision: number | null;
  /** When it began to serve it, RFC 3339; null before its first snapshot. */
  readonly revisionAppliedAt: string | null;
  /** Its client is being closed: nobody is to wait for it. In a batch of nothing else; see `Reporter.leave`. */
  readonly leaving?: true;
}

export interface EvaluationCount {
  readonly flag: string;
  /** Null where the caller's default was used. */
  readonly variation: string | null;
  readonly count: number;
  /** The newest of the counted evaluations, RFC 3339. */
  readonly lastAt: string;
}

export interface TrackedSum {
  readonly event: string;
  readonly count: number;
  /** Of the values that were given; 0 without any. */
  readonly sum: number;
  /** The newest of the counted occurrences, RFC 3339. */
  readonly lastAt: string;
}
