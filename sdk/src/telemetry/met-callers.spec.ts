import { expect, it } from '@jest/globals';
import { MetCallers } from './met-callers.js';

it('meets each caller once', () => {
  const met = new MetCallers(10_000);
  expect([1, 2, 1, 3, 2].map((hash) => met.isNew(hash))).toEqual([true, true, false, true, false]);
});

it('counts nobody more once there are too many to know', () => {
  const met = new MetCallers(10_000, 2);
  expect([1, 2, 3, 4, 1].map((hash) => met.isNew(hash))).toEqual([true, true, false, false, false]);
});
