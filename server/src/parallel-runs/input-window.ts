import { type DistinctSample, mergeSamples, NO_INPUTS } from '@sluice/sdk/comparison';
import type { Trials } from '../analysis/index.js';
import type { RunReport } from '../telemetry/index.js';
import {
  addCounted,
  addTrials,
  type CountedInputs,
  type DistinctTrials,
  MAX_STRATA,
  NOTHING_COUNTED,
} from './counted-inputs.js';
import { distinctBounds } from './distinct-bounds.js';

type Told = NonNullable<RunReport['distinct']>;

/** What all processes compared of a pair of versions in one window of time. Its size is bounded. */
export interface InputWindow {
  /** As processes counted, each by itself. */
  readonly told: Trials;
  readonly strata: ReadonlyMap<string, Trials>;
  readonly compared: DistinctSample;
  readonly unequal: DistinctSample;
}

/** As it is stored: the window that goes on, and what those before it came to. Plain JSON. */
export interface StoredWindow {
  /** Whole windows since 1970: windows begin at the same moments wherever reports arrive. */
  readonly index: number;
  readonly told: Told;
  readonly before: CountedInputs;
}

/** A window and which it is, see StoredWindow. */
export interface ArrivedWindow {
  readonly index: number;
  readonly window: InputWindow;
}

const NO_STRATUM = -1;

const NO_TRIALS: Trials = { n: 0, x: 0 };
const NO_WINDOW: InputWindow = {
  told: NO_TRIALS,
  strata: new Map(),
  compared: NO_INPUTS,
  unequal: NO_INPUTS,
};

/** What one report of a process says; undefined of an SDK that does not name inputs, or of none that can be named. */
export function windowOf({ distinct }: RunReport): InputWindow | undefined {
  return distinct === undefined ? undefined : readWindow(distinct);
}

/** Two parts of one window as one. */
export function mergeWindows(one: InputWindow, other: InputWindow): InputWindow {
  return {
    told: addTrials(one.told, other.told),
    strata: sumOf(one.strata, other.strata, addTrials, MAX_STRATA),
    compared: mergeSamples(one.compared, other.compared),
    unequal: mergeSamples(one.unequal, other.unequal),
  };
}

/**
 * Adds what arrived to what is stored, of the window that goes on or of a later one, which ends it. What arrives late
 * counts in the window that goes on: so an input still counts once in each.
 */
export function addToStored(stored: StoredWindow | null, { index, window }: ArrivedWindow): StoredWindow {
  if (stored === null) return storedWindow(index, window, NOTHING_COUNTED);
  const current = readWindow(stored.told);
  if (index <= stored.index) return storedWindow(stored.index, mergeWindows(current, window), stored.before);
  return storedWindow(index, window, addCounted(stored.before, countOf(current)));
}

/** How many inputs there are in all windows. */
export function countStored({ told, before }: StoredWindow): CountedInputs {
  return addCounted(before, countOf(readWindow(told)));
}

/**
 * How many inputs there are in one window. What one process counted is no bound: it forgets inputs when its memory is
 * full, and counts them again.
 */
export function countOf({ told, strata, compared, unequal }: InputWindow): CountedInputs {
  const all = { compared: compared.marks.size, unequal: unequal.marks.size };
  const depths = { compared: compared.depth, unequal: unequal.depth };
  const [comparedBy, unequalBy] = [countStrata(compared), countStrata(unequal)];
  return {
    ...trialsOf(told, depths, all),
    strata: Array.from(strata, ([stratum, toldOfIt]) => {
      const sampled = { compared: comparedBy.get(stratum) ?? 0, unequal: unequalBy.get(stratum) ?? 0 };
      return { stratum, ...trialsOf(toldOfIt, depths, sampled) };
    }),
  };
}

/**
 * There are no more inputs than processes counted. Of unequal ones an estimate is never taken for the most there are:
 * no error of it may certify.
 */
function trialsOf(told: Trials, depths: InputCounts, sampled: InputCounts): DistinctTrials {
  const n = distinctBounds(depths.compared, sampled.compared);
  const x = distinctBounds(depths.unequal, sampled.unequal);
  return {
    told,
    fewest: { n: Math.min(told.n, n[0]), x: Math.min(told.x, x[0]) },
    most: { n: Math.min(told.n, n[1]), x: depths.unequal === 0 ? Math.min(told.x, x[1]) : told.x },
  };
}

interface InputCounts {
  readonly compared: number;
  readonly unequal: number;
}

function countStrata({ marks }: DistinctSample): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { stratum } of marks.values()) counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
  return counts;
}

function sumOf<T>(
  one: ReadonlyMap<string, T>,
  other: ReadonlyMap<string, T>,
  add: (one: T, other: T) => T,
  limit: number,
): ReadonlyMap<string, T> {
  const sum = new Map(one);
  for (const [key, each] of other) {
    const known = sum.get(key);
    if (known !== undefined || sum.size < limit) sum.set(key, known === undefined ? each : add(known, each));
  }
  return sum;
}

function readWindow({ n, x, strata, compared, unequal }: Told): InputWindow {
  const names = strata.map(({ stratum }) => stratum);
  return mergeWindows(NO_WINDOW, {
    told: { n, x },
    strata: new Map(strata.map(({ stratum, ...trials }) => [stratum, trials])),
    compared: readSample(compared, names),
    unequal: readSample(unequal, names),
  });
}

function readSample({ depth, marks }: Told['compared'], names: readonly string[]): DistinctSample {
  return { depth, marks: new Map(marks.map(([digest, level, at]) => [digest, { level, stratum: names[at] ?? '' }])) };
}

function storedWindow(index: number, window: InputWindow, before: CountedInputs): StoredWindow {
  const { told, strata, compared, unequal } = window;
  const places = new Map([...strata.keys()].map((stratum, at) => [stratum, at]));
  return {
    index,
    told: {
      ...told,
      strata: Array.from(strata, ([stratum, trials]) => ({ stratum, ...trials })),
      compared: storedSample(compared, places),
      unequal: storedSample(unequal, places),
    },
    before,
  };
}

function storedSample({ depth, marks }: DistinctSample, places: ReadonlyMap<string, number>): Told['compared'] {
  return {
    depth,
    marks: Array.from(marks, ([digest, { level, stratum }]) => [digest, level, places.get(stratum) ?? NO_STRATUM]),
  };
}
