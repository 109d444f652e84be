import { describe, expect, it } from '@jest/globals';
import { seeded } from '../kernel/seeded-random.js';
import { distinctBounds } from './distinct-bounds.js';

/** The sample that so many inputs leave, each of a level of its own, with room for `limit`. */
function sample(inputs: number, limit: number, random: () => number): { depth: number; sampled: number } {
  const levels = Array.from({ length: inputs }, () => Math.min(32, Math.floor(-Math.log2(1 - random()))));
  for (let depth = 0; ; depth += 1) {
    const sampled = levels.filter((level) => level >= depth).length;
    if (sampled <= limit) return { depth, sampled };
  }
}

describe('how many inputs a sample stands for', () => {
  it('is known where they are all in it', () => expect(distinctBounds(0, 300)).toEqual([300, 300]));

  it.each([
    [2, 512, 0.18],
    [4, 1_024, 0.125],
    [10, 1_024, 0.125],
  ])('is known, at depth %d with %d of them, up to a part of %d', (depth, sampled, part) => {
    const estimate = sampled * 2 ** depth;
    const [fewest, most] = distinctBounds(depth, sampled);
    expect(1 - fewest / estimate).toBeLessThan(part);
    expect(most / estimate - 1).toBeLessThan(part);
    expect(1 - fewest / estimate).toBeGreaterThan(part / 2);
  });

  it('is hardly known of few, and of none', () => {
    expect(distinctBounds(3, 1)).toEqual([1, expect.any(Number)]);
    expect(distinctBounds(3, 0)).toEqual([0, 55]);
  });

  it('lies between its bounds in all but a few of 4 000 samples', () => {
    const random = seeded(11);
    let beyond = 0;
    let nearest = Infinity;
    for (let round = 0; round < 4_000; round += 1) {
      const inputs = 65 + Math.floor(random() * 1_000);
      const { depth, sampled } = sample(inputs, 64, random);
      const [fewest, most] = distinctBounds(depth, sampled);
      if (fewest > inputs || most < inputs) beyond += 1;
      nearest = Math.min(nearest, inputs / fewest);
    }
    // Either bound with a chance of 1 in 1 000.
    expect(beyond).toBeLessThanOrEqual(8);
    // It is a test that could fail: the bounds are near.
    expect(nearest).toBeLessThan(1.1);
  });
});
