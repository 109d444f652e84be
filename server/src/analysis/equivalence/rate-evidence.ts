import { logMeanExp } from '../counts/log-sum-exp.js';

/** x events in n trials. */
export interface Trials {
  readonly n: number;
  readonly x: number;
}

/** Beyond it nobody waits for evidence. */
const MOST_TRIALS = 1e9;
/** Sums stop here: whatever the limit is, it is reached. */
const OVERWHELMING = 1e300;
const ALTERNATIVES = 32;
/** The smallest rise that evidence of too high a rate is collected for. */
const LEAST_RISE = 1.25;
const HIGHEST_RATE = 0.95;

/**
 * ln of the evidence that the rate of events is below `tolerance`, against "it is at least that": the mixture of all
 * lower rates, each with the same weight. May be looked at after every trial (Ville).
 * E = B(x+1, n−x+1)·I_p(x+1, n−x+1) / (p^(x+1)·(1−p)^(n−x)), VERDICTS.md 5; reckoned as (1−p)/(x+1)·Σ t_k, t_0 = 1,
 * t_(k+1) = t_k·p·(n+2+k)/(x+2+k), which is the same by B_p(a, b) = p^a·(1−p)^b/a · 2F1(a+b, 1; a+1; p) (DLMF 8.17.8)
 * and neither cancels nor underflows. Above 690 it is a lower bound.
 */
export function logEvidenceBelow({ n, x }: Trials, tolerance: number): number {
  let [sum, term] = [1, 1];
  for (let k = 0; ; k += 1) {
    term *= (tolerance * (n + 2 + k)) / (x + 2 + k);
    sum += term;
    if (sum > OVERWHELMING || term < sum * Number.EPSILON) break;
  }
  return Math.log((1 - tolerance) / (x + 1)) + Math.log(sum);
}

/**
 * ln of the evidence that the rate of events is above `tolerance`, against "it is at most that": a mixture of higher
 * rates, evenly spaced in their logarithms so that it is sharp for small rises of small rates. May be looked at after
 * every trial: the likelihood ratio of a higher rate to the tolerance has a mean of at most 1 under every lower rate.
 */
export function logEvidenceAbove({ n, x }: Trials, tolerance: number): number {
  return logMeanExp(
    alternativesTo(tolerance).map(
      (rate) => x * Math.log(rate / tolerance) + (n - x) * (Math.log1p(-rate) - Math.log1p(-tolerance)),
    ),
  );
}

/** How many further trials, all without an event, bring the evidence of `logEvidenceBelow` to a limit; null: too many. */
export function trialsUntilBelow({ n, x }: Trials, tolerance: number, limit: number): number | null {
  const isReached = (more: number) => logEvidenceBelow({ n: n + more, x }, tolerance) >= limit;
  if (isReached(0)) return 0;
  let [low, high] = [0, 1];
  while (!isReached(high)) {
    if (high > MOST_TRIALS) return null;
    [low, high] = [high, high * 2];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isReached(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function alternativesTo(tolerance: number): readonly number[] {
  const lowest = Math.min(tolerance * LEAST_RISE, (tolerance + 1) / 2);
  const highest = Math.max(HIGHEST_RATE, (tolerance + 1) / 2);
  const ratio = (highest / lowest) ** (1 / (ALTERNATIVES - 1));
  return Array.from({ length: ALTERNATIVES }, (_, index) => lowest * ratio ** index);
}
