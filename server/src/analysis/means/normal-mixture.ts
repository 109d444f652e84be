/** A bound for sums of independent deviations that holds at all times together, and how it is tuned. */
export interface NormalMixture {
  /** The precision of the mixture, in units of variance. */
  readonly rho: number;
  readonly sides: 1 | 2;
}

/** The mixture whose bound is tightest at the variance `bestAt`. One-sided, it is tuned like the two-sided of 2·alpha. */
export function tunedMixture(bestAt: number, alpha: number, sides: 1 | 2): NormalMixture {
  const logInverse = -2 * Math.log(sides === 1 ? 2 * alpha : alpha);
  return { rho: bestAt / (logInverse + Math.log(logInverse + 1)), sides };
}

/** ln of the two-sided evidence that a sum of variance `v` has a mean other than 0. */
export function logMixtureEvidence({ rho }: NormalMixture, sum: number, v: number): number {
  return Math.log(rho / (v + rho)) / 2 + sum ** 2 / (2 * (v + rho));
}

/**
 * How far a sum with mean 0 may stray by the time its variance is `v`, with a chance of at most alpha ever to do so.
 * One-sided it is the closed-form upper bound of Waudby-Smith et al.
 * Sources: Howard et al. 2021, arXiv 1810.08240; Waudby-Smith et al., arXiv 2103.06476.
 */
export function mixtureBound({ rho, sides }: NormalMixture, v: number, alpha: number): number {
  const growth = Math.sqrt((v + rho) / rho);
  const logChance = sides === 2 ? Math.log(growth / alpha) : Math.log1p(growth / (2 * alpha));
  return Math.sqrt(2 * (v + rho) * logChance);
}
