import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText } from './canonical-text.js';
import { compareValues } from './compare-values.js';
import { NO_RULES } from './compile-rules.js';
import { alike, anything } from '../../test/comparison/arbitraries.js';

describe('canonicalText', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: [null, undefined, true, 'x"y'] }, '{"a":[null,undefined,true,"x\\"y"],"b":1}'],
    [[-0, 1e21, NaN, 5n], '[0,1e+21,NaN,5n]'],
    [
      new Map<unknown, unknown>([
        ['b', 1],
        [2, 2],
      ]),
      'Map{"b"=>1,2=>2}',
    ],
    [new Set(['b', 'a']), 'Set{"a","b"}'],
    [[new Date(5), Buffer.from('a'), /a/g], '[@5,x61,<regexp "/a/g">]'],
    [new Float32Array([1.5]), 'numbers[1.5]'],
    [[Symbol('a')], '[<symbol "a">]'],
  ])('of %p is %s', (value, text) => expect(canonicalText(value)).toBe(text));

  it('shows how far up a cycle leads', () => {
    const value: { a: unknown[] } = { a: [] };
    value.a.push(value, value.a);
    expect(canonicalText(value)).toBe('{"a":[^2,^1]}');
  });

  it('is the same of values that compare equal, and of no others', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(alike, alike), fc.tuple(anything, anything)), ([one, other]) => {
        expect(canonicalText(one) === canonicalText(other)).toBe(compareValues(one, other, NO_RULES).kept.length === 0);
      }),
      { numRuns: 5_000 },
    );
  });
});
