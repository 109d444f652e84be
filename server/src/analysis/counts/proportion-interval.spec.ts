import { expect, it } from '@jest/globals';
import { proportionInterval } from './proportion-interval.js';

it.each([
  [700, 1000, 100, 0.651629, 0.745949],
  [15, 50, 50, 0.129556, 0.511896],
  [5, 50, 50, 0.013021, 0.269264],
  [100, 200, 1, 0.328923, 0.671076],
  [1, 2, 50, 0, 1],
  [0, 0, 50, 0, 1],
])('of %i in %i, tuned for %i, is the published one', (successes, trials, tunedTrials, low, high) => {
  const interval = proportionInterval(successes, trials, { alpha: 0.05, tunedTrials });
  expect(Math.abs(interval[0] - low)).toBeLessThan(2e-6);
  expect(Math.abs(interval[1] - high)).toBeLessThan(2e-6);
});
