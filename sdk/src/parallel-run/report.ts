import type { SignaturePlace } from '../comparison/difference.js';
import type { RunVerdict } from '../comparison/verdict.js';

/**
 * What one SDK instance saw of one candidate of a parallel run since its last report: sums, never calls. Part of the
 * telemetry batch, and counted once with it.
 */
export interface ParallelRunReport {
  readonly run: string;
  /** Of the settings that it was compared under; the server counts it there or, when that is over, nowhere. */
  readonly epoch: number;
  /** `candidate`, or its name where there are several. */
  readonly candidate: string;
  /** Of the code that ran; empty where nobody told. */
  readonly controlVersion: string;
  readonly candidateVersion: string;
  /** Whose answer the callers got. */
  readonly served: 'control' | 'candidate';
  /** Sampled calls by verdict; absent: 0. */
  readonly verdicts: Readonly<Partial<Record<RunVerdict, number>>>;
  /** Of `shed`: those for which the candidate's breaker was open; absent: 0. */
  readonly broken?: number;
  /**
   * Evidence: of distinct inputs, n were compared and x came out unequal. An input that this client has seen within the
   * window adds nothing, but for the first time that it comes out unequal, which adds to x alone.
   * A call whose input nobody named, or that cannot be read, adds nothing when it is equal, and to both when it is not.
   */
  readonly inputs: { readonly n: number; readonly x: number };
  /** Which inputs those were, so that one that several processes compared counts once; absent where none has a name. */
  readonly distinct?: DistinctInputs;
  /** Calls in which the control ran twice: b, the candidate alone differed; c, the twin alone did. */
  readonly twins: { readonly n: number; readonly b: number; readonly c: number };
  /**
   * ln((candidate's time + r) / (control's time + r)) of calls that both answered, by which of them began; r is 0.1 ms, so
   * that differences that nobody notices vanish. Times are of the arms' functions, without what wraps a shadow arm.
   */
  readonly latency: { readonly controlFirst: LogRatioSums; readonly candidateFirst: LogRatioSums };
  /** What the run cost the callers. */
  readonly overhead: OverheadSums;
  /** By what the service declares of its inputs, most frequent first, at most STRATUM_LIMIT. */
  readonly strata: readonly StratumCount[];
  /** Structures of inputs, as hashes, with how often each was compared; at most SHAPE_LIMIT. */
  readonly shapes: readonly (readonly [hash: number, n: number])[];
  /** Most frequent first, at most SIGNATURE_LIMIT. */
  readonly signatures: readonly SignatureCount[];
  /** Unequal calls whose signature found no room. */
  readonly unsigned: number;
}

/** Of the inputs that a report counts, those that have a fingerprint: which they were, as far as there is room. */
export interface DistinctInputs {
  readonly n: number;
  readonly x: number;
  /** At most STRATUM_LIMIT; inputs of others count as of none. */
  readonly strata: readonly StratumCount[];
  readonly compared: InputSample;
  readonly unequal: InputSample;
}

/** All inputs of a level of at least `depth`, see DistinctSample: at most MARK_LIMIT. */
export interface InputSample {
  readonly depth: number;
  readonly marks: readonly InputMark[];
}

/** The HMAC of an input's fingerprint (SHA-256 under the run's key, 12 hexadecimal digits); index in `strata`, or -1. */
export type InputMark = readonly [digest: string, level: number, stratum: number];

/** n values with their sum and sum of squares. */
export interface LogRatioSums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

export interface OverheadSums {
  /** Sampled calls whose cost was measured. */
  readonly n: number;
  /** What they added before the caller had its answer, milliseconds. */
  readonly addedMs: number;
  readonly maxAddedMs: number;
  /** The longest that the event loop was late, milliseconds. */
  readonly maxLoopDelayMs: number;
}

export interface StratumCount {
  readonly stratum: string;
  readonly n: number;
  readonly x: number;
}

export interface SignatureCount {
  readonly id: string;
  readonly places: readonly SignaturePlace[];
  readonly isCut: boolean;
  /** Candidate against control, and the control against its twin, which is noise. */
  readonly n: number;
  readonly twins: number;
  readonly strata: readonly { readonly stratum: string; readonly n: number }[];
  /** Largest distance of the numbers, where all differences are of numbers. */
  readonly maxDelta?: { readonly absolute: number; readonly relative: number; readonly ulps: number };
  /** Drawn evenly from all of them (Vitter's algorithm R), at most SAMPLE_LIMIT. */
  readonly samples: readonly MismatchSample[];
}

/** One unequal call, redacted in the process where it happened. */
export interface MismatchSample {
  /** RFC 3339. */
  readonly at: string;
  readonly stratum: string;
  /** Digest of the input, empty without one: the same input has the same. */
  readonly input: string;
  /** Of the active span, where the service has one: empty without. */
  readonly traceId: string;
  readonly values: readonly SampledValue[];
}

export interface SampledValue {
  readonly path: string;
  readonly control: Redacted;
  readonly candidate: Redacted;
}

/** A value's HMAC (SHA-256 under the run's key, 16 hexadecimal digits), or, where its path is allowed, its JSON. */
export type Redacted = { readonly digest: string } | { readonly raw: string } | { readonly absent: true };

export const REPORT_LIMIT = 50;
export const STRATUM_LIMIT = 50;
export const SHAPE_LIMIT = 200;
export const SIGNATURE_LIMIT = 50;
export const SAMPLE_LIMIT = 3;
/** Characters of one raw value; longer ones travel as digests. */
export const RAW_VALUE_LIMIT = 500;
