import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DistinctSample, MARK_LIMIT, mergeSamples, NO_INPUTS, thinned } from './distinct-sample.js';

const LIMIT = 8;
/** The sample of a set of inputs, each of which has the level that its hash gives it. */
const sampleOf = (inputs: Iterable<number>, limit = LIMIT): DistinctSample =>
  thinned({ depth: 0, marks: new Map([...inputs].map((input) => [`${input}`, markOf(input)])) }, limit);
const markOf = (input: number) => {
  const mixed = Math.imul(Math.imul(input + 1, 0x9e3779b1) ^ (input << 7), 0x85ebca6b) >>> 0;
  return { level: Math.clz32(mixed ^ (mixed >>> 13)), stratum: input % 3 === 0 ? '' : `s${input % 3}` };
};
const plain = ({ depth, marks }: DistinctSample) => [depth, [...marks].sort()];
const inputs = fc.uniqueArray(fc.nat({ max: 200 }), { maxLength: 60 });

describe('samples of sets of inputs', () => {
  it('are put together in any order, in any groups, and as often as one likes', () => {
    fc.assert(
      fc.property(inputs, inputs, inputs, (some, more, most) => {
        const [a, b, c] = [sampleOf(some), sampleOf(more), sampleOf(most)];
        const merge = (one: DistinctSample, other: DistinctSample) => mergeSamples(one, other, LIMIT);
        expect(plain(merge(a, b))).toEqual(plain(merge(b, a)));
        expect(plain(merge(merge(a, b), c))).toEqual(plain(merge(a, merge(b, c))));
        expect(plain(merge(a, a))).toEqual(plain(a));
        expect(plain(merge(merge(a, b), b))).toEqual(plain(merge(a, b)));
        expect(plain(merge(a, NO_INPUTS))).toEqual(plain(a));
      }),
      { seed: 1 },
    );
  });

  it('are the sample of the union, however the inputs were divided among them', () => {
    fc.assert(
      fc.property(fc.array(inputs, { maxLength: 6 }), (parts) => {
        const merged = parts.reduce((sum, part) => mergeSamples(sum, sampleOf(part), LIMIT), NO_INPUTS);
        expect(plain(merged)).toEqual(plain(sampleOf(new Set(parts.flat()))));
        expect(merged.marks.size).toBeLessThanOrEqual(LIMIT);
      }),
      { seed: 2 },
    );
  });

  it('hold every input as long as there is room', () => {
    const sample = mergeSamples(sampleOf(range(0, 600), MARK_LIMIT), sampleOf(range(300, MARK_LIMIT), MARK_LIMIT));
    expect([sample.depth, sample.marks.size]).toEqual([0, MARK_LIMIT]);
    expect(mergeSamples(sample, sampleOf([MARK_LIMIT])).depth).toBeGreaterThan(0);
  });

  it('agree on what is said of one input in two ways', () => {
    const said = (level: number, stratum: string): DistinctSample => {
      return { depth: 0, marks: new Map([['a', { level, stratum }]]) };
    };
    const merged = mergeSamples(said(1, 'b'), said(4, 'a'));
    expect(merged).toEqual(mergeSamples(said(4, 'a'), said(1, 'b')));
    expect(merged.marks.get('a')).toEqual({ level: 4, stratum: 'a' });
  });

  it('hold nothing rather than too much of inputs that are all of the highest level', () => {
    const marks = new Map([...range(0, 20)].map((input) => [`${input}`, { level: 32, stratum: '' }]));
    expect(thinned({ depth: 0, marks }, LIMIT)).toMatchObject({ depth: 33, marks: new Map() });
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
