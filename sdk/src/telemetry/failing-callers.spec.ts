import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Arm } from './batch.js';
import { FailingCallers } from './failing-callers.js';

const failures = fc.array(fc.tuple(fc.constantFrom<Arm>('stable', 'candidate'), fc.nat(40)));

it('hands over each caller once, in the arm it first failed in', () => {
  const callers = new FailingCallers();
  for (const hash of [1, 2, 1]) callers.add('stable', hash);
  callers.add('candidate', 1);
  callers.add('candidate', 3);
  expect(callers.take()).toEqual({ stable: [1, 2], candidate: [3] });
  callers.add('candidate', 2);
  expect(callers.isEmpty).toBe(true);
});

it('keeps the lowest hashes of both arms together, and leaves the others out until they fail again', () => {
  const callers = new FailingCallers(3);
  for (const hash of [8, 2, 9, 4]) callers.add('stable', hash);
  for (const hash of [7, 1, 9]) callers.add('candidate', hash);
  expect(callers.take()).toEqual({ stable: [2, 4], candidate: [1] });
  expect(callers.isEmpty).toBe(true);
  callers.add('candidate', 9);
  expect(callers.take()).toEqual({ stable: [], candidate: [9] });
});

it('chooses without a look at arms or at the order of failures', () => {
  fc.assert(
    fc.property(failures, fc.integer({ min: 1, max: 9 }), (all, limit) => {
      const chosenFrom = (order: typeof all) => {
        const callers = new FailingCallers(limit);
        for (const [arm, hash] of order) callers.add(arm, hash);
        const { stable, candidate } = callers.take();
        return [...stable, ...candidate].toSorted((a, b) => a - b);
      };
      const lowest = [...new Set(all.map(([, hash]) => hash))].toSorted((a, b) => a - b).slice(0, limit);
      expect(chosenFrom(all)).toEqual(lowest);
      expect(chosenFrom(all.toReversed())).toEqual(lowest);
    }),
  );
});

it('is bounded: whom it has forgotten it hands over again', () => {
  const callers = new FailingCallers(2, 3);
  const taken = [1, 2, 3, 4, 1, 4].map((hash) => {
    callers.add('stable', hash);
    return callers.take().stable;
  });
  expect(taken).toEqual([[1], [2], [3], [4], [1], []]);
});
