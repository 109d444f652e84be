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
  /** A timeout is the candidate's: where the control was the shadow it is among `lateControls`. */
  readonly verdicts: Readonly<Record<RunVerdict, number>>;
  /** Sampled calls that the candidate served and the control did not answer in time; absent in older sums: 0. */
  readonly lateControls?: number;
  /** Of those shed, the calls for which the candidate's breaker was open; absent in older sums: 0. */
  readonly broken?: number;
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

/** Sampled calls, whatever they came to. */
export function sampledCalls({ verdicts, lateControls = 0 }: RunSums): number {
  return Object.values(verdicts).reduce((sum, count) => sum + count, lateControls);
}

export interface RunTotal extends VersionPair {
  readonly sums: RunSums;
  readonly firstAt: Date;
  readonly lastAt: Date;
}
