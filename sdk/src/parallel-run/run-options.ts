import type { Difference, RunVerdict } from '../comparison/index.js';
import type { EvaluationContext } from '../evaluation/context.js';
import type { ShadowArm } from './shadow.js';

/** What one arm came to, as it is compared: a copy, cleaned where there is a cleaner. */
export type Observation<Value = unknown> =
  { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'error'; readonly error: unknown };

/**
 * What a run's arms may do beyond answering. possible (default): the control runs once, and `sluiceFetch` refuses to
 * write within a shadow arm. none: the control may run twice, to tell noise from difference, and nothing guards the
 * arms. allowed: the control runs once, and shadow arms may write.
 */
export type SideEffects = 'possible' | 'none' | 'allowed';

/** What is told of one sampled call and one candidate, in this process alone. */
export interface RunResult {
  readonly run: string;
  readonly candidate: string;
  readonly verdict: RunVerdict;
  readonly served: 'control' | 'candidate';
  /** Undefined where it was not waited for, or its value was dropped because it could not be copied or cleaned. */
  readonly control: Observation | undefined;
  readonly candidateOutcome: Observation | undefined;
  /** Those that no rule waives. */
  readonly differences: readonly Difference[];
  /** Milliseconds; undefined for calls that were not timed: of a run with many, only some are. */
  readonly controlMs: number | undefined;
  readonly candidateMs: number | undefined;
  readonly stratum: string;
}

/**
 * How the arms of a run are compared, and what is told of a call. `Args` are those of a function wrapped by `parallel`,
 * none otherwise. What any of them throws changes nothing for the caller; it is counted, and warned of once.
 */
export interface ComparisonOptions<T, Args extends readonly unknown[] = []> {
  /** Whether two values are equal; instead of the built-in comparison and the run's rules. Sees copies. */
  readonly compare?: (control: Awaited<T>, candidate: Awaited<T>) => boolean;
  /** Whether two errors are equal; default: same class and message. Asked only where both arms threw. */
  readonly compareErrors?: (control: unknown, candidate: unknown) => boolean;
  /** Whether a difference does not matter: it counts as ignored. Sees errors as well as values; never asked of equals. */
  readonly ignore?: (control: Observation<Awaited<T>>, candidate: Observation<Awaited<T>>) => boolean;
  /** What of a value is compared, sampled and told. Sees copies, which it may change. */
  readonly clean?: (value: Awaited<T>) => unknown;
  /** Who the call is for: what it is sampled by, and the serving flag evaluated for. Default: the current unit's. */
  readonly context?: EvaluationContext | ((...args: Args) => EvaluationContext);
  /** Kind of input that coverage is demanded of: few and fixed names of letters, digits and `_.:-`, at most 64 long. */
  readonly stratum?: string | ((...args: Args) => string);
  readonly sideEffects?: SideEffects;
  /** Of the candidate's code; default: the version of the client's `service`. */
  readonly version?: string;
  /** Of the control's code; default: the same. */
  readonly controlVersion?: string;
  /** Instead of the run's setting, milliseconds. */
  readonly deadlineMs?: number;
  /**
   * For tests: a sampled call throws MismatchError, or rejects with it, unless its candidates match, are ignored or were
   * shed. An asynchronous call then waits for them.
   */
  readonly raiseOnMismatch?: boolean;
  /** Hears of each sampled call and candidate, after the caller has its answer. */
  readonly onResult?: (result: RunResult) => void;
}

/** One candidate, or several by name: a sampled call runs all of them. */
type Candidates<Candidate> =
  | { readonly candidate: Candidate; readonly candidates?: undefined }
  | { readonly candidates: Readonly<Record<string, Candidate>>; readonly candidate?: undefined };

/** A call of which the control decides the type: synchronous, or a promise. */
export type ParallelRunOptions<T> = ComparisonOptions<T> &
  Candidates<(run: ShadowArm) => NoInfer<T>> & {
    readonly control: () => T;
    /**
     * What the call depends on: repeats of an input are no new evidence. Read before the arms run, and leaves the
     * process only as a hash. Default: the value that the call is sampled by. Without either, or when it cannot be read, a
     * call is no evidence when it is equal.
     */
    readonly input?: unknown;
    /** A second run of the control, where the control itself must not run twice. */
    readonly twin?: (run: ShadowArm) => NoInfer<T>;
  };

/** Options of a function wrapped by `parallel`; its arguments are the input. */
export type ParallelOptions<T, Args extends readonly unknown[]> = ComparisonOptions<T, Args> & {
  /** A second run of the control, where the control itself must not run twice. */
  readonly twin?: (...args: Args) => NoInfer<T>;
};

/** Runs old and new code side by side, and reports whether they agree. */
export interface ParallelRunner {
  /**
   * Answers with the control, and on the run's share of calls also runs the candidate, in random order, and compares the
   * two. The control is called exactly once, and its value or error is the caller's, whatever else fails; its promise is
   * handed on untouched. A candidate that blocks the process or ends it cannot be survived. The roles are exchanged for
   * those to whom the run's flag serves the candidate.
   *
   * Arms share what they are given: one that changes its input changes the other's. What an arm answers is copied when it
   * has come to its end: arms that change and return one object mismatch, and callers get what the last arm left of it.
   * Asynchronous arms that change it before either settles cannot be told apart: give each an object of its own. While a call is sampled its
   * promise counts as handled, so that a rejection that the caller forgets is not reported by the process.
   */
  parallelRun<T>(key: string, options: ParallelRunOptions<T>): T;
  /** A function that answers as `fn` does, and is a parallel run of the key with `candidate`. */
  parallel<Args extends readonly unknown[], T>(
    key: string,
    fn: (...args: Args) => T,
    candidate: (...args: Args) => NoInfer<T>,
    options?: ParallelOptions<T, Args>,
  ): (...args: Args) => T;
  /** The shadow arm that is being run, also asynchronously: what is done within it is done for nobody. */
  shadow(): ShadowArm | undefined;
  /** How often what a run uses has failed, by operation: hooks, sampling, clock, reporting. No caller saw any of it. */
  readonly parallelRunErrors: Readonly<Record<string, number>>;
}
