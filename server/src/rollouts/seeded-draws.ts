import gammaln from '@stdlib/math-base-special-gammaln';
import type { Random } from '../kernel/seeded-random.js';

/** From this mean on rejection is quicker than waiting, and valid. */
const REJECTION_MEAN = 10;
/** So many units, each with so small a chance, that a binomial number is a Poisson one. */
const POISSON_UNITS = 1e9;

/** How many of `n` units something happens to, each with chance `p`; in a time that does not depend on either. */
export function binomial(random: Random, n: number, p: number): number {
  if (p <= 0 || n <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  return n * p < REJECTION_MEAN ? byWaiting(random, n, p) : byRejection(random, n, p);
}

/** How many independent events happen where so many are to be expected. */
export function poisson(random: Random, mean: number): number {
  return binomial(random, POISSON_UNITS, mean / POISSON_UNITS);
}

/** By the number of units between those it happens to. */
function byWaiting(random: Random, n: number, p: number): number {
  const logStays = Math.log1p(-p);
  let position = 0;
  for (let count = 0; ; count += 1) {
    position += Math.floor(Math.log1p(-random()) / logStays) + 1;
    if (position > n) return count;
  }
}

/**
 * Transformed rejection with squeeze. Source: W. Hörmann, "The generation of binomial random variates", Journal of
 * Statistical Computation and Simulation 46, 1993, algorithm BTRS; its constants are valid for n·p ≥ 10 and p ≤ ½.
 */
function byRejection(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const scale = (2.83 + 5.1 / b) * spread;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((n + 1) * p);
  const logAtMode = gammaln(mode + 1) + gammaln(n - mode + 1);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const fromEdge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / fromEdge + b) * u + center);
    if (count < 0 || count > n) continue;
    if (fromEdge >= 0.07 && v <= squeeze) return count;
    const logRatio = logAtMode - gammaln(count + 1) - gammaln(n - count + 1) + (count - mode) * logOdds;
    if (Math.log((v * scale) / (a / fromEdge ** 2 + b)) <= logRatio) return count;
  }
}
