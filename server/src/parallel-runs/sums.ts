import type { RunVerdict } from '@sluice/sdk/comparison';
import type { Trials } from '../analysis/index.js';
import type { CountedInputs, StratumTrials } from './counted-inputs.js';

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
  /** Distinct inputs: evidence, as far as each process by itself can tell; as evidence, see `asEvidence`, of all. */
  readonly inputs: Trials;
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
  readonly strata: readonly StratumTrials[];
  readonly unsigned: number;
  /** Of evidence: the inputs that a refutation rests on, where they are not those that a certificate rests on. */
  readonly refuting?: Pick<RunSums, 'inputs' | 'strata'>;
  /** Of evidence: of n, the inputs that each process counted by itself; absent where it is not known. */
  readonly perProcess?: number;
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

/** As it is stored: not yet evidence. */
export interface StoredTotal extends RunTotal {
  /** Inputs that were told apart across processes; null where none were. */
  readonly distinct: CountedInputs | null;
}
