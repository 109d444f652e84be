import { describe, expect, it } from '@jest/globals';
import { freezeAt, isTimeZone } from './freeze-windows.js';
import type { FreezeWindow } from './policy.js';

const weekend: FreezeWindow = {
  name: 'weekend',
  timeZone: 'Europe/Berlin',
  days: ['sat', 'sun'],
  from: '00:00',
  to: '00:00',
};
const nights: FreezeWindow = {
  name: 'nights',
  timeZone: 'America/New_York',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from: '22:00',
  to: '06:00',
};
const friday: FreezeWindow = { name: 'friday', timeZone: 'Europe/Berlin', days: ['fri'], from: '15:00', to: '00:00' };
const holidays: FreezeWindow = { name: 'holidays', starts: '2026-12-20T00:00:00Z', ends: '2027-01-04T00:00:00Z' };

it.each<[string, readonly FreezeWindow[], string, string | undefined]>([
  ['is open outside of every window', [weekend, nights], '2026-11-18T15:00:00Z', undefined],
  ['ends a day at midnight of its own zone', [weekend], '2026-11-22T10:00:00Z', '2026-11-22T23:00:00.000Z'],
  ['takes days that touch as one freeze', [weekend], '2026-11-21T10:00:00Z', '2026-11-22T23:00:00.000Z'],
  ['takes windows that touch as one freeze', [friday, weekend], '2026-11-20T14:30:00Z', '2026-11-22T23:00:00.000Z'],
  ['sees the night that began yesterday', [nights], '2026-11-18T08:00:00Z', '2026-11-18T11:00:00.000Z'],
  ['sees the night that begins tonight', [nights], '2026-11-19T03:30:00Z', '2026-11-19T11:00:00.000Z'],
  ['is closed on the start and open on the end', [friday], '2026-11-20T14:00:00Z', '2026-11-20T23:00:00.000Z'],
  ['is open on the end', [friday], '2026-11-20T23:00:00Z', undefined],
  [
    'ends by the wall clock when it goes forward meanwhile',
    [nights],
    '2026-03-08T04:00:00Z',
    '2026-03-08T10:00:00.000Z',
  ],
  ['ends by the wall clock when it goes back meanwhile', [nights], '2026-11-01T03:00:00Z', '2026-11-01T11:00:00.000Z'],
  ['knows instants as well as weeks', [holidays], '2026-12-24T00:00:00Z', '2027-01-04T00:00:00.000Z'],
])('%s', (_name, windows, at, until) => expect(freezeAt(windows, new Date(at))?.until.toISOString()).toBe(until));

describe('a freeze without end', () => {
  it('names an end at the horizon, not never', () => {
    const always: FreezeWindow = { ...nights, from: '00:00', to: '00:00' };
    const now = new Date('2026-11-18T15:00:00Z');
    const until = freezeAt([always], now)?.until.getTime() ?? 0;
    expect(until - now.getTime()).toBeGreaterThanOrEqual(14 * 86_400_000);
  });
});

it('tells time zones from other words', () => {
  expect([isTimeZone('Europe/Berlin'), isTimeZone('UTC'), isTimeZone('Berlin/Europe')]).toEqual([true, true, false]);
});
