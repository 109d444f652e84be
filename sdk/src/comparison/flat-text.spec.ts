import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anything } from '../../test/comparison/arbitraries.js';
import { canonicalText } from './canonical-text.js';
import { flatText } from './flat-text.js';
import { takeSnapshot } from './snapshot.js';

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(undefined, null, -0, '\ud800', '"', '\\', '\u007f', '\u2028'),
);
const record = fc.dictionary(fc.string({ unit: 'binary' }), leaf, { maxKeys: 8 });
const flat = fc.oneof(
  leaf,
  record,
  fc.array(fc.oneof(leaf, record, fc.array(leaf, { maxLength: 8 })), { maxLength: 8 }),
);

describe('flatText', () => {
  it('is the canonical text of flat values', () => {
    fc.assert(fc.property(flat, (value) => expect(flatText(value)).toBe(canonicalText(takeSnapshot(value)))));
  });

  it('is the canonical text of anything, or none', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const text = flatText(value);
        if (text !== undefined) expect(text).toBe(canonicalText(takeSnapshot(value)));
      }),
    );
  });

  it.each<[string, unknown]>([
    ['deeper ones', [{ a: { b: { c: 1 } } }]],
    ['longer ones', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['objects of a class', new Date(0)],
    ['functions', [() => 1]],
    ['symbols', { a: Symbol('a') }],
    ['cycles', cycle()],
  ])('leaves %s to others', (_name, value) => expect(flatText(value)).toBeUndefined());
});

function cycle(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}
