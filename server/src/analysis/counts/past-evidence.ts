import type { MetricVerdict } from '../metric-state.js';
import { type ArmCount, evidenceLimit, evidenceText, HARM_RATIOS } from './count-evidence.js';
import { logMeanExp } from './log-sum-exp.js';

/**
 * Evidence that a candidate which everybody has is worse than the stable arm was while there was one. Plain JSON, a
 * vector of sums.
 */
export interface PastEvidence {
  /** Natural logarithm of the evidence for each ratio of bad-event rates. */
  readonly logE: readonly number[];
  /** What has been compared of the candidate. */
  readonly units: number;
  readonly bad: number;
}

export const NO_PAST_EVIDENCE: PastEvidence = { logE: HARM_RATIOS.map(() => 0), units: 0, bad: 0 };

/** What a candidate is compared with when there is no stable arm. */
export interface PastQuestion {
  /** All that is on record of the stable arm. */
  readonly stable: ArmCount;
  readonly margin: number;
  /** That of the comparison of two arms; this one has a tenth of it, on top. */
  readonly alpha: number;
}

/**
 * What one version's rate of bad events, or its mean of a value, does by itself from one hour to another: as much as this is laid to time, not
 * to the candidate. Two arms at the same time need no such allowance.
 */
export const DRIFT = 0.5;
const PART_OF_ALPHA = 0.1;

/**
 * Adds what came of the candidate alone: k·ln r − λ·u·(r − 1), over φ, for each ratio r, where λ is the most that may be
 * bad in a unit: the upper confidence bound of the stable arm's recorded rate, with the margin and the drift on top.
 * For events no more frequent than λ each is a test supermartingale (Poisson; conservative for failures of units), so
 * that by Ville it may be looked at after every tick. What it assumes, and two arms at the same time do not: that the
 * stable arm would have done now as it did then, but for the drift. Trouble that would have met both arms alike is
 * taken for the candidate's.
 */
export function addPastTick(
  evidence: PastEvidence,
  { units, bad, phi }: ArmCount & { readonly phi: number },
  question: PastQuestion,
): PastEvidence {
  const rate = rateBound(question.stable, partOf(question.alpha), phi) * (1 + question.margin) * (1 + DRIFT);
  if (!Number.isFinite(rate) || units === 0) return evidence;
  const logE = HARM_RATIOS.map(
    (ratio, index) =>
      (evidence.logE[index] ?? 0) + (bad * Math.log(ratio) - rate * units * (ratio - 1)) / Math.max(1, phi),
  );
  return { logE, units: evidence.units + units, bad: evidence.bad + bad };
}

export function logPastEvidence({ logE }: PastEvidence): number {
  return logMeanExp(logE);
}

/** As evidenceLimit, of the comparison with the past. */
export function pastLimit(alpha: number): number {
  return evidenceLimit(partOf(alpha));
}

/** Whether a candidate that everybody has is worse than the stable arm was; `pending` while nothing was compared. */
export function judgePast(evidence: PastEvidence, alpha: number): MetricVerdict {
  if (evidence.units === 0) return { state: 'pending', reason: 'not compared with the past of the stable arm yet' };
  const logE = logPastEvidence(evidence);
  const reason = `evidence of harm against the past of the stable arm ${evidenceText(logE, partOf(alpha))}`;
  return { state: logE >= pastLimit(alpha) ? 'fail' : 'pass', reason };
}

/** Half for the bound, half for the evidence. */
function partOf(alpha: number): number {
  return (alpha * PART_OF_ALPHA) / 2;
}

/**
 * The rate that an arm's is above with a chance of at most alpha, however often it is asked: the lowest that one of the
 * ratios, each with its part of alpha, has enough evidence against. Infinity for an arm without units.
 */
export function rateBound({ units, bad }: ArmCount, alpha: number, phi = 1): number {
  const needed = Math.max(1, phi) * evidenceLimit(alpha / HARM_RATIOS.length);
  return Math.min(...HARM_RATIOS.map((ratio) => (needed + bad * Math.log(ratio)) / (units * (1 - 1 / ratio))));
}
