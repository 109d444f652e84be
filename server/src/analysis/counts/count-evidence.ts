import { logMeanExp } from './log-sum-exp.js';

/** The ratios of bad-event rates that evidence is collected for, each with the same weight. */
export const HARM_RATIOS: readonly number[] = [1.25, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 20];

const safetyRatios: readonly number[] = HARM_RATIOS.map((ratio) => 1 / ratio).reverse();

/**
 * Evidence against a hypothesis about the ratio of bad-event rates, candidate to stable: a test that may be looked at
 * after every tick. Plain JSON, a vector of sums: restarts, retries and ramps change nothing.
 * With all ratios above 1 it speaks against "the ratio is at most `nullRatio`", with all below 1 against "at least".
 */
export interface CountEvidence {
  readonly nullRatio: number;
  /** Alternatives, as multiples of `nullRatio`. */
  readonly ratios: readonly number[];
  /** Natural logarithm of the evidence for each of `ratios`. */
  readonly logE: readonly number[];
  readonly ticks: number;
  /** Bad events of the candidate, and of both arms, as they were counted. */
  readonly k: number;
  readonly n: number;
  readonly candidateUnits: number;
  readonly stableUnits: number;
}

/** What one tick adds. */
export interface CountTick {
  /** Bad events of the candidate. */
  readonly candidateBad: number;
  /** Bad events of both arms. */
  readonly bad: number;
  /** The candidate's part of all units as observed in this tick, from 0 to 1. */
  readonly share: number;
  /** Variance over mean of bad events, at least 1, known before the tick; bursts weigh less by it. */
  readonly phi: number;
  readonly candidateUnits?: number;
  readonly stableUnits?: number;
}

/** Evidence that the candidate is worse than `1 + margin` times the stable arm. */
export function startHarmEvidence(margin = 0): CountEvidence {
  return startEvidence(1 + margin, HARM_RATIOS);
}

/** Evidence that the candidate is better than `1 + margin` times the stable arm: non-inferiority. */
export function startSafetyEvidence(margin: number): CountEvidence {
  return startEvidence(1 + margin, safetyRatios);
}

/** Evidence for each of `ratios` against `nullRatio`; none yet. */
export function startEvidence(nullRatio: number, ratios: readonly number[]): CountEvidence {
  const logE = ratios.map(() => 0);
  return { nullRatio, ratios, logE, ticks: 0, k: 0, n: 0, candidateUnits: 0, stableUnits: 0 };
}

/**
 * Adds a tick: k·ln r − n·ln(1 − ρ' + ρ'·r), over φ, for each ratio r, where ρ' = ρm / (1 − ρ + ρm) is the share under
 * the null ratio m. A tick in which one arm had no traffic, or nothing went bad, says nothing and changes no evidence.
 * Valid at any stopping time for events that are independent given the shares (Ville); exact for Poisson events,
 * conservative for failures of units at margin 0 (Hoeffding 1963); with a margin failures must be rare.
 * Source: Lindon & Malek, "Anytime-valid inference for multinomial count data", arXiv 2011.03567.
 */
export function addTick(evidence: CountEvidence, tick: CountTick): CountEvidence {
  const { candidateBad: k, bad: n, share, phi } = tick;
  const isTelling = share > 0 && share < 1 && n > 0;
  const weighted = share * evidence.nullRatio;
  const nullShare = weighted / (1 - share + weighted);
  const logE = evidence.ratios.map((ratio, index) => {
    const before = evidence.logE[index] ?? 0;
    if (!isTelling) return before;
    return before + (k * Math.log(ratio) - n * Math.log1p(nullShare * (ratio - 1))) / Math.max(1, phi);
  });
  return {
    ...evidence,
    logE,
    ticks: evidence.ticks + 1,
    k: evidence.k + k,
    n: evidence.n + n,
    candidateUnits: evidence.candidateUnits + (tick.candidateUnits ?? 0),
    stableUnits: evidence.stableUnits + (tick.stableUnits ?? 0),
  };
}

/** What one arm saw in a tick. */
export interface ArmCount {
  readonly units: number;
  readonly bad: number;
}

/** The tick of two arms; its share is 0 when neither had a unit. */
export function tickOf(candidate: ArmCount, stable: ArmCount, phi: number): CountTick {
  const units = candidate.units + stable.units;
  return {
    candidateBad: candidate.bad,
    bad: candidate.bad + stable.bad,
    share: units === 0 ? 0 : candidate.units / units,
    phi,
    candidateUnits: candidate.units,
    stableUnits: stable.units,
  };
}

/** The natural logarithm of the evidence: of the mean over all ratios. */
export function logEvidence(evidence: CountEvidence): number {
  return logMeanExp(evidence.logE);
}

/** How much log evidence settles it: ln(1/alpha). Reached with a chance of at most alpha when there is nothing. */
export function evidenceLimit(alpha: number): number {
  return Math.log(1 / alpha);
}

/** For people: "3.2 of 4.6 needed". Shows as much as is needed only when that is reached; 0 for less than none. */
export function evidenceText(logE: number, alpha: number): string {
  const limit = evidenceLimit(alpha);
  const needed = Math.round(limit * 10);
  const tenths = Math.max(0, Math.floor(logE * 10));
  const shown = logE >= limit ? Math.max(tenths, needed) : Math.min(tenths, needed - 1);
  return `${(shown / 10).toFixed(1)} of ${(needed / 10).toFixed(1)} needed`;
}
