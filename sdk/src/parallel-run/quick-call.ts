import { isPrimitive } from './arm.js';
import { ArmHandle } from './arm-handle.js';
import { callControl, callShadow } from './invoke-arm.js';
import { type Answer, ParallelCall } from './parallel-call.js';
import type { CallHost, SampledCall } from './sampled-call.js';

/** Whether a call has one candidate beside the control, and is neither timed, twinned, told, compared by hooks nor raised. */
export function isQuick({ options, served, hasTwin, isTimed, isTold }: SampledCall): boolean {
  if (isTimed || isTold || hasTwin || served !== undefined || options.raiseOnMismatch === true) return false;
  return options.candidate !== undefined && options.clean === undefined && options.compare === undefined;
}

/**
 * Runs a quick call that answers at once, as far as anybody knows: while its arms, in random order, return primitives,
 * nothing is kept of them, and the same two are one count. As soon as an arm does anything else, a ParallelCall goes on
 * from there.
 */
export function runQuickly(host: CallHost, call: SampledCall): unknown {
  const { run, options, invocation } = call;
  const handle = new ArmHandle(run.compiled.settings.key, 'candidate', options.sideEffects === 'allowed');
  const isPrimaryFirst = host.flip();
  let control: unknown = PENDING;
  let candidate: unknown = PENDING;
  try {
    if (!isPrimaryFirst) candidate = callShadow(host, call, 'candidate', 'candidate', handle);
    if (isPrimaryFirst || isPrimitive(candidate)) control = callControl(options, invocation);
    if (isPrimaryFirst && isPrimitive(control)) candidate = callShadow(host, call, 'candidate', 'candidate', handle);
  } catch (thrown) {
    const isOfControl = control === PENDING && (isPrimaryFirst || candidate !== PENDING);
    const threw: Answer = { hasThrown: true, payload: thrown, isObserved: false };
    return new ParallelCall(host, call, handle).resume({
      isPrimaryFirst,
      primary: isOfControl ? threw : answerOf(control),
      shadow: isOfControl ? answerOf(candidate) : threw,
    });
  }
  if (Object.is(control, candidate) && isPrimitive(control) && !run.isInTrouble) {
    host.recordMatch(call);
    return control;
  }
  const [primary, shadow] = [answerOf(control), answerOf(candidate)];
  return new ParallelCall(host, call, handle).resume({ isPrimaryFirst, primary, shadow });
}

/** Of an arm that was not called yet, or is at it. */
const PENDING = Symbol('pending');

function answerOf(payload: unknown): Answer | undefined {
  return payload === PENDING ? undefined : { hasThrown: false, payload, isObserved: false };
}
