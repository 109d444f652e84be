import { expect, it } from '@jest/globals';
import { randomHex } from './random-hex.js';

it('never hands out the same bytes twice, also where a pool of them ends', () => {
  const drawn = Array.from({ length: 2_000 }, (_, i) => randomHex(i % 2 === 0 ? 16 : 8));
  expect(new Set(drawn.map((text) => text.slice(0, 16))).size).toBe(2_000);
  expect(drawn.every((text, i) => /^[0-9a-f]+$/.test(text) && text.length === (i % 2 === 0 ? 32 : 16))).toBe(true);
});
