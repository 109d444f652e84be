import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import {
  addTick,
  type CountEvidence,
  type CountTick,
  evidenceLimit,
  logEvidence,
  startHarmEvidence,
} from '../analysis/index.js';

/** A step that compares two arms, and how long. */
export interface RampStretch {
  /** The candidate's part of all units, between 0 and 1. */
  readonly share: number;
  /** Since the ramp began. */
  readonly fromMinute: number;
  readonly minutes: number;
}

/** A rise of one metric, and what would be seen of it. */
export interface RampQuestion {
  /** In the order of time. */
  readonly stretches: readonly RampStretch[];
  /** Bad events of both arms in a minute, were the candidate no worse. */
  readonly badPerMinute: number;
  readonly ratio: number;
  readonly phi: number;
  readonly margin: number;
  readonly alpha: number;
}

export interface RampAnswer {
  /** The chance, from 0 to 1, that the ramp rolls the rise back. */
  readonly chance: number;
  /** Since the ramp began, until half of all such rises are rolled back; null: fewer are. */
  readonly medianMinutes: number | null;
}

const LONGEST_MINUTES = 30 * 24 * 60;
const HALVINGS = 40;
const UNSEEN: RampAnswer = { chance: 0, medianMinutes: null };

/**
 * What a whole ramp sees of a rise. As planStep, but that drift and variance of the log evidence add up over steps of
 * different shares: the first passage of a Brownian motion whose clock is its variance. Within 15 % of simulations.
 */
export function planRamp(question: RampQuestion): RampAnswer {
  const { stretches, badPerMinute, alpha } = question;
  const watched = stretches.reduce((sum, { minutes }) => sum + minutes, 0);
  if (watched === 0 || badPerMinute === 0) return UNSEEN;
  // The last share goes on for as long as it takes, so that the height to pass is known where the ramp is too short.
  const whole = watched + LONGEST_MINUTES;
  const legs = legsOf(question);
  const best = bestAlternative(pathAt(question, legs, whole).evidence);
  const each = legs.map(({ share }) => eventsOf(question, share, best));
  const limit = evidenceLimit(alpha);
  const isExpected = (minutes: number): boolean => {
    const { evidence, leg } = pathAt(question, legs, minutes);
    return logEvidence(evidence) >= limit + overshootOf(each[leg]);
  };
  if (!isExpected(whole)) return UNSEEN;
  const height = pathAt(question, legs, firstWhere(isExpected, whole)).evidence.logE[best] ?? Infinity;
  const chanceBy = (minutes: number): number => {
    const { evidence } = pathAt(question, legs, minutes);
    const variance = legs.reduce((sum, { from }, at) => {
      const time = Math.min(minutes, legs[at + 1]?.from ?? Infinity) - from;
      return sum + Math.max(0, time) * (each[at]?.variance ?? 0);
    }, 0);
    return passageChance(evidence.logE[best] ?? 0, variance, height);
  };
  const chance = chanceBy(watched);
  if (chance < 0.5) return { chance, medianMinutes: null };
  const median = firstWhere((minutes) => chanceBy(minutes) >= 0.5, watched);
  return { chance, medianMinutes: sinceStart(stretches, median) };
}

/** A stretch, the minutes of watching before it, and the evidence that is to be expected of those. */
interface Leg {
  readonly share: number;
  readonly from: number;
  readonly evidence: CountEvidence;
}

function legsOf(question: RampQuestion): readonly Leg[] {
  let evidence = startHarmEvidence(question.margin);
  let from = 0;
  return question.stretches.map(({ share, minutes }) => {
    const leg = { share, from, evidence };
    evidence = addTick(evidence, expectedTick(question, share, minutes));
    from += minutes;
    return leg;
  });
}

/** What is to be expected after so many minutes of watching, and the leg that was reached. */
function pathAt(
  question: RampQuestion,
  legs: readonly Leg[],
  minutes: number,
): { readonly evidence: CountEvidence; readonly leg: number } {
  const reached = legs.findLastIndex(({ from }) => from <= minutes);
  const leg = legs[reached];
  if (leg === undefined) return { evidence: startHarmEvidence(question.margin), leg: 0 };
  const tick = expectedTick(question, leg.share, minutes - leg.from);
  return { evidence: addTick(leg.evidence, tick), leg: reached };
}

function expectedTick({ badPerMinute, ratio, phi }: RampQuestion, share: number, minutes: number): CountTick {
  const candidateBad = badPerMinute * minutes * share * ratio;
  return { candidateBad, bad: candidateBad + badPerMinute * minutes * (1 - share), share, phi };
}

interface Events {
  /** What a bad event of the candidate adds to the log evidence for an alternative. */
  readonly gain: number;
  /** What a minute adds to its mean and its variance. */
  readonly drift: number;
  readonly variance: number;
}

function eventsOf({ badPerMinute, ratio, phi, margin }: RampQuestion, share: number, alternative: number): Events {
  const one = (candidateBad: number): number =>
    addTick(startHarmEvidence(margin), { candidateBad, bad: 1, share, phi }).logE[alternative] ?? 0;
  const [gain, loss] = [one(1), one(0)];
  const [candidate, stable] = [badPerMinute * share * ratio, badPerMinute * (1 - share)];
  return {
    gain: gain * phi,
    drift: candidate * gain + stable * loss,
    // Bursts make counts vary phi times as much as independent events do.
    variance: phi * (candidate * gain ** 2 + stable * loss ** 2),
  };
}

/** As planStep has it: half an event where they are few, half a look's drift where they are many, or Siegmund's. */
function overshootOf(events: Events | undefined): number {
  const { gain, drift, variance } = events ?? { gain: 0, drift: 0, variance: 0 };
  return Math.max(0.583 * Math.sqrt(variance), gain / 2, drift / 2);
}

function bestAlternative({ logE }: CountEvidence): number {
  return logE.indexOf(Math.max(...logE));
}

/** The chance that a Brownian motion has passed a height by the time its mean and variance are these. */
function passageChance(mean: number, variance: number, height: number): number {
  if (variance <= 0) return 0;
  const scale = Math.sqrt(variance);
  const reflected = normalCdf(-(height + mean) / scale, 0, 1);
  const echo = reflected === 0 ? 0 : Math.exp((2 * mean * height) / variance) * reflected;
  return Math.min(1, normalCdf((mean - height) / scale, 0, 1) + echo);
}

/** Minutes of watching as minutes since the ramp began. */
function sinceStart(stretches: readonly RampStretch[], watched: number): number {
  let left = watched;
  for (const { fromMinute, minutes } of stretches) {
    if (left <= minutes) return fromMinute + left;
    left -= minutes;
  }
  return watched;
}

/** The smallest value up to `high` at which a statement holds that holds from there on. */
function firstWhere(holds: (value: number) => boolean, high: number): number {
  let [below, above] = [0, high];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (below + above) / 2;
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
