import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countAbove,
  countOf,
  EMPTY_SKETCH,
  HIGHEST_BUCKET,
  LOWEST_BUCKET,
  mergeSketches,
  quantileOf,
  RELATIVE_ACCURACY,
  SketchRecorder,
  sketchOf,
} from './ddsketch.js';

/** Beyond 1 %: what logarithm and power round. */
const ROUNDING = 1e-9;

const magnitude = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const value = fc.oneof(
  magnitude,
  magnitude.map((each) => -each),
  fc.constant(0),
  fc.integer({ min: -50, max: 50 }),
);
const values = fc.array(value, { minLength: 1, maxLength: 200 });

describe('a sketch', () => {
  it.each<[string, readonly number[], unknown]>([
    ['nothing', [], { zero: 0, buckets: [] }],
    ['one', [1], { zero: 0, buckets: [[0, 1]] }],
    ['zeros of all kinds', [0, -0, 1e-10, -1e-10], { zero: 4, buckets: [] }],
    [
      'neighbours within 1 % and a value twice as large',
      [100, 100.5, 200],
      {
        zero: 0,
        buckets: [
          [231, 2],
          [265, 1],
        ],
      },
    ],
    ['negative values by magnitude', [-1, 1], { zero: 0, buckets: [[0, 1]], negative: [[0, 1]] }],
  ])('of %s is plain JSON', (_name, given, json) => {
    expect(JSON.parse(JSON.stringify(sketchOf(given)))).toEqual(json);
  });

  it('leaves out what is not a number, and says so', () => {
    const recorder = new SketchRecorder();
    expect([NaN, Infinity, -Infinity, 5].map((each) => recorder.add(each))).toEqual([false, false, false, true]);
    expect(countOf(recorder.take())).toBe(1);
    expect(recorder.take()).toEqual(EMPTY_SKETCH);
  });

  it('stays small, whatever it is given', () => {
    const sketch = sketchOf([Number.MIN_VALUE, Number.MAX_VALUE, 1e-9, 1e15, 2e15]);
    expect(sketch).toEqual({
      zero: 1,
      buckets: [
        [LOWEST_BUCKET, 1],
        [HIGHEST_BUCKET, 3],
      ],
    });
    expect(HIGHEST_BUCKET - LOWEST_BUCKET + 1).toBeLessThanOrEqual(2_764);
  });
});

describe('quantileOf', () => {
  it('lies within 1 % of the exact value of that rank', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, q) => {
        const exact = [...given].sort((a, b) => a - b)[Math.floor(q * (given.length - 1))] ?? NaN;
        const answer = quantileOf(sketchOf(given), q) ?? NaN;
        expect(Math.abs(answer - exact)).toBeLessThanOrEqual(Math.abs(exact) * (RELATIVE_ACCURACY + ROUNDING));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([-0.1, 1.1, NaN])('has no answer at %s', (q) => {
    expect(quantileOf(sketchOf([1, 2]), q)).toBeUndefined();
  });

  it('has no answer where there is nothing', () => {
    expect(quantileOf(EMPTY_SKETCH, 0.5)).toBeUndefined();
  });
});

describe('countAbove', () => {
  it('errs only on values within 1 % of the threshold', () => {
    fc.assert(
      fc.property(values, value, (given, threshold) => {
        const slack = Math.abs(threshold) * (RELATIVE_ACCURACY + ROUNDING);
        const answer = countAbove(sketchOf(given), threshold);
        expect(answer).toBeGreaterThanOrEqual(given.filter((each) => each > threshold + slack).length);
        expect(answer).toBeLessThanOrEqual(given.filter((each) => each > threshold - slack).length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('mergeSketches', () => {
  it('makes what one recorder of all values would have made, in any order', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const whole = sketchOf([...a, ...b, ...c]);
        expect(mergeSketches(mergeSketches(sketchOf(a), sketchOf(b)), sketchOf(c))).toEqual(whole);
        expect(mergeSketches(sketchOf(c), mergeSketches(sketchOf(b), sketchOf(a)))).toEqual(whole);
        expect(mergeSketches(whole, EMPTY_SKETCH)).toEqual(whole);
        expect(countOf(whole)).toBe(a.length + b.length + c.length);
      }),
    );
  });
});
