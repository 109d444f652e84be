/** What a run may cost: see the settings' `budget`. */
export interface OverheadBudget {
  /** Mean milliseconds added to a sampled call, those that were shed included. */
  readonly addedMs: number;
  readonly loopDelayMs: number;
}

/** How much of the sampled calls is run, and what earlier ones have overdrawn. */
export interface Allowance {
  /** Of the calls that may be run, the part that is: above 0, at most 1. */
  readonly rate: number;
  /** Milliseconds that were added beyond the budget, negative where there is some left. */
  readonly debtMs: number;
}

export const FULL_ALLOWANCE: Allowance = { rate: 1, debtMs: 0 };

/** Unspent budget of so many calls may be spent at once. */
const SAVED_CALLS = 20;
const LEAST_RATE = 1 / 256;
const INCREASE = 1 / 20;
const DECREASE = 1 / 2;

/** Whether a sampled call is to be run; `random` from 0 to 1. */
export function admits(allowance: Allowance, random: number): boolean {
  return allowance.debtMs <= 0 && random < allowance.rate;
}

/**
 * What is owed after `calls` more, which added so much together: with `admits` it bounds the mean whatever single calls
 * cost, by the budget and what the last one overdrew.
 */
export function debtAfter(debtMs: number, addedMs: number, calls: number, budget: OverheadBudget): number {
  return Math.max(-SAVED_CALLS * budget.addedMs, debtMs + addedMs - calls * budget.addedMs);
}

/**
 * The rate for the next interval: additive increase, multiplicative decrease (Chiu and Jain, 1989). Either signal
 * beyond its budget decreases it: `meanAddedMs` over the interval's sampled calls, and the loop's longest delay.
 */
export function nextRate(
  rate: number,
  seen: { readonly meanAddedMs: number; readonly loopDelayMs: number },
  budget: OverheadBudget,
): number {
  const isOver = seen.meanAddedMs > budget.addedMs || seen.loopDelayMs > budget.loopDelayMs;
  return isOver ? Math.max(LEAST_RATE, rate * DECREASE) : Math.min(1, rate + INCREASE);
}
