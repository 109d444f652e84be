import { describe, expect, it } from '@jest/globals';
import { formatEvidence, fromPercent, noiseRate, partOf, ratePicture, toPercent } from './evidence.js';

describe('evidence', () => {
  it.each<[number, number, number]>([
    [1.2, 4.8, 0.25],
    [9, 4.6, 1],
    [-3, 4.6, 0],
    [1, 0, 0],
    [Number.NaN, 4.6, 0],
  ])('of %s against %s is %s of it', (evidence, limit, part) => {
    expect(partOf(evidence, limit) || 0).toBe(part);
  });

  it.each<[number, string]>([
    [1.25, '1.3'],
    [-0.4, '0.0'],
  ])('of %s is told as %s', (evidence, text) => {
    expect(formatEvidence(evidence)).toBe(text);
  });
});

describe('the picture of a rate', () => {
  const none = { low: 0, high: 1, rate: undefined, tolerance: 0.01, noise: undefined };

  it('of which nothing is known keeps the tolerance in sight, and says that the interval goes on', () => {
    const { end, isCut, rate, low, high, tolerance } = ratePicture(none);
    expect({ end, isCut, rate, low, high }).toEqual({ end: 0.06, isCut: true, rate: undefined, low: 0, high: 1 });
    expect(tolerance).toBeCloseTo(1 / 6);
  });

  it('that is far above what is tolerated shows both', () => {
    const picture = ratePicture({ ...none, low: 0.2, high: 0.3, rate: 0.25, noise: 0.1 });
    expect(picture.isCut).toBe(false);
    expect(picture.end).toBeGreaterThanOrEqual(0.3);
    expect(picture.rate).toBeCloseTo(0.25 / picture.end);
    expect(picture.noise).toBeCloseTo(0.1 / picture.end);
  });

  it('ends at all', () => {
    expect(ratePicture({ low: 0.95, high: 1, rate: 1, tolerance: 0.4, noise: 1 })).toMatchObject({ end: 1, rate: 1 });
  });
});

it('knows no noise where the old code was not run twice', () => {
  expect(noiseRate({ n: 0, c: 0 })).toBeUndefined();
  expect(noiseRate({ n: 10, c: 2 })).toBe(0.2);
});

it.each([0.007, 0.01, 0.000_1, 0.29, 0])('takes the rate %s through a field of percent as it is', (rate) => {
  expect(fromPercent(toPercent(rate))).toBe(rate);
  expect(fromPercent(String(toPercent(rate)))).toBe(rate);
});

it('takes an empty field for no rate', () => {
  expect(fromPercent('')).toBeNull();
});
