import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/**
 * An arm that runs for the comparison alone. Within one, also asynchronously, `shadow()` answers it, so that whatever
 * writes can refuse to.
 */
export interface ShadowArm {
  /** Key of the parallel run. */
  readonly run: string;
  /** `candidate` or its name, `twin`, or `control` where a candidate serves. */
  readonly arm: string;
  /** Aborts when the arm is given up. Never where it serves the caller. */
  readonly signal: AbortSignal;
  /** Whether it may write all the same: `sideEffects: 'allowed'`. */
  readonly mayWrite: boolean;
}

const arms = new AsyncLocalStorage<ShadowArm>();
/** Of an arm without side effects, which is told by no asynchronous context: that would cost more than most of them. */
let pureArm: ShadowArm | undefined;
/** Whether there was ever an arm that its context tells: until then no context has to be looked into. */
let hasGuarded = false;

/** The shadow arm that is being run; undefined where what is done is done for a caller. */
export function currentShadow(): ShadowArm | undefined {
  return pureArm ?? arms.getStore();
}

/** Whether a shadow arm is being run. */
export function isWithinShadow(): boolean {
  return pureArm !== undefined || (hasGuarded && arms.getStore() !== undefined);
}

/**
 * Runs the work as a shadow arm: what it does and starts is told by `currentShadow`. As `arms.run`, which would let the
 * caller have whatever other contexts the work enters, and takes half as long again on Node 24: that makes one context to
 * enter and another to come back, where a scope comes back to the one that it left. What caused it (`triggerAsyncId`, for
 * tools alone) is told as unknown: to look that up would take a tenth more.
 */
export function withinShadow<T>(arm: ShadowArm, work: () => T): T {
  hasGuarded = true;
  return new AsyncResource('SluiceShadowArm', 0).runInAsyncScope(enterShadow<T>, undefined, arm, work);
}

function enterShadow<T>(arm: ShadowArm, work: () => T): T {
  arms.enterWith(arm);
  return work();
}

/**
 * From here on until `leavePureShadow` an arm is run that was declared to do nothing but answer: only its synchronous part
 * is told. Answers what to leave it with. No function takes the work: it would have to be made for every call.
 */
export function enterPureShadow(arm: ShadowArm): ShadowArm | undefined {
  const outer = pureArm;
  pureArm = arm;
  return outer;
}

export function leavePureShadow(outer: ShadowArm | undefined): void {
  pureArm = outer;
}
