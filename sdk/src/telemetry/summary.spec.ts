import { expect, it } from '@jest/globals';
import { Summary } from './summary.js';

it('sums per flag and variation and remembers the newest', () => {
  const summary = new Summary();
  summary.record('a', 'on', 1_000);
  summary.record('a', 'on', 2_000);
  summary.record('a', null, 3_000);
  summary.record('b', 'on', 4_000);
  expect(summary.take()).toEqual([
    { flag: 'a', variation: 'on', count: 2, lastAt: '1970-01-01T00:00:02.000Z' },
    { flag: 'a', variation: null, count: 1, lastAt: '1970-01-01T00:00:03.000Z' },
    { flag: 'b', variation: 'on', count: 1, lastAt: '1970-01-01T00:00:04.000Z' },
  ]);
  expect(summary.take()).toEqual([]);
});

it('is bounded: beyond the limit it counts how many, not of what, and never loses one it knows', () => {
  const summary = new Summary(3);
  for (let i = 0; i < 10_000; i += 1) summary.record(`user-made-key-${i}`, null, 0);
  summary.record('user-made-key-0', null, 0);
  expect(summary.unattributed).toBe(9_997);
  expect(summary.take().map((entry) => entry.count)).toEqual([2, 1, 1]);
  expect(summary.unattributed).toBe(0);
});

it.each(['', 'k'.repeat(257), 'a\0', '\ud800'])('does not let a key that no flag can have spoil the batch', (key) => {
  const summary = new Summary();
  summary.record(key, null, 0);
  summary.record('a', null, 0);
  expect(summary.take()).toHaveLength(1);
});
