import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasKey, keySetOf } from './key-set.js';

const text = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'grapheme' }));

describe('a set of keys', () => {
  it('has what a Set of the same texts has', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.integer())), fc.array(text), (values, others) => {
        const set = new Set<unknown>(values);
        const keys = keySetOf(values);
        for (const each of [...values.map(String), ...others]) expect(hasKey(keys, each)).toBe(set.has(each));
      }),
    );
  });

  it('has many keys, and none of as many others', () => {
    const all = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);
    const keys = keySetOf(all.filter((_, index) => index % 2 === 0));
    expect(all.filter((each) => hasKey(keys, each))).toHaveLength(10_000);
  });

  it('has keys that were chosen to share a slot', () => {
    // The same text many times has one hash, as chosen texts would.
    const keys = keySetOf(['one', ...Array.from({ length: 100 }, () => 'many')]);
    expect(keys.others.size).toBe(1);
    expect(hasKey(keys, 'one')).toBe(true);
    expect(hasKey(keys, 'many')).toBe(true);
    expect(hasKey(keys, 'none')).toBe(false);
  });
});
