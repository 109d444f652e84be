import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeMeans } from './judge-means.js';
import { meanDifference } from './mean-difference.js';
import { addSums, NO_SUMS, varianceOfSums, type MeanSums } from './mean-sums.js';
import { logMixtureEvidence, mixtureBound, tunedMixture } from './normal-mixture.js';

const control: MeanSums = { n: 3000, sum: 1396.87, sumSquares: 52377.9767 };
const treatment: MeanSums = { n: 3461, sum: 2422.7, sumSquares: 134698.29 };
const sumsOf = (values: readonly number[]) =>
  values.reduce((sums, value) => addSums(sums, { n: 1, sum: value, sumSquares: value ** 2 }), NO_SUMS);
/** `n` values around a mean, with a standard deviation of about 1. */
const around = (mean: number, n: number): MeanSums => ({ n, sum: mean * n, sumSquares: n * (mean ** 2 + 1) });

describe('meanDifference', () => {
  it('has the published one-sided bounds', () => {
    const question = { alpha: 0.05, sides: 1 } as const;
    expect(meanDifference(treatment, control, { ...question, scale: 'relative' })?.low).toBeCloseTo(-0.4235645, 7);
    const absolute = meanDifference(treatment, control, { ...question, scale: 'absolute' });
    expect(absolute?.low).toBeCloseTo(-0.1265684, 7);
    expect(absolute?.high).toBeCloseTo(0.5953218, 7);
  });

  it.each([
    [around(1, 99), around(1, 5000)],
    [around(1, 5000), around(1, 99)],
  ])('says nothing before 100 units in each arm', (candidate, stable) => {
    expect(meanDifference(candidate, stable, { alpha: 0.05, sides: 2, scale: 'absolute' })).toBeUndefined();
  });

  it('has no relative difference from nothing', () => {
    expect(
      meanDifference(around(1, 500), around(0, 500), { alpha: 0.05, sides: 2, scale: 'relative' }),
    ).toBeUndefined();
  });

  it('does not depend on the unit where it is relative, and scales with it where it is absolute', () => {
    const scaled = ({ n, sum, sumSquares }: MeanSums, by: number) => ({
      n,
      sum: sum * by,
      sumSquares: sumSquares * by ** 2,
    });
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (by) => {
        for (const [scale, factor] of [
          ['relative', 1],
          ['absolute', by],
        ] as const) {
          const question = { alpha: 0.05, sides: 2, scale } as const;
          const plain = meanDifference(treatment, control, question);
          const other = meanDifference(scaled(treatment, by), scaled(control, by), question);
          expect((other?.low ?? NaN) / ((plain?.low ?? NaN) * factor)).toBeCloseTo(1, 6);
          expect((other?.high ?? NaN) / ((plain?.high ?? NaN) * factor)).toBeCloseTo(1, 6);
        }
      }),
    );
  });
});

describe('judgeMeans', () => {
  const demand = { alpha: 0.05, worse: 'higher', margin: 0.1 } as const;

  it.each([
    ['few units', around(9, 99), around(1, 5000), 'pending'],
    ['a mean far higher', around(5, 5000), around(1, 5000), 'fail'],
    ['alike, of many units', around(1, 50_000), around(1, 50_000), 'pass'],
    ['alike, of few units', around(1, 200), around(1, 200), 'inconclusive'],
    ['lower', around(0.5, 5000), around(1, 5000), 'pass'],
    ['nothing to be relative to', around(1, 500), around(0, 500), 'inconclusive'],
  ])('of %s', (_name, candidate, stable, state) => {
    expect(judgeMeans(candidate, stable, demand).state).toBe(state);
  });

  it('turns around where lower is worse', () => {
    expect(judgeMeans(around(0.5, 5000), around(1, 5000), { ...demand, worse: 'lower' }).state).toBe('fail');
    expect(judgeMeans(around(5, 5000), around(1, 5000), { ...demand, worse: 'lower' }).state).toBe('pass');
  });
});

describe('the normal mixture', () => {
  it('has the published tuning, bound and evidence', () => {
    const mixture = tunedMixture(100, 0.05, 2);
    expect(mixture.rho).toBeCloseTo(12.60056, 5);
    expect(mixtureBound(mixture, 100, 0.05)).toBeCloseTo(30.35209, 5);
    expect(logMixtureEvidence(mixture, 10, 100)).toBeCloseTo(-0.6510052, 7);
  });

  it('reaches its limit exactly at its bound', () => {
    const mixture = tunedMixture(5000, 0.01, 2);
    for (const v of [1, 100, 1e6]) {
      expect(logMixtureEvidence(mixture, mixtureBound(mixture, v, 0.01), v)).toBeCloseTo(Math.log(100), 9);
    }
  });
});

it('adds sums as if all values had been one arm', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      const whole = [...a, ...b];
      const mean = whole.reduce((sum, value) => sum + value, 0) / whole.length;
      const variance = whole.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (whole.length - 1);
      expect(varianceOfSums(addSums(sumsOf(a), sumsOf(b)))).toBeCloseTo(variance, 5);
    }),
  );
});
