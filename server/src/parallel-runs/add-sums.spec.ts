import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aRunReport, ofInputs } from '../../test/builders/a-run-report.js';
import { addSums, comparedCalls, NO_SUMS, OTHER_STRATUM, sumsOf } from './add-sums.js';
import type { RunSums } from './sums.js';

const count = fc.integer({ min: 0, max: 1_000 });
const sums = fc
  .record({ match: count, mismatch: count, shed: count, n: count, x: count, ms: count })
  .map(({ match, mismatch, shed, n, x, ms }) =>
    sumsOf(
      aRunReport({
        verdicts: { match, mismatch, shed },
        inputs: { n, x: Math.min(n, x) },
        overhead: { n, addedMs: ms, maxAddedMs: ms, maxLoopDelayMs: ms },
        strata: [{ stratum: `s${n % 3}`, n, x: 0 }],
      }),
    ),
  );
const sorted = (all: RunSums): RunSums => ({
  ...all,
  strata: all.strata.toSorted((a, b) => (a.stratum < b.stratum ? -1 : 1)),
});

it('adds up the same in any order and in any groups', () => {
  fc.assert(
    fc.property(sums, sums, sums, (a, b, c) => {
      expect(sorted(addSums(addSums(a, b), c))).toEqual(sorted(addSums(a, addSums(c, b))));
      expect(addSums(a, NO_SUMS)).toEqual(a);
    }),
    { seed: 1 },
  );
});

it('counts every sampled call to whom its caller was answered by', () => {
  const report = aRunReport({ verdicts: { match: 3, shed: 2, timeout: 1 }, served: 'candidate' });
  expect(sumsOf(report)).toMatchObject({
    served: { control: 0, candidate: 6 },
    verdicts: { match: 3, shed: 2, mismatch: 0 },
  });
  expect(comparedCalls(sumsOf(report))).toBe(3);
});

it('holds it against no candidate that the old control answers late, or fails, once the candidate serves', () => {
  const swapped = aRunReport({ verdicts: { match: 3, timeout: 4, shed: 2 }, broken: 2, served: 'candidate' });
  expect(sumsOf(swapped)).toMatchObject({ verdicts: { timeout: 0, shed: 2 }, lateControls: 4, broken: 0 });
  expect(sumsOf({ ...swapped, served: 'control' })).toMatchObject({
    ...{ verdicts: { timeout: 4, shed: 2 }, lateControls: 0, broken: 2 },
  });
});

it('reads sums that were stored before late controls and breakers were counted', () => {
  const { lateControls: _late, broken: _broken, ...older } = NO_SUMS;
  const swapped = sumsOf(aRunReport({ verdicts: { timeout: 4 }, served: 'candidate' }));
  expect(addSums(older, swapped)).toMatchObject({ lateControls: 4, broken: 0 });
});

it('takes an input for unequal that another report counted', () => {
  const late = ofInputs(0, 0, { inputs: { n: 0, x: 1 } });
  expect(addSums(sumsOf(ofInputs(10, 0)), sumsOf(late)).inputs).toEqual({ n: 10, x: 1 });
  expect(addSums(sumsOf(late), sumsOf(ofInputs(10, 0))).inputs).toEqual({ n: 10, x: 1 });
});

it('keeps the largest of what is largest', () => {
  const [one, other] = [1, 5].map((ms) =>
    sumsOf(aRunReport({ overhead: { n: 1, addedMs: ms, maxAddedMs: ms, maxLoopDelayMs: ms } })),
  );
  expect(addSums(one ?? NO_SUMS, other ?? NO_SUMS).overhead).toEqual({
    n: 2,
    addedMs: 6,
    maxAddedMs: 5,
    maxLoopDelayMs: 5,
  });
});

it('tells so many strata apart, and loses no input', () => {
  let all = NO_SUMS;
  for (let i = 0; i < 500; i += 1)
    all = addSums(all, sumsOf(ofInputs(1, 0, { strata: [{ stratum: `s${i}`, n: 1, x: 0 }] })));
  expect(all.strata.length).toBeLessThanOrEqual(201);
  expect(all.strata.find(({ stratum }) => stratum === OTHER_STRATUM)?.n).toBe(300);
  expect(all.strata.reduce((sum, { n }) => sum + n, 0)).toBe(500);
});
