import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf, limitOf, MAX_TOTAL_WEIGHT, orderOf, scaleHash } from './bucket.js';
import { compileSnapshot } from './compile-snapshot.js';
import { evaluate } from './evaluate.js';
import { murmur3 } from './murmur3.js';
import { FULL_SHARE } from './snapshot.js';
import { aFlag, aSnapshot, aSplit } from './testing/builders.js';

const hash = fc.integer({ min: 0, max: 0xffff_ffff });
const key = fc.string({ minLength: 1 });
const share = fc.integer({ min: 0, max: FULL_SHARE });

describe('bucketOf', () => {
  it('scales the hash exactly, for any weight up to 2^31 − 1', () => {
    const weight = fc.oneof(
      fc.integer({ min: 1, max: MAX_TOTAL_WEIGHT }),
      fc.constantFrom(1, 2, FULL_SHARE, 0x1f_ffff, 0x20_0000, 0x20_0001, 0x7fff_0000, MAX_TOTAL_WEIGHT),
    );
    fc.assert(
      fc.property(fc.oneof(hash, fc.constantFrom(0, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff)), weight, (h, w) => {
        const exact = Number((BigInt(h) * BigInt(w)) >> 32n);
        expect(scaleHash(h, w)).toBe(exact);
        expect(scaleHash(h | 0, w)).toBe(exact);
      }),
      { numRuns: 5000 },
    );
  });

  it('is (murmur3(seed + value) × totalWeight) >> 32', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (seed, value) => {
        expect(bucketOf(seed, value, FULL_SHARE)).toBe(Number((BigInt(murmur3(seed + value, 0)) * 100_000n) >> 32n));
      }),
    );
  });

  it.each([0, -1, 1.5, NaN, Infinity, MAX_TOTAL_WEIGHT + 1])('has only bucket 0 for the total weight %p', (weight) => {
    expect(bucketOf('seed', 'value', weight)).toBe(0);
  });
});

