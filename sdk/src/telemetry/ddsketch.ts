import type { SketchJson } from './batch.js';

export type { SketchJson };

/** How far an answer may lie from the true one, as a part of it. Part of the wire's meaning: never changed in place. */
export const RELATIVE_ACCURACY = 0.01;

/** Smaller magnitudes count as zero, larger ones as the largest: so a sketch holds at most 2,764 buckets per sign. */
const SMALLEST = 1e-9;
const LARGEST = 1e15;

const gamma = (1 + RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY);
const logGamma = Math.log(gamma);

/** The lowest and the highest index a bucket can have. */
export const LOWEST_BUCKET = bucketOf(SMALLEST);
export const HIGHEST_BUCKET = bucketOf(LARGEST);

type SketchBucket = SketchJson['buckets'][number];

export const EMPTY_SKETCH: SketchJson = { zero: 0, buckets: [] };

/**
 * Collects values into a sketch where they arise; its size is bounded, however many there are. Bucket `i` holds the
 * values in (gamma^(i-1), gamma^i], gamma = 1.01 / 0.99; `negative` holds the magnitudes of values below zero.
 * What it hands over is canonical: indexes ascend, no count is 0, `negative` is absent when empty.
 * Source: Masson, Rim & Lee, "DDSketch", VLDB 2019 (arXiv 1908.10693).
 */
export class SketchRecorder {
  #zero = 0;
  #buckets = new Map<number, number>();
  #negative = new Map<number, number>();

  /** Adds one value of any unit; answers false, and adds nothing, when it is not a finite number. */
  add(value: number): boolean {
    if (!Number.isFinite(value)) return false;
    const magnitude = Math.abs(value);
    if (magnitude < SMALLEST) {
      this.#zero += 1;
      return true;
    }
    const buckets = value < 0 ? this.#negative : this.#buckets;
    const index = bucketOf(Math.min(magnitude, LARGEST));
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
    return true;
  }

  /** Hands over what was added and begins anew. */
  take(): SketchJson {
    const sketch = toSketch(this.#zero, this.#buckets, this.#negative);
    this.#zero = 0;
    this.#buckets = new Map();
    this.#negative = new Map();
    return sketch;
  }
}

/** The sketch of all values; a value that is not a finite number is left out. */
export function sketchOf(values: Iterable<number>): SketchJson {
  const recorder = new SketchRecorder();
  for (const value of values) recorder.add(value);
  return recorder.take();
}

/** The sketch that one recorder of both sketches' values would have made; the order does not matter. */
export function mergeSketches(a: SketchJson, b: SketchJson): SketchJson {
  return toSketch(a.zero + b.zero, sum(a.buckets, b.buckets), sum(a.negative ?? [], b.negative ?? []));
}

/** How many values a sketch holds. */
export function countOf(sketch: SketchJson): number {
  return ascending(sketch).reduce((total, { count }) => total + count, 0);
}

/**
 * The value at rank floor(q·(n − 1)) of the sorted values, within 1 % of it; q in [0, 1]. Undefined for an empty
 * sketch, or when q is not a share.
 */
export function quantileOf(sketch: SketchJson, q: number): number | undefined {
  const steps = ascending(sketch);
  const total = countOf(sketch);
  if (total === 0 || !(q >= 0 && q <= 1)) return undefined;
  const rank = Math.floor(q * (total - 1));
  let seen = 0;
  for (const { value, count } of steps) {
    seen += count;
    if (seen > rank) return value;
  }
  return steps.at(-1)?.value;
}

/**
 * How many values lie above a threshold of the same unit. Values within 1 % of the threshold may fall on either side,
 * in the same way in every sketch: both arms of a comparison err alike. Who knows the threshold when values arise
 * counts exactly instead.
 */
export function countAbove(sketch: SketchJson, threshold: number): number {
  return ascending(sketch).reduce((total, { value, count }) => (value > threshold ? total + count : total), 0);
}

interface SketchStep {
  readonly value: number;
  readonly count: number;
}

/** The values a sketch stands for, smallest first: each the point of its bucket that is within 1 % of all of it. */
function ascending(sketch: SketchJson): readonly SketchStep[] {
  const below = [...(sketch.negative ?? [])]
    .reverse()
    .map(([index, count]) => ({ value: -representative(index), count }));
  const above = sketch.buckets.map(([index, count]) => ({ value: representative(index), count }));
  return sketch.zero > 0 ? [...below, { value: 0, count: sketch.zero }, ...above] : [...below, ...above];
}

function bucketOf(magnitude: number): number {
  return Math.ceil(Math.log(magnitude) / logGamma);
}

function representative(index: number): number {
  return (2 * gamma ** index) / (gamma + 1);
}

function sum(a: readonly SketchBucket[], b: readonly SketchBucket[]): Map<number, number> {
  const counts = new Map(a);
  for (const [index, count] of b) counts.set(index, (counts.get(index) ?? 0) + count);
  return counts;
}

function toSketch(
  zero: number,
  buckets: ReadonlyMap<number, number>,
  negative: ReadonlyMap<number, number>,
): SketchJson {
  const above = [...buckets].sort(([a], [b]) => a - b);
  if (negative.size === 0) return { zero, buckets: above };
  return { zero, buckets: above, negative: [...negative].sort(([a], [b]) => a - b) };
}
