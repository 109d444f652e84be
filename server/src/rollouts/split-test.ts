import {
  addMinute,
  addTick,
  dispersionOf,
  dispersionOfSums,
  evidenceLimit,
  logEvidence,
  type MinuteSums,
  startHarmEvidence,
  tickOf,
  type ArmCount,
} from '../analysis/index.js';
import type { TrafficMinute } from '../policies/index.js';
import { type Random, seeded } from '../kernel/seeded-random.js';
import { binomial, poisson } from './seeded-draws.js';
import { type Frequency, frequencyOf } from './wilson-interval.js';

/** A metric that acts, and its ordinary traffic. */
export interface SplitMetric {
  readonly name: string;
  readonly margin: number;
  readonly alpha: number;
  /** Whether a unit goes bad once at most, or may count any number of events. */
  readonly counts: 'badUnits' | 'events';
  /** Minute by minute, of the same minutes for every metric. */
  readonly minutes: readonly TrafficMinute[];
}

export interface SplitStep {
  /** The candidate's part of all units, from 0 to 1. */
  readonly share: number;
  readonly minutes: number;
}

/** Ordinary traffic that is split as a ramp would split it, again and again. */
export interface SplitTask {
  readonly steps: readonly SplitStep[];
  readonly metrics: readonly SplitMetric[];
  readonly splits: number;
  /** How many times the bad rate of the candidate is taken to be the ordinary one; above 1. */
  readonly ratios: readonly number[];
  readonly seed: number;
}

/** How a rise of one metric is met. */
export interface SplitDetection {
  readonly metric: string;
  readonly ratio: number;
  readonly caught: Frequency;
  /** Since the ramp began, until half of all splits are rolled back; null: fewer are. */
  readonly medianMinutes: number | null;
}

export interface SplitOutcome {
  /** Splits that were rolled back though both arms are the same. */
  readonly falseRollbacks: Frequency;
  readonly detections: readonly SplitDetection[];
}

/** The engine looks for bursts in the day before an attempt. */
const BURST_MINUTES = 24 * 60;
/** The rise of a metric is measured by the bad rate around it, bursts evened out: so many minutes to each side. */
const RATE_MINUTES = 30;
/** A minute's yield is too often, and ten thousand too seldom. */
const TICKS_PER_PIECE = 500;

/** How many ticks a task takes at most: what its cost goes by. */
export function ticksOf({ steps, metrics, splits, ratios }: SplitTask): number {
  const watched = steps.reduce((sum, step) => sum + (isCompared(step) ? step.minutes : 0), 0);
  return watched * metrics.length * splits * (1 + ratios.length);
}

/**
 * Splits history into two arms by the shares of a ramp and judges them as the engine would:
 * without any difference, and with the candidate's bad events multiplied. Every split begins at a minute of its own and
 * goes round when history ends. The same for the same seed. Yields after pieces of about a millisecond.
 */
export function* splitTest(task: SplitTask): Generator<void, SplitOutcome> {
  const random = seeded(task.seed);
  const arms = task.metrics.map(prepare);
  const length = task.metrics[0]?.minutes.length ?? 0;
  const found = [1, ...task.ratios].map((ratio) => ({ ratio, minutes: arms.map((): number[] => []) }));
  let falseRollbacks = 0;
  for (let split = 0; split < task.splits && length > 0; split += 1) {
    const start = Math.floor(random() * length);
    for (const { ratio, minutes } of found) {
      const fired = yield* runSplit(task, { arms, start, ratio, random });
      fired.forEach((minute, index) => minutes[index]?.push(minute));
      if (ratio === 1 && fired.some((minute) => minute < Infinity)) falseRollbacks += 1;
    }
  }
  return {
    falseRollbacks: frequencyOf(falseRollbacks, length > 0 ? task.splits : 0),
    detections: task.metrics.flatMap(({ name: metric }, index) =>
      found.slice(1).map(({ ratio, minutes }) => ({ metric, ratio, ...detectionOf(minutes[index] ?? []) })),
    ),
  };
}

interface PreparedMetric extends SplitMetric {
  /** How many bad events come together, by their dispersion: 1 where they are independent. */
  readonly burst: number;
  /** Bad events per unit around each minute. */
  readonly rates: readonly number[];
  /** Sums over all minutes before each: of bad events, and of their squares. */
  readonly sums: readonly number[];
  readonly squares: readonly number[];
}

interface SplitRun {
  readonly arms: readonly PreparedMetric[];
  readonly start: number;
  readonly ratio: number;
  readonly random: Random;
}

