import { expect, it } from '@jest/globals';
import { type SdkInstance, silentBefore, standingOf, unlistedBefore } from './sdk-instance.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const anInstance = (overrides: Partial<SdkInstance> = {}): SdkInstance => {
  const times = { revisionAppliedAt: ago(10), firstSeenAt: ago(100), lastSeenAt: ago(1), leftAt: null };
  const said = { sdk: 'node/1', revision: 5, service: null, serviceVersion: null };
  return { id: 'i', name: 'checkout', ...said, ...times, ...overrides };
};

it.each<[string, number | null, boolean]>([
  ['lags behind', 4, false],
  ['is current', 5, true],
  ['has heard of a newer revision than this answer', 6, true],
  ['has no snapshot', null, false],
])('an instance that %s', (_name, revision, isCurrent) => {
  expect(standingOf(anInstance({ revision }), 5, now)).toMatchObject({ isCurrent, isSilent: false });
});

it('an instance without a snapshot is not current in an environment without a change', () => {
  expect(standingOf(anInstance({ revision: null }), 0, now).isCurrent).toBe(false);
});

it.each<[number, boolean]>([
  [0, false],
  // The longest a quiet SDK waits between two reports: 60 s, then its next interval of 10 s, a fifth late.
  [72, false],
  [90, false],
  [91, true],
])('an instance heard %d s ago is silent: %s', (seconds, isSilent) => {
  expect(standingOf(anInstance({ lastSeenAt: ago(seconds) }), 5, now).isSilent).toBe(isSilent);
});

it('an instance that left is not silent, however long ago', () => {
  const left = anInstance({ lastSeenAt: ago(300), leftAt: ago(300) });
  expect(standingOf(left, 5, now)).toMatchObject({ isSilent: false, leftAt: ago(300) });
});

it('is listed for an hour', () => {
  expect(silentBefore(now)).toEqual(ago(90));
  expect(unlistedBefore(now)).toEqual(ago(3_600));
});
