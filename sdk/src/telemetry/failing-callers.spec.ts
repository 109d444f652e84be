import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Arm } from './batch.js';
import { FailingCallers } from './failing-callers.js';

it('hands over each caller of each arm once', () => {
  const callers = new FailingCallers();
  for (const hash of [1, 2, 1]) callers.add('stable', hash);
  callers.add('candidate', 1);
  expect(callers.take(9)).toEqual({ stable: [1, 2], candidate: [1] });
  callers.add('stable', 2);
  expect(callers.areWaiting).toBe(false);
});

it('lets both arms wait in one line, so that a limit favours neither', () => {
  const callers = new FailingCallers();
  const arms: readonly Arm[] = ['stable', 'stable', 'stable', 'candidate', 'stable', 'candidate'];
  arms.forEach((arm, hash) => callers.add(arm, hash));
  expect(callers.take(4)).toEqual({ stable: [0, 1, 2], candidate: [3] });
  expect(callers.take(4)).toEqual({ stable: [4], candidate: [5] });
});

it('loses nobody however few it may remember, and hands over those who wait once', () => {
  const calls = fc.array(fc.tuple(fc.constantFrom<Arm>('stable', 'candidate'), fc.nat(20)));
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 5 }), (all, limit) => {
      const callers = new FailingCallers(8);
      const sent: string[] = [];
      all.forEach(([arm, hash], i) => {
        callers.add(arm, hash);
        if (i % 3 === 0) sent.push(...namesOf(callers.take(limit)));
      });
      while (callers.areWaiting) sent.push(...namesOf(callers.take(limit)));
      expect(new Set(sent)).toEqual(new Set(all.map(([arm, hash]) => `${arm} ${hash}`)));
    }),
  );
});

it('is bounded: who comes when too many wait is taken when it fails again', () => {
  const callers = new FailingCallers(100, 2);
  for (const hash of [1, 2, 3]) callers.add('stable', hash);
  expect(callers.take(9).stable).toEqual([1, 2]);
  callers.add('stable', 3);
  expect(callers.take(9).stable).toEqual([3]);
});

function namesOf(taken: Readonly<Record<Arm, readonly number[]>>): readonly string[] {
  return (['stable', 'candidate'] as const).flatMap((arm) => taken[arm].map((hash) => `${arm} ${hash}`));
}
