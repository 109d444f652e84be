import { expect, it } from '@jest/globals';
import { frequencyOf } from './wilson-interval.js';

it.each<[number, number, number, number, number]>([
  // By hand: z² = 3.8415; 10 of 100: (0.1 + 0.0192 ± 1.96·√(0.0009 + 0.000096)) / 1.0384.
  [10, 100, 0.1, 0.0552, 0.1744],
  // z² / (n + z²)
  [0, 200, 0, 0, 0.0188],
  [200, 200, 1, 0.9812, 1],
  [1, 2, 0.5, 0.0945, 0.9055],
  [0, 0, 0, 0, 1],
])('knows of %i of %i: %d, between %d and %d', (count, of, rate, low, high) => {
  const found = frequencyOf(count, of);
  expect(found).toMatchObject({ count, of, rate });
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});
