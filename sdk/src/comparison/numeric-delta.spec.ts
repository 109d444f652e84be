import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deltaOf, isWithin } from './numeric-delta.js';

describe('deltaOf', () => {
  it.each([
    [1, 1 + Number.EPSILON, { absolute: Number.EPSILON, relative: Number.EPSILON / (1 + Number.EPSILON), ulps: 1 }],
    [0.3, 0.1 + 0.2, { ulps: 1 }],
    [-5e-324, 5e-324, { ulps: 2 }],
    [0, 5e-324, { ulps: 1 }],
    [2, 4, { absolute: 2, relative: 0.5, ulps: 2 ** 52 }],
    [0, 0, { absolute: 0, relative: 0, ulps: 0 }],
  ])('between %p and %p', (a, b, delta) => expect(deltaOf(a, b)).toMatchObject(delta));

  it.each([
    [NaN, 1],
    [Infinity, 1],
    [1e308, -1e308],
  ])('is none where there is no finite distance: %p and %p', (a, b) => expect(deltaOf(a, b)).toBeUndefined());

  it('is the same both ways, and never negative', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const delta = deltaOf(a, b);
        expect(delta).toEqual(deltaOf(b, a));
        if (delta) expect(Math.min(delta.absolute, delta.relative, delta.ulps)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('isWithin', () => {
  const delta = { absolute: 2, relative: 0.5, ulps: 8 };
  it.each([
    [{ absolute: 2 }, true],
    [{ relative: 0.4 }, false],
    [{ absolute: 1, ulps: 8 }, true],
    [{}, false],
  ])('of %j: %s', (bounds, isKept) => expect(isWithin(delta, bounds)).toBe(isKept));
});
