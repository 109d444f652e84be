import { expect, it } from '@jest/globals';
import { type Check, type CheckPoint, withPoint } from './guardrail.js';

const checkAt = (minute: number): Check => ({
  outcome: 'good',
  value: minute,
  sentence: 'It is well.',
  at: new Date(minute * 60_000).toISOString(),
});

it('keeps the latest sixty checks, the oldest first, without their sentences', () => {
  const minutes = Array.from({ length: 61 }, (_, minute) => minute);
  const recent = minutes.reduce<readonly CheckPoint[]>((points, minute) => withPoint(points, checkAt(minute)), []);
  expect(recent.map(({ value }) => value)).toEqual(minutes.slice(1));
  expect(recent[0]).toEqual({ outcome: 'good', value: 1, at: '1970-01-01T00:01:00.000Z' });
});
