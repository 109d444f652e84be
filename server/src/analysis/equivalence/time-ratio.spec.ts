import { describe, expect, it } from '@jest/globals';
import { seeded } from '../../kernel/seeded-random.js';
import { addSums, NO_SUMS } from '../means/mean-sums.js';
import { timeRatio } from './time-ratio.js';

const draw = (n: number, mean: number, random: () => number) => {
  let sums = NO_SUMS;
  for (let i = 0; i < n; i += 1) {
    // Sum of twelve uniform draws: variance 1, scaled to 0.3.
    let normal = -6;
    for (let j = 0; j < 12; j += 1) normal += random();
    const value = mean + 0.3 * normal;
    sums = addSums(sums, { n: 1, sum: value, sumSquares: value ** 2 });
  }
  return sums;
};

describe('the ratio of times', () => {
  it('is not known before a hundred calls in each order', () => {
    const many = draw(1_000, 0, seeded(1));
    expect(timeRatio({ controlFirst: many, candidateFirst: draw(99, 0, seeded(2)) }, 0.05)).toBeUndefined();
  });

  it('cancels what the first of two does for the second', () => {
    const random = seeded(3);
    // The second finds a warm cache: it takes half the time.
    const controlFirst = draw(5_000, -Math.LN2, random);
    const candidateFirst = draw(3_000, Math.LN2, random);
    const ratio = timeRatio({ controlFirst, candidateFirst }, 0.05);
    expect(ratio?.estimate).toBeCloseTo(0, 1);
    expect(ratio?.high).toBeLessThan(Math.log(1.1));
    expect(ratio?.low).toBeGreaterThan(-Math.log(1.1));
  });

  it('tells a slower candidate', () => {
    const random = seeded(4);
    const [controlFirst, candidateFirst] = [draw(500, Math.log(1.5), random), draw(500, Math.log(1.5), random)];
    expect(timeRatio({ controlFirst, candidateFirst }, 0.01)?.low).toBeGreaterThan(Math.log(1.1));
  });
});
