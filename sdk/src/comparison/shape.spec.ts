import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText } from './canonical-text.js';
import { fingerprintOf, shapeOf } from './shape.js';
import { anything } from '../../test/comparison/arbitraries.js';

const hostile = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error('no');
    },
  },
);

describe('shapeOf', () => {
  it.each<[string, unknown, unknown]>([
    ['other values', { id: 7, name: 'a' }, { id: 9, name: 'b' }],
    ['keys in another order', { id: 7, name: 'a' }, { name: 'b', id: 9 }],
    ['lists of many', { tags: ['a', 'b'] }, { tags: ['a', 'b', 'c'] }],
    ['true and false', { a: true }, { a: false }],
    ['keys that are data', { '17': { a: 1 } }, { '18': { a: 1 }, '19': { a: 2 } }],
    ['keys of maps', new Map([['a', 1]]), new Map([['b', 2]])],
    ['cycles', [cycle(1)], [cycle(2)]],
  ])('is the same of %s', (_name, one, other) => expect(shapeOf(one)).toBe(shapeOf(other)));

  it.each<[string, unknown, unknown]>([
    ['other members', { a: 1 }, { b: 1 }],
    ['null and a number', { a: null }, { a: 1 }],
    ['zero and a number', { a: 0 }, { a: 1 }],
    ['a negative number', { a: -1 }, { a: 1 }],
    ['an empty text', '', 'a'],
    ['no, one and many elements', [], [1]],
    ['one and many elements', [1], [1, 2]],
    ['kinds of elements', [1, 2], [1, 'a']],
    ['a map and an object', new Map([['a', 1]]), { a: 1 }],
  ])('tells apart %s', (_name, one, other) => expect(shapeOf(one)).not.toBe(shapeOf(other)));

  it('is an unsigned 32-bit integer, 0 of what cannot be read', () => {
    fc.assert(fc.property(anything, (value) => expect(shapeOf(value) >>> 0).toBe(shapeOf(value))));
    expect(shapeOf(hostile)).toBe(0);
  });
});

describe('fingerprintOf', () => {
  it('is the same of equal inputs alone', () => {
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        expect(fingerprintOf(one) === fingerprintOf(other)).toBe(canonicalText(one) === canonicalText(other));
      }),
    );
    expect(fingerprintOf({ a: 1, b: [2] })).toBe(fingerprintOf({ b: [2], a: 1 }));
    expect(fingerprintOf({ a: 1 })).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is empty of what cannot be read', () => expect(fingerprintOf(hostile)).toBe(''));
});

function cycle(value: number): object {
  const self: { value: number; self?: object } = { value };
  self.self = self;
  return self;
}
