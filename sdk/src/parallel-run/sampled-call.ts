import type { RunVerdict } from '../comparison/index.js';
import type { CallOptions, Invocation } from './call-options.js';
import type { DeadlineWatch } from './deadline-watch.js';
import type { RunAdvice, RunOperation } from './faults.js';
import type { Judgement } from './judge.js';
import type { LiveRun } from './live-run.js';

/** A call that is sampled, and what it is about. */
export interface SampledCall {
  readonly run: LiveRun;
  readonly options: CallOptions;
  readonly invocation: Invocation | undefined;
  /** The candidate whose answer the caller gets; undefined: the control's. */
  readonly served: string | undefined;
  /** Names of the arms that run beside: of candidates, or `control` where a candidate is served. */
  readonly shadows: readonly string[];
  readonly hasTwin: boolean;
  readonly isTimed: boolean;
  readonly fingerprint: string;
  readonly isFingerprintOfInput: boolean;
  readonly shape: number | undefined;
  readonly stratum: string;
  /** Whether somebody hears of the result, so that values are kept for them. */
  readonly isTold: boolean;
}

/** What the comparison of one candidate came to; nothing was judged of a call that timed out or was shed. */
export interface ConcludedPair {
  readonly candidate: string;
  readonly verdict: RunVerdict;
  readonly judgement: Judgement | undefined;
  /** Milliseconds; undefined where they were not timed. */
  readonly controlMs: number | undefined;
  readonly candidateMs: number | undefined;
  readonly isControlFirst: boolean;
}

export interface ConcludedCall {
  readonly call: SampledCall;
  readonly pairs: readonly ConcludedPair[];
  /** Of the control against its repetition, where that ran. */
  readonly twin: Judgement | undefined;
  /** What all of it held up the caller by, milliseconds; undefined where the call is not timed. */
  readonly addedMs: number | undefined;
  /** Monotonic milliseconds of its newest stamp; undefined where there is none. */
  readonly stampMs: number | undefined;
}

/** What calls need of those who run them; none of it throws. */
export interface CallHost {
  readonly watch: DeadlineWatch;
  /** Monotonic milliseconds; NaN where the clock fails. */
  clock(run: LiveRun): number;
  /** From 0 to 1. */
  random(): number;
  /** One of two, as often as the other. */
  flip(): boolean;
  note(operation: RunOperation, run: LiveRun, thrown?: unknown): void;
  /** Warns of how a run is used, once. */
  advise(advice: RunAdvice, run: LiveRun): void;
  /** Runs a shadow arm such that no unit is credited with what it measures. */
  mute<T>(work: () => T): T;
  /** Takes in what a call came to. */
  record(call: ConcludedCall): void;
  /** Takes in that the only candidate of an untimed call of which nobody hears came to the same as the control. */
  recordMatch(call: SampledCall): void;
}
