import gammaln from '@stdlib/math-base-special-gammaln';

/** How firmly the prior believes in the intended shares, in units. */
const PRIOR_UNITS = 100;

/** How likely a rollout that splits rightly may ever be suspected. */
export const SHARE_ALPHA = 0.001;

/**
 * Evidence that units are not split as intended, over any number of ramps. Plain JSON. While the intended shares stay
 * the same their units are summed; when they change, the evidence so far is kept and a new segment begins: evidence of
 * fresh data multiplies.
 */
export interface ShareEvidence {
  /** Log evidence of the segments before this one. */
  readonly closed: number;
  /** The intended shares of this segment, one per arm, summing to 1. */
  readonly intended: readonly number[];
  /** Distinct units per arm in this segment. */
  readonly counts: readonly number[];
  /** The greatest log evidence seen at any tick. */
  readonly peak: number;
}

export const NO_SHARE_EVIDENCE: ShareEvidence = { closed: 0, intended: [], counts: [], peak: 0 };

/** What a tick adds: new distinct units per arm, and the shares that were asked for then. */
export interface ShareTick {
  readonly intended: readonly number[];
  readonly counts: readonly number[];
}

/** Adds a tick. One in which an arm was meant to have nothing, or everything, has nothing to compare and is left out. */
export function addShareTick(evidence: ShareEvidence, tick: ShareTick): ShareEvidence {
  if (tick.intended.some((share) => share <= 0 || share >= 1)) return evidence;
  const isSame =
    evidence.intended.length === tick.intended.length &&
    evidence.intended.every((share, arm) => share === tick.intended[arm]);
  const closed = isSame ? evidence.closed : logShareEvidence(evidence);
  const counts = tick.intended.map((_, arm) => (isSame ? (evidence.counts[arm] ?? 0) : 0) + (tick.counts[arm] ?? 0));
  const next = { closed, intended: tick.intended, counts, peak: evidence.peak };
  return { ...next, peak: Math.max(evidence.peak, logShareEvidence(next)) };
}

/** The log evidence now: that of the closed segments, and of this one. */
export function logShareEvidence(evidence: ShareEvidence): number {
  return evidence.closed + logMismatch(evidence.intended, evidence.counts);
}

/** The always-valid p of "split as intended": the inverse of the greatest evidence, at most 1. */
export function shareP(evidence: ShareEvidence): number {
  return Math.min(1, Math.exp(-evidence.peak));
}

/**
 * ln of B(aθ + counts) / B(aθ) / Π θ^counts, B the multivariate beta function, a the prior units (100): the Dirichlet-multinomial likelihood
 * of the counts over their likelihood at the intended shares θ.
 * Source: Lindon & Malek, "Anytime-valid inference for multinomial count data", arXiv 2011.03567.
 */
export function logMismatch(intended: readonly number[], counts: readonly number[], priorUnits = PRIOR_UNITS): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const start = gammaln(priorUnits) - gammaln(priorUnits + total);
  return intended.reduce((sum, share, arm) => {
    const count = counts[arm] ?? 0;
    const prior = priorUnits * share;
    return sum + gammaln(prior + count) - gammaln(prior) - count * Math.log(share);
  }, start);
}
