import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classifySeries, DEFAULT_SERIES_RULE, type SeriesLabel, type SeriesRule } from './classify-series.js';
import { compareRanks } from './mann-whitney.js';

const rule = (overrides: Partial<SeriesRule> = {}): SeriesRule => ({ ...DEFAULT_SERIES_RULE, ...overrides });
const repeat = (value: number, times: number) => Array.from({ length: times }, () => value);
const low = [10, 12.2, 10.1, 12.5, 23];
const high = [20, 22, 21, 25, 30];

describe('classifySeries', () => {
  it.each<[string, readonly number[], readonly number[], SeriesRule, SeriesLabel]>([
    ['values far higher', [...high, ...high], [...low, ...low], rule(), 'high'],
    ['values far lower', [...low, ...low], [...high, ...high], rule(), 'low'],
    ['higher, where only lower matters', [...high, ...high], [...low, ...low], rule({ direction: 'decrease' }), 'pass'],
    ['lower, where only higher matters', [...low, ...low], [...high, ...high], rule({ direction: 'increase' }), 'pass'],
    ['lower by less than counts', low, high, rule({ effect: { measure: 'meanRatio', allowedDecrease: 0.5 } }), 'pass'],
    ['the same constant', [1, 1], [1, 1, 1], rule(), 'pass'],
    ['a constant above another', repeat(0.2, 9), repeat(0.1, 9), rule(), 'high'],
    ['a constant below another', repeat(0.1, 9), repeat(0.2, 9), rule(), 'low'],
    ['7 of 10 far higher: the test looks at places only', [...repeat(100, 7), 1, 1, 1], repeat(1, 10), rule(), 'pass'],
    ['8 of 10 far higher', [...repeat(100, 8), 1, 1], repeat(1, 10), rule(), 'high'],
    ['nothing', [], [1, 2], rule(), 'noData'],
    ['nothing but NaN', [NaN, NaN], [1, 2], rule(), 'noData'],
    ['nothing, where there must be something', [], [1, 2], rule({ mustHaveData: true }), 'noDataFail'],
    ['nothing, of a critical metric', [], [1, 2], rule({ mustHaveData: true, isCritical: true }), 'noData'],
    ['gaps that stand for 0', repeat(NaN, 10), repeat(5, 10), rule({ nan: 'replace' }), 'low'],
  ])('of %s', (_name, candidate, stable, asked, label) => {
    expect(classifySeries(candidate, stable, asked).label).toBe(label);
  });

  it('finds a regression in a rate near zero that an absolute tolerance would lose', () => {
    const stable = Array.from({ length: 30 }, (_, minute) => (1 + (minute % 5) / 10) * 1e-8);
    expect(
      classifySeries(
        stable.map((value) => value * 2),
        stable,
      ).label,
    ).toBe('high');
  });

  it('is critical only beyond the bounds of the critical effect', () => {
    const effect = { measure: 'meanRatio', criticalIncrease: 3 } as const;
    const asked = rule({ isCritical: true, effect });
    const stable = [...low, ...low];
    expect(
      classifySeries(
        stable.map((value) => value * 2),
        stable,
        asked,
      ),
    ).toMatchObject({ label: 'high', isCritical: false });
    expect(
      classifySeries(
        stable.map((value) => value * 4),
        stable,
        asked,
      ),
    ).toMatchObject({ label: 'high', isCritical: true });
  });

  const series = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 40 });

  it('does not depend on the unit', () => {
    fc.assert(
      fc.property(series, series, fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (x, y, by) => {
        const scaled = (values: readonly number[]) => values.map((value) => value * by);
        expect(classifySeries(scaled(x), scaled(y)).label).toBe(classifySeries(x, y).label);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of points, and turns around with the arms', () => {
    const turned = { high: 'low', low: 'high', pass: 'pass', noData: 'noData', noDataFail: 'noDataFail' } as const;
    const asked = rule({ effect: { measure: 'cles' } });
    fc.assert(
      fc.property(series, series, (x, y) => {
        const { label } = classifySeries(x, y, asked);
        expect(classifySeries([...x].reverse(), y, asked).label).toBe(label);
        expect(classifySeries(y, x, asked).label).toBe(turned[label]);
      }),
    );
  });

  it('stays high when the candidate rises further', () => {
    fc.assert(
      fc.property(series, series, fc.integer({ min: 1, max: 100 }), (x, y, more) => {
        if (classifySeries(x, y).label !== 'high') return;
        expect(
          classifySeries(
            x.map((value) => value + more),
            y,
          ).label,
        ).not.toBe('low');
        expect(
          compareRanks(
            x.map((value) => value + more),
            y,
            0.98,
          ).z,
        ).toBeGreaterThanOrEqual(compareRanks(x, y, 0.98).z - 1e-9);
      }),
    );
  });
});

describe('compareRanks', () => {
  it('estimates by the median of all differences, and bounds it by two of them', () => {
    const value = fc.integer({ min: -50, max: 50 });
    const series = fc.array(value, { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(series, series, (x, y) => {
        const differences = x.flatMap((a) => y.map((b) => a - b)).sort((a, b) => a - b);
        const middle = differences.length / 2;
        const median = ((differences[Math.ceil(middle) - 1] ?? NaN) + (differences[Math.floor(middle)] ?? NaN)) / 2;
        const found = compareRanks(x, y, 0.98);
        expect(found.estimate).toBeCloseTo(median, 9);
        expect(differences.some((each) => Math.abs(each - found.low) < 1e-9)).toBe(true);
        expect(differences.some((each) => Math.abs(each - found.high) < 1e-9)).toBe(true);
        expect(found.low).toBeLessThanOrEqual(found.high);
      }),
    );
  });

  it('answers for a day of minutes in both arms without listing two million differences', () => {
    const day = (by: number) => Array.from({ length: 1440 }, (_, minute) => by * (10 + Math.sin(minute)));
    const started = performance.now();
    expect(compareRanks(day(1.2), day(1), 0.98).z).toBeGreaterThan(2.33);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
