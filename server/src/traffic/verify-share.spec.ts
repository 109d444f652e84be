import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FULL_SHARE } from '../kernel/share.js';
import { countsSince, verifyShare } from './verify-share.js';

describe('verifyShare', () => {
  it.each<[string, number, number, number, number, string]>([
    ['half of many is half', 5_000, 5_000, 50_000, 1, 'matches'],
    ['a little off is chance', 5_200, 4_800, 50_000, 1, 'matches'],
    ['six deviations off are not', 5_300, 4_700, 50_000, 1, 'differs'],
    ['nothing says nothing', 0, 0, 50_000, 1, 'tooFew'],
    ['few requests cannot tell one percent from none', 500, 0, 1_000, 1, 'tooFew'],
    ['many requests without a candidate can', 5_000, 0, 1_000, 1, 'differs'],
    ['few requests tell what is far off', 0, 20, 1_000, 1, 'differs'],
    ['one stray request tells at 0 %', 99_999, 1, 0, 1, 'differs'],
    ['one stray request tells at 100 %', 1, 99_999, FULL_SHARE, 1, 'differs'],
    ['none strayed of many', 2_000, 0, 0, 1, 'matches'],
    ['none strayed of few', 100, 0, 0, 1, 'tooFew'],
    ['users who send much are fewer draws', 5_300, 4_700, 50_000, 20, 'matches'],
    ['and too few of them say nothing', 200, 200, 50_000, 40, 'tooFew'],
  ])('%s', (_name, stable, candidate, asked, requestsPerKey, kind) => {
    expect(verifyShare({ stable, candidate }, asked, requestsPerKey).kind).toBe(kind);
  });

  it('tells the share that really was', () => {
    expect(verifyShare({ stable: 3, candidate: 1 }, 25_000)).toEqual({ kind: 'tooFew', actual: 25_000, requests: 4 });
  });

  it('does not care which arm is called which', () => {
    const count = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: FULL_SHARE }), (a, b, asked) => {
        const one = verifyShare({ stable: a, candidate: b }, asked).kind;
        expect(verifyShare({ stable: b, candidate: a }, FULL_SHARE - asked).kind).toBe(one);
      }),
    );
  });

  it('calls no share different that comes within four standard deviations of many', () => {
    const cases = [1_000, 10_000, 50_000, 99_000].flatMap((asked) => [-4, 4].map((sigmas) => [asked, sigmas] as const));
    for (const [asked, sigmas] of cases) {
      const requests = 100_000;
      const part = asked / FULL_SHARE;
      const candidate = Math.round(requests * part + sigmas * Math.sqrt(requests * part * (1 - part)));
      expect(verifyShare({ stable: requests - candidate, candidate }, asked).kind).toBe('matches');
    }
  });
});

describe('countsSince', () => {
  const before = { stable: 10, candidate: 5, began: 'a' };
  it.each([
    ['subtracts', { stable: 30, candidate: 6, began: 'a' }, { stable: 20, candidate: 1, began: 'a' }],
    ['takes counters of another beginning whole', { stable: 30, candidate: 6, began: 'b' }, undefined],
    ['takes counters that went back whole', { stable: 3, candidate: 6, began: 'a' }, undefined],
  ])('%s', (_name, now, expected) => expect(countsSince(before, now)).toEqual(expected ?? now));
});
