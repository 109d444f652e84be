/**
 * Parallel runs written by hand: the least that a runner does for its callers, whatever else it offers. They sample every
 * call, count matches alone, wait for candidates for ever, and hear of no input: what a runner costs beyond them it spends
 * on sampling, deadlines, budgets, breakers and evidence.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Arms<T> {
  readonly control: () => T;
  readonly candidate: (arm: object) => T;
}

const marks = new AsyncLocalStorage<object>();
let matches = 0;

/**
 * What any function that takes such options costs, whatever it does with them. The control is called by its options, which
 * may be its `this`: so they are made, which the engine leaves out where nobody but the runner gets them.
 */
export function offByHand<T>(arms: Arms<T>): T {
  return arms.control();
}

/** Both arms in random order, and the two compared. */
export function sampledByHand<T>(arms: Arms<T>): T {
  return sampled(arms, callCandidate);
}

/** As `sampledByHand`; whatever the candidate does and starts can tell that it is not done for a caller. */
export function guardedByHand<T>(arms: Arms<T>): T {
  return sampled(arms, callMarked);
}

/** As `sampledByHand`, of arms that answer with promises: the caller gets the control's own. */
export function sampledAsyncByHand<T>(arms: Arms<Promise<T>>): Promise<T> {
  return observed(arms, callCandidate);
}

export function guardedAsyncByHand<T>(arms: Arms<Promise<T>>): Promise<T> {
  return observed(arms, callMarked);
}

/** So that nothing can be left out: how many calls of these came to the same. */
export function matchesByHand(): number {
  return matches;
}

function sampled<T>(arms: Arms<T>, call: (arms: Arms<T>) => T): T {
  const isControlFirst = Math.random() < 0.5;
  const early = isControlFirst ? undefined : call(arms);
  const control = arms.control();
  const candidate = isControlFirst ? call(arms) : early;
  if (Object.is(control, candidate)) matches += 1;
  return control;
}

function observed<T>(arms: Arms<Promise<T>>, call: (arms: Arms<Promise<T>>) => Promise<T>): Promise<T> {
  const pair = new Pair();
  const isControlFirst = Math.random() < 0.5;
  if (!isControlFirst) pair.observeCandidate(call(arms));
  const control = arms.control();
  pair.observeControl(control);
  if (isControlFirst) pair.observeCandidate(call(arms));
  return control;
}

/** Two promises, each observed as soon as there is one, lest its value is changed or its rejection ends the process. */
class Pair {
  #open = 2;
  #control: unknown = undefined;
  #candidate: unknown = undefined;

  observeControl(promise: Promise<unknown>): void {
    promise.then(
      (value) => this.#settleControl(value),
      (thrown: unknown) => this.#settleControl(thrown),
    );
  }

  observeCandidate(promise: Promise<unknown>): void {
    promise.then(
      (value) => this.#settleCandidate(value),
      (thrown: unknown) => this.#settleCandidate(thrown),
    );
  }

  #settleControl(payload: unknown): void {
    this.#control = payload;
    this.#end();
  }

  #settleCandidate(payload: unknown): void {
    this.#candidate = payload;
    this.#end();
  }

  #end(): void {
    this.#open -= 1;
    if (this.#open === 0 && Object.is(this.#control, this.#candidate)) matches += 1;
  }
}

function callCandidate<T>(arms: Arms<T>): T {
  return arms.candidate({});
}

function callMarked<T>(arms: Arms<T>): T {
  const mark = {};
  return marks.run(mark, arms.candidate, mark);
}
