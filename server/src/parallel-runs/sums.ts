import type { RunVerdict } from '@sluice/sdk/comparison';

/** Which code was compared. Another pair has evidence of its own: none is handed on. */
export interface VersionPair {
  readonly candidate: string;
  /** Empty where services do not tell. */
  readonly controlVersion: string;
  readonly candidateVersion: string;
}

/** What SDKs compared of one pair of versions, in one epoch; see the SDK's ParallelRunReport for each part. */
export interface RunSums {
  readonly verdicts: Readonly<Record<RunVerdict, number>>;
  /** Distinct inputs: evidence. */
  readonly inputs: { readonly n: number; readonly x: number };
  readonly twins: { readonly n: number; readonly b: number; readonly c: number };
  readonly latency: { readonly controlFirst: LogRatioSums; readonly candidateFirst: LogRatioSums };
  readonly overhead: {
    readonly n: number;
    readonly addedMs: number;
    readonly maxAddedMs: number;
    readonly maxLoopDelayMs: number;
  };
  /** Sampled calls by whose answer the caller got. */
  readonly served: { readonly control: number; readonly candidate: number };
  readonly strata: readonly { readonly stratum: string; readonly n: number; readonly x: number }[];
  readonly unsigned: number;
}

/** n values with their sum and sum of squares. */
export interface LogRatioSums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

export interface RunTotal extends VersionPair {
  readonly sums: RunSums;
  readonly firstAt: Date;
  readonly lastAt: Date;
}
