import { mergeSketches, SketchRecorder, type SketchJson } from './ddsketch.js';

/** What one unit measured under one name. */
export interface Tally {
  /** Credited to this subject's arms only; undefined: to all that the unit was exposed to. */
  readonly only: string | undefined;
  /** Observations, or what was counted. */
  n: number;
  bad: number;
  /** What was counted: one number per unit, in the sums. */
  counted: number;
  sum: number;
  sumSquares: number;
  /** Values of observations, while they are few. */
  values: number[];
  /** Of values beyond those. */
  sketch: SketchRecorder | undefined;
}

/** A unit with more values keeps their sketch instead. */
const VALUE_LIMIT = 256;

export function newTally(only: string | undefined): Tally {
  return { only, n: 0, bad: 0, counted: 0, sum: 0, sumSquares: 0, values: [], sketch: undefined };
}

/** Adds one value. */
export function observe(tally: Tally, value: number, isBad: boolean): void {
  tally.n += 1;
  if (isBad) tally.bad += 1;
  tally.sum += value;
  tally.sumSquares += value * value;
  if (tally.values.length < VALUE_LIMIT) tally.values.push(value);
  else (tally.sketch ??= new SketchRecorder()).add(value);
}

/** Sums of one metric of one arm since they were last taken. */
export class MetricSums {
  n = 0;
  bad = 0;
  anonymousBad = 0;
  sum = 0;
  sumSquares = 0;
  /** Ready to be sent. */
  callers: readonly number[] = [];
  #recorder: SketchRecorder | undefined;
  #merged: SketchJson | undefined;

  get isEmpty(): boolean {
    return this.n === 0 && this.callers.length === 0;
  }

  /**
   * Adds what a unit measured, but for who is bad. A count is one number per unit, so that the sums tell of its mean and
   * spread.
   */
  add(tally: Tally): void {
    this.n += tally.n;
    this.sum += tally.sum + tally.counted;
    this.sumSquares += tally.sumSquares + tally.counted * tally.counted;
  }

  /** Adds values to the sketch, those of a unit with many as a sketch of their own. */
  addValues(values: readonly number[], sketch: SketchJson | undefined): void {
    for (const value of values) (this.#recorder ??= new SketchRecorder()).add(value);
    if (sketch !== undefined) this.#merged = this.#merged ? mergeSketches(this.#merged, sketch) : sketch;
  }

  /** Hands over the sketch; undefined where there are no values. */
  takeSketch(): SketchJson | undefined {
    const recorded = this.#recorder?.take();
    const merged = this.#merged;
    this.#recorder = undefined;
    this.#merged = undefined;
    return recorded && merged ? mergeSketches(recorded, merged) : (recorded ?? merged);
  }
}