/** The minute at which each metric would have rolled back; Infinity where none. */
function* runSplit(task: SplitTask, { arms, start, ratio, random }: SplitRun): Generator<void, readonly number[]> {
  const states = arms.map((metric) => ({
    evidence: startHarmEvidence(metric.margin),
    seen: minutesBefore(metric, start),
    fired: Infinity,
  }));
  let elapsed = 0;
  let ticks = 0;
  for (const step of task.steps) {
    if (!isCompared(step)) elapsed += step.minutes;
    for (let minute = 0; isCompared(step) && minute < step.minutes; minute += 1) {
      for (const [index, metric] of arms.entries()) {
        const state = states[index];
        if (state === undefined || state.fired < Infinity) continue;
        const at = (start + elapsed) % metric.minutes.length;
        const { candidate, stable } = splitMinute(metric, at, { share: step.share, ratio, random });
        const { phi } = dispersionOfSums(state.seen);
        state.evidence = addTick(state.evidence, tickOf(candidate, stable, phi));
        state.seen = addMinute(state.seen, stable.bad);
        if (logEvidence(state.evidence) >= evidenceLimit(metric.alpha)) state.fired = elapsed + 1;
        ticks += 1;
        if (ticks % TICKS_PER_PIECE === 0) yield;
      }
      if (states.every(({ fired }) => fired < Infinity)) return states.map(({ fired }) => fired);
      elapsed += 1;
    }
  }
  yield;
  return states.map(({ fired }) => fired);
}

function isCompared({ share }: SplitStep): boolean {
  return share > 0 && share < 1;
}

/**
 * Every unit comes to the candidate with the chance of its share, bad ones burst by burst: what fails together is mostly
 * one caller, and callers stay in their arm. Then some of the candidate's good ones are made bad, each by itself.
 */
function splitMinute(
  metric: PreparedMetric,
  at: number,
  { share, ratio, random }: { readonly share: number; readonly ratio: number; readonly random: Random },
): { readonly candidate: ArmCount; readonly stable: ArmCount } {
  const { units, bad } = metric.minutes[at] ?? { units: 0, bad: 0 };
  const excess = (ratio - 1) * (metric.rates[at] ?? 0);
  const badMoved = moveBursts(random, bad, { size: metric.burst, share });
  if (metric.counts === 'events') {
    const moved = binomial(random, units, share);
    const more = poisson(random, moved * excess);
    return {
      candidate: { units: moved, bad: badMoved + more },
      stable: { units: units - moved, bad: bad - badMoved },
    };
  }
  const goodMoved = binomial(random, units - bad, share);
  const more = binomial(random, goodMoved, Math.min(1, excess));
  const moved = badMoved + goodMoved;
  return { candidate: { units: moved, bad: badMoved + more }, stable: { units: units - moved, bad: bad - badMoved } };
}

function moveBursts(
  random: Random,
  bad: number,
  { size, share }: { readonly size: number; readonly share: number },
): number {
  const bursts = Math.floor(bad / size);
  const rest = bad - bursts * size;
  return size * binomial(random, bursts, share) + rest * binomial(random, rest === 0 ? 0 : 1, share);
}

function prepare(metric: SplitMetric): PreparedMetric {
  const minutes = metric.minutes.map(({ units, bad }) => ({
    units,
    bad: metric.counts === 'badUnits' ? Math.min(bad, units) : bad,
  }));
  const [sums, squares] = [[0], [0]];
  for (const { bad } of minutes) {
    sums.push((sums.at(-1) ?? 0) + bad);
    squares.push((squares.at(-1) ?? 0) + bad ** 2);
  }
  const reach = Math.min(RATE_MINUTES, Math.floor((minutes.length - 1) / 2));
  const rates = minutes.map((_, at) => {
    let [units, bad] = [0, 0];
    for (let offset = -reach; offset <= reach; offset += 1) {
      const near = minutes[(at + offset + minutes.length) % minutes.length];
      units += near?.units ?? 0;
      bad += near?.bad ?? 0;
    }
    return units === 0 ? 0 : bad / units;
  });
  const { phi } = dispersionOf(minutes.map(({ bad }) => bad));
  return { ...metric, minutes, burst: Math.round(phi), rates, sums, squares };
}

/** The bad events of the day before a minute, or of all history where that is shorter; history goes round. */
function minutesBefore({ minutes, sums, squares }: PreparedMetric, start: number): MinuteSums {
  const length = Math.min(BURST_MINUTES, minutes.length);
  const over = (totals: readonly number[]): number => {
    const [all, until] = [totals.at(-1) ?? 0, totals[start] ?? 0];
    const from = start - length;
    return from >= 0 ? until - (totals[from] ?? 0) : until + all - (totals[from + minutes.length] ?? 0);
  };
  return { minutes: length, sum: over(sums), sumSquares: over(squares) };
}

function detectionOf(minutes: readonly number[]): Omit<SplitDetection, 'metric' | 'ratio'> {
  const caught = frequencyOf(minutes.filter((minute) => minute < Infinity).length, minutes.length);
  const median = minutes.toSorted((a, b) => a - b)[Math.ceil(minutes.length / 2) - 1] ?? Infinity;
  return { caught, medianMinutes: median === Infinity ? null : median };
}