describe('limitOf', () => {
  it('tells with one comparison whether a hash falls into a bucket below the bound', () => {
    const weights = fc.oneof(fc.integer({ min: 1, max: MAX_TOTAL_WEIGHT }), fc.integer({ min: 1, max: 8 }));
    const boundOfWeight = weights.chain((w) => fc.tuple(fc.integer({ min: 1, max: w }), fc.constant(w)));
    fc.assert(
      fc.property(hash, boundOfWeight, (h, [bound, weight]) => {
        expect(orderOf(h) < limitOf(bound, weight)).toBe(scaleHash(h, weight) < bound);
        // And just at the limit, where rounding would show.
        const edge = limitOf(bound, weight) + 0x8000_0000;
        for (const near of [edge - 1, edge].filter((each) => each >= 0 && each <= 0xffff_ffff)) {
          expect(orderOf(near) < limitOf(bound, weight)).toBe(scaleHash(near, weight) < bound);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

/**
 * What cumulative ranges do and do not guarantee, at a constant total: variation i holds the buckets from
 * B(i−1) to B(i), the sums of the shares before and including it. A key moves exactly when its bucket changes range.
 */
describe('cohorts of a split', () => {
  it('keep everybody when the first share grows, whoever pays for it', () => {
    fc.assert(
      fc.property(key, splitOfThree, splitOfThree, (k, one, other) => {
        const [before, after] = one[0] <= other[0] ? [one, other] : [other, one];
        if (assignment(before, k) === 'a') expect(assignment(after, k)).toBe('a');
      }),
      { numRuns: 1000 },
    );
  });

  it('keep everybody when the last share grows, whoever pays for it', () => {
    fc.assert(
      fc.property(key, splitOfThree, splitOfThree, (k, one, other) => {
        const [before, after] = one[2] <= other[2] ? [one, other] : [other, one];
        if (assignment(before, k) === 'c') expect(assignment(after, k)).toBe('c');
      }),
      { numRuns: 1000 },
    );
  });

  it('keep everybody of a middle variation that grows at the expense of the ones beside it', () => {
    const grown = splitOfThree.chain(([a, b, c]) =>
      fc.tuple(fc.integer({ min: 0, max: a }), fc.integer({ min: 0, max: c })).map(([fromA, fromC]) => ({
        before: [a, b, c],
        after: [a - fromA, b + fromA + fromC, c - fromC],
      })),
    );
    fc.assert(
      fc.property(key, grown, (k, { before, after }) => {
        if (assignment(before, k) === 'b') expect(assignment(after, k)).toBe('b');
      }),
      { numRuns: 1000 },
    );
  });

  it('of two variations move exactly the theoretical minimum: the buckets between the old and the new share', () => {
    fc.assert(
      fc.property(key, share, share, (k, before, after) => {
        const bucket = bucketOf('split', k, FULL_SHARE);
        const isBetween = bucket >= Math.min(before, after) && bucket < Math.max(before, after);
        const hasMoved = assignment([before, FULL_SHARE - before], k) !== assignment([after, FULL_SHARE - after], k);
        expect(hasMoved).toBe(isBetween);
      }),
      { numRuns: 2000 },
    );
  });

  it('of many variations move the minimum, half the sum of the changes, when neighbours trade', () => {
    const trade = splitOfThree.chain(([a, b, c]) =>
      fc.integer({ min: -b, max: c }).map((d) => ({ before: [a, b, c], after: [a, b + d, c - d] })),
    );
    fc.assert(
      fc.property(trade, ({ before, after }) => {
        expect(movedBuckets(before, after)).toBe(halfOfChanges(before, after));
      }),
    );
  });

  it('of many variations move one range per boundary that shifts: at most the sum of the shifts, not always the minimum', () => {
    fc.assert(
      fc.property(splitOfThree, splitOfThree, (before, after) => {
        const shifts = Math.abs(after[0] - before[0]) + Math.abs(after[2] - before[2]);
        const moved = movedBuckets(before, after);
        expect(moved).toBeLessThanOrEqual(shifts);
        expect(moved).toBeGreaterThanOrEqual(halfOfChanges(before, after));
      }),
    );
    expect(movedBuckets([10, 10, 80], [20, 10, 70])).toBe(20); // the first takes from the last through the middle
    expect(halfOfChanges([10, 10, 80], [20, 10, 70])).toBe(10);
  });

  it('move nobody when all shares are multiplied', () => {
    fc.assert(
      fc.property(key, splitOfThree, fc.integer({ min: 2, max: 20_000 }), (k, shares, factor) => {
        const multiplied = shares.map((each) => each * factor);
        expect(assignment(multiplied, k)).toBe(assignment(shares, k));
      }),
    );
  });
});

const splitOfThree = fc.tuple(share, share).map(([x, y]): [number, number, number] => {
  const [low, high] = [Math.min(x, y), Math.max(x, y)];
  return [low, high - low, FULL_SHARE - high];
});

function assignment(shares: readonly number[], targetingKey: string): string | undefined {
  const compiled = compileSnapshot(aSnapshot([aFlag('split', { defaultServe: aSplit(shares) })]));
  return evaluate(compiled, 'split', { targetingKey }).variant;
}

/** Counts, bucket range by bucket range, where two splits of the same total disagree. */
function movedBuckets(before: readonly number[], after: readonly number[]): number {
  const boundsOf = (shares: readonly number[]): readonly number[] =>
    shares.map((_, index) => shares.slice(0, index + 1).reduce((sum, each) => sum + each, 0));
  const [old, fresh] = [boundsOf(before), boundsOf(after)];
  const edges = [...new Set([0, ...old, ...fresh])].toSorted((a, b) => a - b);
  return edges.slice(1).reduce((moved, end, index) => {
    const start = edges[index] ?? 0;
    const isSame = old.findIndex((bound) => start < bound) === fresh.findIndex((bound) => start < bound);
    return moved + (isSame ? 0 : end - start);
  }, 0);
}

function halfOfChanges(before: readonly number[], after: readonly number[]): number {
  return before.reduce((sum, each, index) => sum + Math.abs(each - (after[index] ?? 0)), 0) / 2;
}
