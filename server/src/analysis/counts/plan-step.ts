import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { evidenceLimit, HARM_RATIOS } from './count-evidence.js';
import { logMeanExp } from './log-sum-exp.js';

/** A step of a ramp before it starts, as recent traffic lets expect it. */
export interface PlannedStep {
  /** Of both arms. */
  readonly unitsPerMinute: number;
  /** The chance that a unit of the stable arm goes bad. */
  readonly badRate: number;
  /** The candidate's part of all units, from 0 to 1. */
  readonly share: number;
  readonly alpha: number;
  readonly margin: number;
  /** Dispersion of bad events, at least 1. */
  readonly phi: number;
  /** How many metrics share alpha: each has its part. */
  readonly metricsSharingAlpha: number;
}

export interface StepQuestion {
  /** How many times the stable bad rate the candidate's might be. */
  readonly ratio: number;
  readonly holdMinutes: number;
}

/** What a step can see. */
export interface StepPlan {
  /** The median minutes until a rise of that ratio is rolled back; null when not within a year. */
  readonly medianMinutes: number | null;
  /** The smallest ratio that is rolled back within the hold at least every second time; null when none is. */
  readonly detectableRatio: number | null;
  /** The chance, from 0 to 1, that a rise of that ratio is rolled back within the hold. */
  readonly power: number;
}

const MINUTES_PER_YEAR = 525_600;
/** No rise beyond this many times is looked for. */
const LARGEST_RATIO = 1_000;
const HALVINGS = 36;
/** How often evidence is looked at. */
const LOOK_MINUTES = 1;

/**
 * Tells before it starts what a step can see. The log evidence is taken for a Brownian motion with the drift and the
 * variance it has at its best ratio, so that its first passage is inverse Gaussian; the height to pass is what that
 * ratio has when the expected evidence of all ratios together settles it. Looked at every minute, within 15 % of the
 * simulated median (scripts/simulate).
 */
export function planStep(step: PlannedStep, { ratio, holdMinutes }: StepQuestion): StepPlan {
  const passage = passageOf(step, ratio);
  const median = passage && firstWhere((minutes) => chanceBy(passage, minutes) >= 0.5, LOOK_MINUTES, MINUTES_PER_YEAR);
  const isSeen = (candidate: number): boolean => {
    const its = passageOf(step, candidate);
    return its !== undefined && chanceBy(its, holdMinutes) >= 0.5;
  };
  return {
    medianMinutes: median ?? null,
    detectableRatio: firstWhere(isSeen, 1 + step.margin, LARGEST_RATIO) ?? null,
    power: passage ? chanceBy(passage, holdMinutes) : 0,
  };
}

/** The first passage of the log evidence: its mean in minutes, and the shape of the inverse Gaussian. */
interface Passage {
  readonly mean: number;
  readonly shape: number;
}

function passageOf(step: PlannedStep, ratio: number): Passage | undefined {
  const limit = evidenceLimit(step.alpha / Math.max(1, step.metricsSharingAlpha));
  const growths = HARM_RATIOS.map((alternative) => growthOf(step, ratio, alternative));
  const best = growths.reduce((a, b) => (b.drift > a.drift ? b : a));
  const height = limit + overshootOf(best);
  const mean = firstWhere(
    (minutes) => logMeanExp(growths.map(({ drift }) => drift * minutes)) >= height,
    LOOK_MINUTES,
    MINUTES_PER_YEAR,
  );
  if (mean === undefined) return undefined;
  return { mean, shape: (best.drift * mean) ** 2 / best.variance };
}

interface Growth {
  readonly drift: number;
  readonly variance: number;
  /** What one bad event of the candidate adds. */
  readonly gain: number;
}

/**
 * How far beyond the limit the evidence is when it is seen there: by what a look adds to a random walk (Siegmund 1985),
 * by half an event where events are few, or by half a look's drift where they are many.
 */
function overshootOf({ drift, variance, gain }: Growth): number {
  return Math.max(0.583 * Math.sqrt(variance * LOOK_MINUTES), gain / 2, (drift * LOOK_MINUTES) / 2);
}

/** What a minute adds to the log evidence for one alternative: its mean and its variance (binomial failures, bursts). */
function growthOf(step: PlannedStep, ratio: number, alternative: number): Growth {
  const { unitsPerMinute, badRate, share, margin, phi } = step;
  const weighted = share * (1 + margin);
  const perEvent = Math.log1p((weighted / (1 - share + weighted)) * (alternative - 1));
  const candidate = Math.min(1, badRate * ratio);
  const candidateUnits = unitsPerMinute * share;
  const stableUnits = unitsPerMinute * (1 - share);
  const gain = Math.log(alternative) - perEvent;
  const dispersion = Math.max(1, phi);
  return {
    gain,
    drift: (candidateUnits * candidate * gain - stableUnits * badRate * perEvent) / dispersion,
    variance:
      (candidateUnits * candidate * (1 - candidate) * gain ** 2 +
        stableUnits * badRate * (1 - badRate) * perEvent ** 2) /
      dispersion,
  };
}

/** The distribution function of the inverse Gaussian. */
function chanceBy({ mean, shape }: Passage, minutes: number): number {
  if (minutes <= 0) return 0;
  if (!Number.isFinite(shape)) return minutes >= mean ? 1 : 0;
  const scale = Math.sqrt(shape / minutes);
  const reflected = normalCdf(-scale * (minutes / mean + 1), 0, 1);
  const echo = reflected === 0 ? 0 : Math.exp((2 * shape) / mean) * reflected;
  return Math.min(1, normalCdf(scale * (minutes / mean - 1), 0, 1) + echo);
}

/** The smallest value in (low, high] from which on a statement holds, by halving; undefined when it never does. */
function firstWhere(holds: (value: number) => boolean, low: number, high: number): number | undefined {
  if (!holds(high)) return undefined;
  let [below, above] = [low, high];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (below + above) / 2;
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
