import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Tracking } from './tracking.js';

it('sums occurrences and their values per event and remembers the newest', () => {
  const tracking = new Tracking();
  tracking.record('bought', 20, 1_000);
  tracking.record('bought', 1.5, 2_000);
  tracking.record('bought', undefined, 3_000);
  tracking.record('seen', undefined, 4_000);
  expect(tracking.take()).toEqual([
    { event: 'bought', count: 3, sum: 21.5, lastAt: '1970-01-01T00:00:03.000Z' },
    { event: 'seen', count: 1, sum: 0, lastAt: '1970-01-01T00:00:04.000Z' },
  ]);
  expect(tracking.take()).toEqual([]);
});

it('counts what has an unusable value, and leaves the value out', () => {
  const tracking = new Tracking();
  // JavaScript passes anything.
  const values = [5, Number.NaN, Infinity, -Infinity, 1e308, '7', null, {}] as (number | undefined)[];
  for (const value of values) tracking.record('bought', value, 0);
  expect(tracking.take()).toMatchObject([{ count: values.length, sum: 5 }]);
});

it('has a sum that JSON can say and a batch may hold, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      const tracking = new Tracking();
      for (const value of values) tracking.record('bought', value, 0);
      for (const { sum } of tracking.take()) expect(Math.abs(sum)).toBeLessThanOrEqual(1e30);
    }),
    { seed: 1 },
  );
});

it.each<[string, unknown]>([
  ['empty', ''],
  ['endless', 'e'.repeat(257)],
  ['with NUL', 'a\0'],
  ['with half of a surrogate pair', '\ud800'],
  ['that is no text', undefined],
])('does not let a name %s spoil the batch', (_name, event) => {
  const tracking = new Tracking();
  tracking.record(event as string, 1, 0);
  tracking.record('🛒', 1, 0);
  expect(tracking.dropped).toBe(1);
  expect(tracking.take().map((each) => each.event)).toEqual(['🛒']);
});

it('is bounded: beyond the limit it counts how many, not of what, and never loses one it knows', () => {
  const tracking = new Tracking(3);
  for (let i = 0; i < 10_000; i += 1) tracking.record(`user-made-${i}`, 1, 0);
  tracking.record('user-made-0', 1, 0);
  expect(tracking.dropped).toBe(9_997);
  expect(tracking.take().map(({ count }) => count)).toEqual([2, 1, 1]);
  expect(tracking.dropped).toBe(0);
});
