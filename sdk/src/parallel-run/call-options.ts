import type { SideEffects } from './run-options.js';
import type { RunResult } from './run-options.js';
import type { JudgingHooks } from './judge.js';

/** Any function, of which nothing is known but that it may be called. */
export type AnyFunction = (...args: never[]) => unknown;

/** Options of a call, whatever its types: as the runner sees them. */
export interface CallOptions extends JudgingHooks {
  readonly control: AnyFunction;
  readonly candidate?: AnyFunction | undefined;
  readonly candidates?: Readonly<Record<string, AnyFunction>> | undefined;
  readonly twin?: AnyFunction | undefined;
  readonly context?: unknown;
  readonly input?: unknown;
  readonly stratum?: unknown;
  readonly sideEffects?: SideEffects | undefined;
  readonly version?: unknown;
  readonly controlVersion?: unknown;
  readonly deadlineMs?: unknown;
  readonly raiseOnMismatch?: boolean | undefined;
  readonly onResult?: ((result: RunResult) => unknown) | undefined;
}

/** With what a wrapped function was called; undefined for a call by options. */
export interface Invocation {
  readonly receiver: unknown;
  readonly args: readonly unknown[];
}

const SINGLE: readonly string[] = ['candidate'];

/** Names of the candidates; `candidate` where there is one without. */
export function candidateNames(options: CallOptions): readonly string[] {
  return options.candidate !== undefined || options.candidates === undefined ? SINGLE : Object.keys(options.candidates);
}

/** The candidate of a name; calling what is not there is its error. */
export function candidateOf(options: CallOptions, name: string): AnyFunction | undefined {
  if (options.candidate !== undefined) return options.candidate;
  const { candidates } = options;
  return candidates !== undefined && Object.hasOwn(candidates, name) ? candidates[name] : undefined;
}
