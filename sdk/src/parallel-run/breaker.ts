/**
 * Keeps a candidate that only fails from being called. closed: it is called. open: it is not, until a time.
 * halfOpen: one call is under way to tell whether it works again.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number; readonly trips: number }
  | { readonly state: 'open'; readonly untilMs: number; readonly trips: number }
  | { readonly state: 'halfOpen'; readonly untilMs: number; readonly trips: number };

export const CLOSED: Breaker = { state: 'closed', failures: 0, trips: 0 };

/** Errors and time-outs in a row. */
export const FAILURE_LIMIT = 10;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/** The breaker once a call is let through, or undefined when it is not. Times are monotonic milliseconds. */
export function letThrough(breaker: Breaker, nowMs: number): Breaker | undefined {
  if (breaker.state === 'closed') return breaker;
  // A trial that never came to an end makes room for the next.
  if (nowMs < breaker.untilMs) return undefined;
  return { state: 'halfOpen', untilMs: nowMs + pauseMs(breaker.trips), trips: breaker.trips };
}

/** The breaker after a call came to an end. Calls that began before it opened say nothing new. */
export function afterCall(breaker: Breaker, isFailure: boolean, nowMs: number): Breaker {
  if (breaker.state === 'open') return breaker;
  if (!isFailure) return CLOSED;
  const failures = breaker.state === 'halfOpen' ? FAILURE_LIMIT : breaker.failures + 1;
  if (failures < FAILURE_LIMIT) return { state: 'closed', failures, trips: breaker.trips };
  const trips = breaker.trips + 1;
  return { state: 'open', untilMs: nowMs + pauseMs(trips), trips };
}

/** Each time that it opens again without a success, twice as long. */
function pauseMs(trips: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, trips - 1));
}
