import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alike, anything, isKnownTransition, mirrored } from '../../test/comparison/arbitraries.js';
import { transitionOf } from './transition.js';

describe('transitionOf', () => {
  it.each<[unknown, unknown, string]>([
    [null, 0, 'null→0'],
    [null, undefined, 'null→undefined'],
    [null, 'text', 'null→text'],
    [1, 2, '+1'],
    [0, 1, '+1'],
    [0.5, 1.5, '+1'],
    [2, 1, '−1'],
    [5n, 6n, '+1'],
    [3, -3, 'sign'],
    [0.5, -0.5, 'sign'],
    [Infinity, -Infinity, 'sign'],
    [0.3, 0.1 + 0.2, 'ulp'],
    [1.5, 150, 'scale'],
    [19.99, 1999, 'scale'],
    [0.1, 1, 'scale'],
    [10.25, 10.26, 'rounding'],
    [10.2, 10.25, 'rounding'],
    [10.3, 10.25, 'rounding'],
    [7, 7.5, 'rounding'],
    [0.33, 1 / 3, 'rounding'],
    [1e-7, 2e-7, 'rounding'],
    [10, 12, 'number→number'],
    [10.25, 10.27, 'number→number'],
    [0, 5, '0→number'],
    [5, 0, 'number→0'],
    [5, NaN, 'number→NaN'],
    [5, Infinity, 'number→infinity'],
    [5, 5n, 'number→bigint'],
    [12, '12', 'number→text'],
    [true, false, 'true→false'],
    [true, 1, 'true→number'],
    ['Paris', 'PARIS', 'case'],
    ['straße', 'STRASSE', 'case'],
    ['a b', ' a  b\n', 'whitespace'],
    ['é', 'e\u0301', 'unicode'],
    ['12.50', '12.5', 'digits'],
    ['2026-11-21T12:00:00Z', '2026-11-21T13:00:00+01:00', 'notation'],
    ['2026-11-21T12:00:00Z', '2026-11-21T12:00:01Z', 'time'],
    [new Date(0), new Date(1), 'time'],
    [new Date(0), '1970-01-01T00:00:00Z', 'notation'],
    [new Date(0), new Date(NaN), 'date→date'],
    ['c0f8fad5-d9cb-469f-a165-70867728950e', '00000000-0000-0000-0000-000000000000', 'uuid'],
    ['Lorem ipsum', 'Lorem', 'truncated'],
    ['', 'a', 'empty→text'],
    ['a', '', 'text→empty'],
    ['a', 'b', 'text→text'],
    [[], {}, '[]→object'],
    [[1], null, 'array→null'],
    [new Map(), new Set(), 'map→set'],
    [new Uint8Array(1), [0], 'bytes→array'],
    [new Float64Array(1), [0], 'numbers→array'],
    [() => 1, Symbol('a'), 'function→symbol'],
    [new Error('a'), 'a', 'error→text'],
    [/a/, 'a', 'text→text'],
  ])('of %p and %p is %s', (control, candidate, transition) =>
    expect(transitionOf(control, candidate)).toBe(transition),
  );

  const pair = fc.oneof(
    fc.tuple(anything, anything),
    fc.tuple(alike, alike),
    fc.tuple(fc.double(), fc.double()),
    fc.tuple(fc.float(), fc.integer()),
    fc.double({ noNaN: true }).map((value) => [value, Number(value.toPrecision(5))] as const),
    fc.string().map((text) => [text, `${text} `] as const),
  );

  it('is of a closed vocabulary, whatever the values', () => {
    fc.assert(
      fc.property(pair, ([control, candidate]) =>
        expect(isKnownTransition(transitionOf(control, candidate))).toBe(true),
      ),
      { numRuns: 3_000 },
    );
  });

  it('is mirrored when the arms change places', () => {
    fc.assert(
      fc.property(pair, ([control, candidate]) => {
        const place = { path: '$', kind: 'value', transition: transitionOf(candidate, control) } as const;
        expect(mirrored(place).transition).toBe(transitionOf(control, candidate));
      }),
      { numRuns: 3_000 },
    );
  });
});
