import { ArmHandle } from './arm-handle.js';
import { type AnyFunction, type CallOptions, candidateNames, candidateOf, type Invocation } from './call-options.js';
import type { RunOperation } from './faults.js';
import { callArm, callControl } from './invoke-arm.js';
import type { LiveRun } from './live-run.js';

/** What serving needs of where it is done. */
export interface ServingParts {
  /** The context of the unit that is being worked on, if any. */
  readonly currentContext: () => unknown;
  /** The variation that a flag serves to a context, as an exposure; undefined where it serves none. */
  readonly variationOf: (flag: string, context: unknown) => string | undefined;
}

type NoteFault = (operation: RunOperation, run: LiveRun, thrown?: unknown) => void;

/** In place of a context that could not be had: such a call is the control alone. */
export const FAILED = Symbol('failed');

/** Who a call is for; undefined where nobody knows. */
export function contextOf(
  run: LiveRun,
  { context }: CallOptions,
  invocation: Invocation | undefined,
  { currentContext }: ServingParts,
  note: NoteFault,
): unknown {
  try {
    if (context === undefined) return currentContext();
    if (typeof context !== 'function') return context;
    return (context as AnyFunction)(...((invocation?.args ?? []) as never[])); // it takes the call's arguments
  } catch (thrown) {
    note('sample', run, thrown);
    return FAILED;
  }
}

/** The candidate that answers the caller; undefined: the control, also whenever that cannot be told. */
export function servedBy(
  run: LiveRun,
  options: CallOptions,
  context: unknown,
  { variationOf }: ServingParts,
  note: NoteFault,
): string | undefined {
  const { serve } = run.compiled.settings;
  if (serve === undefined || context === FAILED) return undefined;
  try {
    if (variationOf(serve.flag, context ?? {}) !== serve.variation) return undefined;
    const names = candidateNames(options);
    const name = names.length === 1 ? names[0] : names.find((each) => each === serve.variation);
    if (name !== undefined && candidateOf(options, name) !== undefined) return name;
    note('serve', run);
  } catch (thrown) {
    note('serve', run, thrown);
  }
  return undefined;
}

/** The one arm that answers a caller who is not sampled. */
export function callServed(
  run: LiveRun,
  served: string | undefined,
  options: CallOptions,
  invocation: Invocation | undefined,
): unknown {
  if (served === undefined) return callControl(options, invocation);
  const handle = new ArmHandle(run.compiled.settings.key, served, true);
  return callArm({ options, invocation }, 'candidate', served, handle);
}
