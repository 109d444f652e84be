import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDate } from './parse-date.js';

describe('parseDate', () => {
  it('reads what Date writes', () => {
    const instant = fc.integer({ min: Date.UTC(1, 0), max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(instant, (ms) => {
        expect(parseDate(new Date(ms).toISOString())).toBe(ms);
        expect(parseDate(new Date(ms))).toBe(ms);
        expect(parseDate(ms)).toBe(ms);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01t00:00:00.5z', 500],
    ['1970-01-01T01:30:00+01:30', 0],
    ['1969-12-31T23:00:00-01:00', 0],
    ['0000-01-01T00:00:00Z', -62167219200000],
    ['2024-02-29T12:00:00.123456Z', 1709208000123.456],
    ['1990-12-31T23:59:60Z', 662688000000],
    ['1990-12-31T15:59:60-08:00', 662688000000],
  ])('reads %s', (text, ms) => expect(parseDate(text)).toBeCloseTo(ms, 3));

  it.each<[unknown]>([
    ['2023-02-29T00:00:00Z'],
    ['2023-13-01T00:00:00Z'],
    ['2023-00-01T00:00:00Z'],
    ['2023-04-31T00:00:00Z'],
    ['2023-01-01T24:00:00Z'],
    ['2023-01-01T12:00:60Z'],
    ['2023-01-01T12:60:00Z'],
    ['2023-01-01T12:00:00'],
    ['2023-01-01T12:00:00+24:00'],
    ['2023-01-01 12:00:00Z'],
    ['2023-01-01'],
    ['2023-01-01T12:00Z'],
    ['1700000000000'],
    [''],
    [NaN],
    [Infinity],
    [new Date(NaN)],
    [null],
    [true],
    [{}],
  ])('takes %p for no instant', (value) => expect(parseDate(value)).toBeNaN());
});
