import { describe, expect, it } from '@jest/globals';
import { addStep, type RevisionStep, stepsSince } from './revision-steps.js';

type Step = RevisionStep<string>;
const chain = (count: number, length: number, putLength: number): readonly Step[] =>
  Array.from({ length: count }).reduce<readonly Step[]>(
    (steps, _, at) => addStep(steps, { from: `${at}`, to: `${at + 1}`, frame: 'x'.repeat(length) }, putLength),
    [],
  );

describe('the steps kept for clients that resume', () => {
  it('lead from any position kept to the newest, in order', () => {
    const since = stepsSince(chain(5, 10, 1_000_000), '2');
    expect(since?.map(({ from, to }) => `${from}>${to}`)).toEqual(['2>3', '3>4', '4>5']);
  });

  it('lead nowhere from a position that is unknown, newest or not said', () => {
    const steps = chain(5, 10, 1_000_000);
    expect([stepsSince(steps, '7'), stepsSince(steps, '5'), stepsSince(steps, undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are a hundred at most', () => {
    const steps = chain(130, 10, 1_000_000);
    expect([steps.length, steps[0]?.from, steps.at(-1)?.to]).toEqual([100, '30', '130']);
  });

  it('end where the whole snapshot is the shorter way', () => {
    expect(chain(10, 30_000, 100_000).map(({ from }) => from)).toEqual(['7', '8', '9']);
    expect(chain(1, 200_000, 100_000)).toEqual([]);
  });

  it('do not mind the way of small snapshots', () => {
    expect(chain(10, 500, 300)).toHaveLength(10);
  });
});
