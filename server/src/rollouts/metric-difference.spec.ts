import { describe, expect, it } from '@jest/globals';
import { differenceOf } from './metric-difference.js';

describe('The difference of a metric', () => {
  it('has the interval of Newcombe’s method 10', () => {
    // Newcombe 1998, table II, case a: 56/70 and 48/80: 0.2, from 0.0524 to 0.3339.
    const difference = differenceOf({ candidate: { units: 70, bad: 56 }, stable: { units: 80, bad: 48 } });
    expect(difference).toMatchObject({ kind: 'rate', stable: 0.6, candidate: 0.8 });
    expect(difference?.absolute).toBeCloseTo(0.2, 12);
    expect(difference?.interval?.low).toBeCloseTo(0.0524, 4);
    expect(difference?.interval?.high).toBeCloseTo(0.3339, 4);
  });

  it('is less sure of what comes in bursts', () => {
    const arms = { candidate: { units: 70, bad: 56 }, stable: { units: 80, bad: 48 } };
    const [calm, bursty] = [differenceOf(arms), differenceOf({ ...arms, phi: 4 })];
    expect(bursty?.absolute).toBeCloseTo(calm?.absolute ?? 0, 12);
    expect(bursty?.interval?.low).toBeLessThan(calm?.interval?.low ?? 0);
    expect(bursty?.interval?.high).toBeGreaterThan(calm?.interval?.high ?? 0);
  });

  it('of means has Welch’s interval where their sums are known', () => {
    const arms = { stable: { units: 4, mean: 2.5 }, candidate: { units: 4, mean: 5 } };
    const means = { stable: { n: 4, sum: 10, sumSquares: 30 }, candidate: { n: 4, sum: 20, sumSquares: 120 } };
    // Variances 5/3 and 20/3 of four each: a standard error of √(25/12).
    const half = 1.959963984540054 * Math.sqrt(25 / 12);
    expect(differenceOf(arms)).toMatchObject({ kind: 'mean', absolute: 2.5, relative: 1, interval: null });
    expect(differenceOf(arms, means)?.interval?.low).toBeCloseTo(2.5 - half, 12);
    expect(differenceOf(arms, means)?.interval?.high).toBeCloseTo(2.5 + half, 12);
  });

  it.each([
    ['an arm has nothing', { stable: { units: 0, bad: 0 }, candidate: { units: 5, bad: 1 } }],
    ['nothing was counted', { stable: { units: 5 }, candidate: { units: 5 } }],
    ['there is one arm alone', { candidate: { units: 5, bad: 1 } }],
  ])('is none where %s', (_name, arms) => expect(differenceOf(arms)).toBeNull());

  it('is relative to nothing where the stable arm has none', () => {
    expect(differenceOf({ stable: { units: 9, bad: 0 }, candidate: { units: 9, bad: 3 } })?.relative).toBeNull();
  });
});
