import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashAfter, hashPrefix, murmur3 } from './murmur3.js';

const REFERENCE = new URL('../../../../shared/reference/hash/murmur3.tsv', import.meta.url);

describe('murmur3', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 1364076727],
    ['', 4294967295, 2180083513],
    ['a', 0, 1009084850],
    ['ab', 0, 2613040991],
    ['abc', 0, 3017643002],
    ['abcd', 0, 1139631978],
    ['abc', 123456789, 1463981221],
    ['AZQxHVvcre-hl@o5BExbPVNttQcOsB3', 0, 865930182],
  ])('hashes %j with seed %i as the reference implementation does', (text, seed, hash) => {
    expect(murmur3(text, seed)).toBe(hash);
  });

  const whenPresent = existsSync(REFERENCE) ? it : it.skip;
  whenPresent('agrees with every row of the reference table', () => {
    const rows = readFileSync(REFERENCE, 'utf8').split('\n').slice(1).filter(Boolean);
    const wrong = rows.filter((row) => {
      const [seed, text = '', hash] = row.split('\t');
      return murmur3(text, Number(seed)) !== Number(hash);
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(1000);
  });

  it('hashes the bytes that TextEncoder writes, lone surrogates included', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.array(unit).map((units) => units.join('')),
    );
    fc.assert(
      fc.property(text, fc.integer(), (value, seed) => {
        expect(murmur3(value, seed)).toBe(hashBytes(new TextEncoder().encode(value), seed));
      }),
      { numRuns: 2000 },
    );
  });

  it('continues a prefix exactly, also where the two meet within a block or a surrogate pair', () => {
    const unit = fc.constantFrom('a', 'Z', '0', '\u00fc', '\u20ac', '\ud83d', '\ude80');
    const text = fc.array(unit, { maxLength: 12 }).map((units) => units.join(''));
    fc.assert(
      fc.property(text, text, fc.integer(), (start, end, seed) => {
        expect(hashAfter(hashPrefix(start, seed), end) >>> 0).toBe(murmur3(start + end, seed));
      }),
      { numRuns: 2000 },
    );
  });
});

/** The textbook form over bytes, as an oracle. */
function hashBytes(bytes: Uint8Array, seed: number): number {
  let hash = seed | 0;
  const view = new DataView(new ArrayBuffer(bytes.length + 4));
  bytes.forEach((byte, index) => view.setUint8(index, byte));
  const scramble = (block: number): number => {
    const k = Math.imul(block, 0xcc9e2d51);
    return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  };
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4) {
    hash ^= scramble(view.getInt32(i, true));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= scramble(view.getInt32(whole, true)) ^ bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
