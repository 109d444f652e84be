import { expect, it } from '@jest/globals';
import { aRamp } from '../../test/builders/a-rollout.js';
import { clockStart } from './ramp-clock.js';
import { resumed } from './ramp-moves.js';

const start = '2026-01-01T00:00:00.000Z';
const at = (seconds: number): Date => new Date(Date.parse(start) + seconds * 1_000);
const paused = (seconds: number) => ({ by: 'ann', reason: 'lunch', at: at(seconds).toISOString() });

it('runs from when the phase began', () => {
  expect(clockStart(aRamp(), at(100))).toEqual(at(0));
});

it('runs from when the share was asked for while that is on its way', () => {
  expect(clockStart(aRamp({ phase: 'reaching', since: null, askedAt: at(5).toISOString() }), at(9))).toEqual(at(5));
});

it('stands still while paused', () => {
  const ramp = aRamp({ paused: paused(40) });
  for (const now of [40, 100, 100_000]) expect(at(now).getTime() - clockStart(ramp, at(now)).getTime()).toBe(40_000);
});

it('goes on from where it stood, however often it is paused', () => {
  const once = resumed(aRamp({ paused: paused(40) }), at(100));
  expect([once.paused, clockStart(once, at(110))]).toEqual([null, at(60)]);
  const twice = resumed({ ...once, paused: paused(110) }, at(120));
  expect(clockStart(twice, at(130))).toEqual(at(70));
});

it('is not set back by a clock that was', () => {
  expect(clockStart(resumed(aRamp({ paused: paused(40) }), at(30)), at(50))).toEqual(at(0));
});
