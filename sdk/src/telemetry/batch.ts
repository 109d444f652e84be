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
}

export interface InstanceReport {
  /** Unique to this client for as long as its process lives. */
  readonly id: string;
  /** For people: which service or host this is. */
  readonly name: string;
  /** `sluice-node/0.1.0`, say. */
  readonly sdk: string;
  /** The revision this instance serves; null before its first snapshot. */
  readonly revision: number | null;
  /** When it began to serve it, RFC 3339; null before its first snapshot. */
  readonly revisionAppliedAt: string | null;
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
