import { expect, it } from '@jest/globals';
import { aSession } from '../../test/builders/a-person.js';
import { isSeenAnew, isStanding } from './session.js';

const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 0, 1, hour, minute));
const IDLE_MS = 12 * 3_600_000;

it.each<[string, Date, boolean]>([
  ['while it is used', at(11, 59), true],
  ['no more once nobody used it for so long', at(12), false],
])('stands %s', (_when, now, stands) => {
  expect(isStanding(aSession({ lastSeenAt: at(0), endsAt: at(48) }), now, IDLE_MS)).toBe(stands);
});

it('ends at its end, however busy it is', () => {
  const busy = aSession({ lastSeenAt: at(5), endsAt: at(6) });
  expect([isStanding(busy, at(5, 59), IDLE_MS), isStanding(busy, at(6), IDLE_MS)]).toEqual([true, false]);
});

it('writes down that it is used now and then', () => {
  const session = aSession({ lastSeenAt: at(0) });
  expect([isSeenAnew(session, at(0, 4)), isSeenAnew(session, at(0, 5))]).toEqual([false, true]);
});
