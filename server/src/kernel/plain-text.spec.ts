import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainText } from './plain-text.js';

it.each([
  ['as it is', 'no route for me 🚀', 'no route for me 🚀'],
  ['without NUL and other control characters', 'no\u0000route\r\n\tfor\u009Fme', 'no route for me'],
  ['without halves of characters', 'no \uD83D route', 'no \uFFFD route'],
  ['cut, and says so', 'x'.repeat(21), `${'x'.repeat(19)}…`],
  ['never cut within a character', `${'x'.repeat(18)}🚀${'x'.repeat(9)}`, `${'x'.repeat(18)}…`],
])('tells text %s', (_how, text, told) => expect(plainText(text, 20)).toBe(told));

it('tells whatever anybody may send as text that can be stored', () => {
  const units = fc.array(fc.nat({ max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(units, (text) => {
      const told = plainText(text, 20);
      expect(told.isWellFormed()).toBe(true);
      expect(told).not.toMatch(/\p{Cc}/u);
      expect(told.length).toBeLessThanOrEqual(20);
    }),
    { seed: 20261122 },
  );
});
