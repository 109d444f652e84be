import { type AnyFunction, type CallOptions, candidateOf, type Invocation } from './call-options.js';
import type { CallHost, SampledCall } from './sampled-call.js';
import { enterPureShadow, leavePureShadow, type ShadowArm, withinShadow } from './shadow.js';

/** Whose an arm is. */
export type ArmRole = 'control' | 'candidate' | 'twin';

/** When an arm began, and came to its end or answered with a promise; monotonic milliseconds, undefined: not timed. */
export interface ArmTimes {
  startMs: number | undefined;
  endMs: number | undefined;
}

/** The control, for its caller. */
export function callControl(options: CallOptions, invocation: Invocation | undefined): unknown {
  if (invocation === undefined) return options.control();
  return options.control.apply(invocation.receiver, invocation.args as never[]); // as the caller's types have them
}

/** Any arm, by its function. */
export function callArm(
  { options, invocation }: Pick<SampledCall, 'options' | 'invocation'>,
  role: ArmRole,
  name: string,
  handle: ShadowArm,
): unknown {
  if (role === 'control' || (role === 'twin' && options.twin === undefined)) return callControl(options, invocation);
  if (invocation !== undefined) {
    return functionOf(options, role, name).apply(invocation.receiver, invocation.args as never[]); // as above
  }
  if (role === 'candidate' && options.candidate !== undefined) return options.candidate(handle as never);
  return functionOf(options, role, name).call(options, handle as never); // it takes a ShadowArm
}

/** An arm whose answer nobody gets: what it does is told as a shadow's. `work` is how it is called. */
export function callShadow(
  host: CallHost,
  call: SampledCall,
  role: ArmRole,
  name: string,
  handle: ShadowArm,
  work: typeof callArm = callArm,
): unknown {
  if (call.options.sideEffects !== 'none') {
    return withinShadow(handle, () => host.mute(() => work(call, role, name, handle)));
  }
  const outer = enterPureShadow(handle);
  try {
    return work(call, role, name, handle);
  } finally {
    leavePureShadow(outer);
  }
}

/** As `callShadow`, setting `times` within all that wraps the arm: that is no time of the arm's. */
export function callTimedShadow(
  host: CallHost,
  call: SampledCall,
  role: ArmRole,
  name: string,
  handle: ShadowArm,
  times: ArmTimes,
): unknown {
  return callShadow(host, call, role, name, handle, (...arm) => {
    times.startMs = host.clock(call.run);
    try {
      return callArm(...arm);
    } finally {
      times.endMs = host.clock(call.run);
    }
  });
}

function functionOf(options: CallOptions, role: ArmRole, name: string): AnyFunction {
  const found = role === 'twin' ? options.twin : candidateOf(options, name);
  if (found === undefined) throw new TypeError(`There is no candidate '${name}'.`);
  return found;
}
