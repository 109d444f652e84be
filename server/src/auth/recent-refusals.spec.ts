import { expect, it } from '@jest/globals';
import { RecentRefusals } from './recent-refusals.js';

it('remembers for ten seconds from the last time', () => {
  const refusals = new RecentRefusals();
  expect(refusals.has('a', 0)).toBe(false);
  refusals.add('a', 0);
  refusals.add('a', 5_000);
  expect([refusals.has('a', 14_999), refusals.has('a', 15_000), refusals.has('b', 0)]).toEqual([true, false, false]);
});

it('forgets the oldest of very many', () => {
  const refusals = new RecentRefusals();
  for (let i = 0; i <= 10_000; i += 1) refusals.add(`${i}`, 0);
  expect([refusals.has('0', 0), refusals.has('1', 0), refusals.has('10000', 0)]).toEqual([false, true, true]);
});
