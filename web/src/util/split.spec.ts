import { describe, expect, it } from '@jest/globals';
import {
  evenSplit,
  filledUp,
  missingShare,
  sharesOfAll,
  type Split,
  splitFrom,
  withBucketing,
  withShare,
} from './split.js';

const split = (...shares: readonly [string, number][]): Split => ({
  shares: shares.map(([variation, share]) => ({ variation, share })),
});

describe('what is missing of a split', () => {
  it.each<[Split, number]>([
    [split(['on', 90_000], ['off', 10_000]), 0],
    [split(['on', 90_000]), 10_000],
    [split(['on', 90_000], ['off', 20_000]), -10_000],
    [split(), 100_000],
  ])('of %j: %d', (of, missing) => expect(missingShare(of)).toBe(missing));
});

describe('shares', () => {
  it('keep the order of the split, and end with variations that it does not name', () => {
    expect(sharesOfAll(split(['off', 40_000], ['on', 60_000]), ['on', 'off', 'new'])).toEqual(
      split(['off', 40_000], ['on', 60_000], ['new', 0]).shares,
    );
  });

  it.each<[string, Split, string, number, Split]>([
    ['changes where it stands', split(['on', 1], ['off', 2]), 'on', 3, split(['on', 3], ['off', 2])],
    ['is added where it is new', split(['on', 1]), 'off', 2, split(['on', 1], ['off', 2])],
    ['is not added for nothing', split(['on', 1]), 'off', 0, split(['on', 1])],
    ['stays in its place as nothing', split(['on', 1], ['off', 2]), 'on', 0, split(['on', 0], ['off', 2])],
  ])('%s', (_name, before, variation, share, after) => expect(withShare(before, variation, share)).toEqual(after));

  it.each<[string, Split, string, Split]>([
    ['what is missing', split(['on', 10_000]), 'off', split(['on', 10_000], ['off', 90_000])],
    ['less what is too much', split(['on', 60_000], ['off', 70_000]), 'on', split(['on', 30_000], ['off', 70_000])],
    [
      'nothing, where the others are too much',
      split(['on', 1], ['off', 120_000]),
      'on',
      split(['on', 0], ['off', 120_000]),
    ],
  ])('fill up with %s', (_name, before, variation, after) => expect(filledUp(before, variation)).toEqual(after));

  it.each([1, 2, 3, 7, 100])('are even over %d variations, and whole', (count) => {
    const even = evenSplit(
      split(),
      Array.from({ length: count }, (_none, at) => `v${at}`),
    );
    const shares = even.shares.map(({ share }) => share);
    expect(missingShare(even)).toBe(0);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  });

  it('begin with all for the variation that was served', () => {
    expect(missingShare(splitFrom('on'))).toBe(0);
    expect(splitFrom(undefined)).toEqual(split());
  });

  it('have their bucketing said or left out', () => {
    const said = withBucketing(split(['on', 100_000]), 'bucketBy', 'company');
    expect(said.bucketBy).toBe('company');
    expect(withBucketing(said, 'bucketBy', '')).toEqual(split(['on', 100_000]));
  });
});
