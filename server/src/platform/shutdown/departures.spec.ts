import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { departuresDue } from './departures.js';

it.each<[number, number, number, number]>([
  [200, 0, 5_000, 0],
  [200, 2_500, 5_000, 100],
  [200, 5_000, 5_000, 200],
  [3, 1_000, 5_000, 0],
  [3, 0, 0, 3],
])('of %d, after %d of %d ms, %d have gone', (count, elapsedMs, windowMs, due) =>
  expect(departuresDue(count, elapsedMs, windowMs)).toBe(due),
);

it('lets no more go in any tenth of the window than a tenth of them, and one', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(900), (count, start) => {
      const tenth = departuresDue(count, start + 100, 1_000) - departuresDue(count, start, 1_000);
      return tenth <= count / 10 + 1;
    }),
  );
});
