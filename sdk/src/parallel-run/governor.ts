/** What a run may cost: see the settings' `budget`. */
export interface OverheadBudget {
  /** Mean milliseconds added to a sampled call, those that were shed included. */
  readonly addedMs: number;
  readonly loopDelayMs: number;
}

/** Unspent budget of so many calls may be spent at once. */
const SAVED_CALLS = 20;
const LEAST_RATE = 1 / 256;
const INCREASE = 1 / 20;
const DECREASE = 1 / 2;

/**
 * Milliseconds owed after `calls` more, which added so much together; negative where budget is left. While nothing is
 * run that owes something, the mean is bounded by the budget, whatever single calls cost, and by what the last overdrew.
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
