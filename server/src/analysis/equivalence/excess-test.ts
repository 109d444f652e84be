import gammaln from '@stdlib/math-base-special-gammaln';

/** Calls in which the control ran twice: b, the candidate alone differed; c, the twin alone did. */
export interface TwinCounts {
  readonly n: number;
  readonly b: number;
  readonly c: number;
}

/** How much more often the candidate differs from the control than the control from itself; null without twins. */
export function excessRate({ n, b, c }: TwinCounts): number | null {
  return n === 0 ? null : (b - c) / n;
}

/**
 * P(Bin(b + c, ½) ≥ b): the chance of so much excess or more where candidate and twin differ equally often. Exact and
 * one-sided: the sign test of discordant pairs (McNemar 1947).
 */
export function excessP({ b, c }: Pick<TwinCounts, 'b' | 'c'>): number {
  if (b <= c) return b === 0 ? 1 : Math.min(1, 1 - tail(b + c, c + 1));
  return tail(b + c, b);
}

/** P(Bin(trials, ½) ≥ from), for a `from` above the middle: terms fall geometrically. */
function tail(trials: number, from: number): number {
  if (from > trials) return 0;
  let term = Math.exp(logChoose(trials, from) - trials * Math.LN2);
  let sum = term;
  for (let k = from; k < trials && term > sum * Number.EPSILON; k += 1) {
    term *= (trials - k) / (k + 1);
    sum += term;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}
