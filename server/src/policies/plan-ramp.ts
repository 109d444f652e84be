import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { addTick, type CountEvidence, evidenceLimit, logEvidence, startHarmEvidence } from '../analysis/index.js';

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
  const endless = stretches.map((each, index) =>
    index === stretches.length - 1 ? { ...each, minutes: each.minutes + LONGEST_MINUTES } : each,
  );
  const pathAt = (minutes: number): Path => pathOf(question, endless, minutes);
  const best = bestAlternative(pathAt(watched + LONGEST_MINUTES).evidence);
  const limit = evidenceLimit(alpha);
  const isExpected = (minutes: number): boolean => {
    const { evidence, last } = pathAt(minutes);
    return logEvidence(evidence) >= limit + overshootOf(eventsOf(question, last, best));
  };
  if (!isExpected(watched + LONGEST_MINUTES)) return UNSEEN;
  const height = pathAt(firstWhere(isExpected, watched + LONGEST_MINUTES)).evidence.logE[best] ?? Infinity;
  const chanceBy = (minutes: number): number => {
    const { evidence, variances } = pathAt(minutes);
    return passageChance(evidence.logE[best] ?? 0, variances[best] ?? 0, height);
  };
  const chance = chanceBy(watched);
  return {
    chance,
    medianMinutes:
      chance < 0.5
        ? null
        : sinceStart(
            stretches,
            firstWhere((t) => chanceBy(t) >= 0.5, watched),
          ),
  };
}

/** What is to be expected after so many minutes of watching. */
interface Path {
  readonly evidence: CountEvidence;
  /** Of the log evidence for each alternative. */
  readonly variances: readonly number[];
  /** The share that was reached. */
  readonly last: number;
}

function pathOf(question: RampQuestion, stretches: readonly RampStretch[], minutes: number): Path {
  const { badPerMinute, ratio, phi } = question;
  let left = minutes;
  let evidence = startHarmEvidence(question.margin);
  let variances: readonly number[] = evidence.ratios.map(() => 0);
  let last = stretches[0]?.share ?? 0;
  for (const stretch of stretches) {
    if (left <= 0) break;
    const [time, { share }] = [Math.min(left, stretch.minutes), stretch];
    left -= time;
    last = share;
    const candidateBad = badPerMinute * time * share * ratio;
    evidence = addTick(evidence, { candidateBad, bad: candidateBad + badPerMinute * time * (1 - share), share, phi });
    variances = variances.map((variance, index) => variance + time * eventsOf(question, share, index).variance);
  }
  return { evidence, variances, last };
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
function overshootOf({ gain, drift, variance }: Events): number {
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
