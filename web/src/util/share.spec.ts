import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatRate, formatShare, parseShare } from './share.js';

describe('a share', () => {
  it.each([
    [0, '0 %'],
    [1, '0.001 %'],
    [12_500, '12.5 %'],
    [100_000, '100 %'],
  ])('%s is %s', (share, text) => expect(formatShare(share)).toBe(text));

  it('is read as it is written', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (share) => parseShare(formatShare(share)) === share));
  });

  it.each([
    ['12,5', 12_500],
    [' 7 % ', 7_000],
    ['100.001', undefined],
    ['-1', undefined],
    ['', undefined],
    ['ten', undefined],
    ['1.2345', undefined],
  ])('typed as %j is %s', (text, share) => expect(parseShare(text)).toBe(share));
});

it.each([
  [0, '0 %'],
  [0.000_41, '0.041 %'],
  [0.5, '50 %'],
  [0.123_4, '12.3 %'],
])('tells the rate %s as %s', (rate, text) => expect(formatRate(rate)).toBe(text));
