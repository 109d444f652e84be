import { describe, expect, it } from '@jest/globals';
import { realShare } from './real-share.js';

describe('the real share', () => {
  it('is that which is farthest from what was asked', () => {
    expect(realShare(10_000, [{ actual: 9_800 }, { actual: 12_000 }, { actual: null }])).toBe(12_000);
  });
  it('is not known where no router counted', () => {
    expect(realShare(10_000, [{ actual: null }])).toBeUndefined();
  });
});
