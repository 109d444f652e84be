import { logMismatch } from './share-evidence.js';

const HALVINGS = 100;
/** Where so few trials are asked for that no prior is tuned to them. */
const LEAST_PRIOR_UNITS = 0.001;

export interface ProportionQuestion {
  readonly alpha: number;
  /** The number of trials at which the interval is tightest. */
  readonly tunedTrials: number;
}

/**
 * An interval for a proportion that holds at all numbers of trials together: the proportions against which the
 * beta-binomial mixture around them has less evidence than 1/alpha.
 * Source: Howard, Ramdas, McAuliffe & Sekhon 2021, arXiv 1810.08240.
 */
export function proportionInterval(
  successes: number,
  trials: number,
  { alpha, tunedTrials }: ProportionQuestion,
): readonly [low: number, high: number] {
  const logInverse = 2 * Math.log(1 / alpha);
  const priorUnits = Math.max(LEAST_PRIOR_UNITS, tunedTrials / (logInverse + Math.log1p(logInverse)) - 1);
  const limit = Math.log(1 / alpha);
  const isRuledOut = (p: number) => logMismatch([p, 1 - p], [successes, trials - successes], priorUnits) >= limit;
  const estimate = trials === 0 ? 0.5 : successes / trials;
  return [boundary(0, estimate, isRuledOut), boundary(1, estimate, isRuledOut)];
}

/** Where, from the inside of an interval outwards, values come to be ruled out; `outside` when none is. */
function boundary(outside: 0 | 1, inside: number, isRuledOut: (value: number) => boolean): number {
  let [out, within] = [outside as number, inside]; // Widened: it moves.
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (out + within) / 2;
    if (middle === out || middle === within) break;
    if (isRuledOut(middle)) out = middle;
    else within = middle;
  }
  return out;
}
