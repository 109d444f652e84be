import { describe, expect, it } from '@jest/globals';
import { seeded } from '../kernel/seeded-random.js';
import { binomial, poisson } from './seeded-draws.js';

const DRAWS = 40_000;
const moments = (draw: () => number) => {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { values, mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (DRAWS - 1) };
};

describe('seeded numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    const first = (seed: number) => Array.from({ length: 5 }, seeded(seed));
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
    expect(first(7).every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe('binomial', () => {
  it.each<[number, number]>([
    [1, 0.3],
    [20, 0.1],
    [200, 0.9],
    [120, 0.1],
    [500, 0.5],
    [1_000_000, 0.001],
    [5_000_000, 0.25],
  ])('has the mean and the variance of %i units at %d', (n, p) => {
    const random = seeded(n);
    const { values, mean, variance } = moments(() => binomial(random, n, p));
    const expected = n * p * (1 - p);
    expect(Math.abs(mean - n * p)).toBeLessThan(5 * Math.sqrt(expected / DRAWS));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= n)).toBe(true);
  });

  it('has its probabilities where it rejects: 40 units at a quarter', () => {
    const random = seeded(3);
    const counts = Array.from({ length: 41 }, () => 0);
    for (let i = 0; i < DRAWS; i += 1) {
      const drawn = binomial(random, 40, 0.25);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    let chance = 0.75 ** 40;
    counts.forEach((count, k) => {
      const deviation = Math.sqrt(DRAWS * chance * (1 - chance));
      expect(Math.abs(count - DRAWS * chance)).toBeLessThan(5 * deviation + 1);
      chance *= ((40 - k) / (k + 1)) * (0.25 / 0.75);
    });
  });

  it.each<[number, number, number]>([
    [0, 0.5, 0],
    [9, 0, 0],
    [9, 1, 9],
    [9, 2, 9],
    [9, -1, 0],
  ])('of %i units at %d is %i', (n, p, expected) => {
    expect(binomial(seeded(1), n, p)).toBe(expected);
  });
});

describe('poisson', () => {
  it.each([0.2, 4, 60, 3_000])('has a mean and a variance of %d', (expected) => {
    const random = seeded(11);
    const { mean, variance } = moments(() => poisson(random, expected));
    expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(expected / DRAWS));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
  });
});
