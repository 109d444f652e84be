import { describe, expect, it } from '@jest/globals';
import { excessP, excessRate } from './excess-test.js';

describe('the excess of mismatches over noise', () => {
  it.each([
    [150, 86, 3.72e-5 / 2],
    [35, 28, 0.44996 / 2],
    [5, 0, 1 / 32],
    [1, 1, 0.75],
    [0, 0, 1],
    [0, 5, 1],
  ])('of %d against %d has p = %d', (b, c, expected) => {
    expect(excessP({ b, c }) / expected).toBeCloseTo(1, 2);
  });

  it('is exact against the sum of binomial terms', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    for (let trials = 0; trials <= 30; trials += 1) {
      for (let b = 0; b <= trials; b += 1) {
        let exact = 0;
        for (let k = b; k <= trials; k += 1) exact += choose(trials, k) / 2 ** trials;
        expect(excessP({ b, c: trials - b })).toBeCloseTo(exact, 9);
      }
    }
  });

  it('is a rate of all twins', () => {
    expect(excessRate({ n: 1_000, b: 30, c: 10 })).toBe(0.02);
    expect(excessRate({ n: 0, b: 0, c: 0 })).toBeNull();
  });
});
