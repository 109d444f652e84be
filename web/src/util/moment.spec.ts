import { describe, expect, it } from '@jest/globals';
import { formatAbsolute, formatDuration, formatRelative, nextTellingMs } from './moment.js';

const now = new Date('2026-11-21T14:00:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);

describe('a relative time', () => {
  it.each([
    [0, 'just now'],
    [4, 'just now'],
    [-4, 'just now'],
    [59, '59 seconds ago'],
    [60, '1 minute ago'],
    [12 * 60 + 59, '12 minutes ago'],
    [3_600, '1 hour ago'],
    [86_400 * 2, '2 days ago'],
    [86_400 * 45, '1 month ago'],
    [86_400 * 800, '2 years ago'],
    [-3 * 86_400, 'in 3 days'],
  ])('of %s s is %s', (seconds, text) => expect(formatRelative(ago(seconds), now)).toBe(text));

  it('is told anew the less often the older it is', () => {
    const waits = [1, 120, 7_200].map((seconds) => nextTellingMs(ago(seconds), now));
    expect(waits).toEqual([1_000, 15_000, 300_000]);
  });
});

it.each([
  [40, '40 ms'],
  [40_000, '40 s'],
  [7_505_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [90_061_000, '1 d 1 h'],
])('tells %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

it('tells an absolute time with its zone', () => {
  expect(formatAbsolute(new Date('2026-11-21T14:03:05Z'), 'utc')).toBe('2026-11-21 14:03:05 UTC');
});
