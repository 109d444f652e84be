import { describe, expect, it } from '@jest/globals';
import { aStanding } from '../../test/builders/a-standing.js';
import { FULL_SHARE } from '../kernel/share.js';
import {
  concernOf,
  type Followed,
  isIdle,
  planRoute,
  type RouteSituation,
  standingAfter,
  withVerdict,
} from './follow-route.js';
import type { RouteStanding } from './route-standing.js';

const stable = { version: 'v1' };
const ramped: RouteSituation['traffic'] = { stable, candidate: { version: 'v2', share: 10_000 }, version: 3 };
const alone: RouteSituation['traffic'] = { stable, candidate: null, version: 4 };
const now = new Date('2026-01-01T00:01:00.000Z');
const mark = { share: 10_000, counts: { stable: 5, candidate: 5, began: 'at first' } };
const later = { share: 10_000, counts: { stable: 95, candidate: 5, began: 'at first' } };
const noCapacity = { kind: 'refused', code: 'NO_CAPACITY', sentence: 'Nothing is up.' } as const;

describe('planRoute', () => {
  it('leaves a router that it meets with everybody on its candidate arm', () => {
    const met = { traffic: alone, standing: null, isBack: false };
    expect(planRoute(met, FULL_SHARE)).toMatchObject({ home: 'candidate', share: FULL_SHARE });
    expect(planRoute(met, 30_000)).toMatchObject({ home: 'stable', share: 0 });
    expect(planRoute(met, undefined)).toMatchObject({ home: 'stable', share: 0 });
    expect(planRoute({ ...met, traffic: ramped }, FULL_SHARE)).toMatchObject({ home: 'stable', share: 10_000 });
  });
});

describe('isIdle', () => {
  const atHome = aStanding({ follows: 4, share: 0 });
  const idle: RouteSituation = { traffic: alone, standing: atHome, isBack: false };
  it.each<[string, Partial<RouteSituation>, number | undefined, boolean]>([
    ['rests where nothing is ramped and everything in place', {}, 0, true],
    ['looks at what was never followed', { standing: null }, 0, false],
    ['follows a change', { standing: { ...atHome, follows: 3 } }, 0, false],
    ['verifies a ramp', { traffic: ramped, standing: aStanding() }, 10_000, false],
    ['moves back what somebody moved', {}, 5_000, false],
    ['tries again what cannot be asked', {}, undefined, false],
    ['tries again what was refused', { standing: { ...atHome, outcome: noCapacity } }, 0, false],
    [
      'rests after a release',
      {
        traffic: { ...alone, stable: { version: 'v2' } },
        standing: { ...atHome, home: 'candidate', share: FULL_SHARE },
      },
      FULL_SHARE,
      true,
    ],
    [
      'returns once it may',
      {
        traffic: { ...alone, stable: { version: 'v2' } },
        standing: { ...atHome, home: 'candidate', share: FULL_SHARE },
        isBack: true,
      },
      FULL_SHARE,
      false,
    ],
  ])('%s', (_name, overrides, has, expected) => expect(isIdle({ ...idle, ...overrides }, has)).toBe(expected));
});

describe('standingAfter', () => {
  const plan = { arms: { stable: 'v1', candidate: 'v2' }, home: 'stable', share: 10_000 } as const;
  const after = (standing: RouteStanding | null, followed: Partial<Followed>): RouteStanding =>
    standingAfter(
      { traffic: ramped, standing, isBack: false },
      { plan, applied: { kind: 'shifted', from: 0, share: 10_000, mark }, has: 10_000, now, ...followed },
    );

  it('counts from the shift on', () => {
    expect(after(null, {})).toEqual(aStanding({ mark, checkedAt: now.toISOString() }));
    const unchanged = { kind: 'unchanged', share: 10_000, mark: later } as const;
    expect(after(aStanding({ mark }), { applied: unchanged }).mark).toEqual(mark);
    expect(after(aStanding({ mark: null }), { applied: unchanged }).mark).toEqual(later);
    expect(after(aStanding({ mark }), { applied: { ...unchanged, kind: 'shifted', from: 0 } }).mark).toEqual(later);
  });

  it('keeps what the program rounded the share to', () => {
    expect(after(null, { applied: { kind: 'shifted', from: 0, share: 9_990 }, has: 9_990 }).share).toBe(9_990);
  });

  it('knows of no new arms before the program has taken the share', () => {
    const before = aStanding({ arms: { stable: 'v1', candidate: null }, share: 0 });
    expect(after(before, { applied: noCapacity, has: 0 })).toEqual({
      ...before,
      outcome: noCapacity,
      checkedAt: now.toISOString(),
    });
    expect(after(null, { applied: noCapacity, has: 0 }).arms).toBeNull();
  });

  it('keeps the share it knew of a program that cannot be asked', () => {
    const applied = { kind: 'unreachable', sentence: 'Nobody answers.' } as const;
    expect(after(aStanding(), { applied, has: undefined })).toMatchObject({ share: 10_000, outcome: applied });
    expect(after(null, { applied, has: undefined }).share).toBeNull();
  });
});

describe('withVerdict', () => {
  const differs = { kind: 'differs', actual: 0, requests: 3_000 } as const;
  const tooFew = { kind: 'tooFew', actual: undefined, requests: 0 } as const;
  const known = aStanding({ mark });

  it('counts anew from where counters differed', () => {
    expect(withVerdict(known, known, differs, later)).toEqual({ ...known, mark: later, verified: differs });
    expect(withVerdict(known, known, differs, undefined).mark).toEqual(mark);
    expect(withVerdict(known, known, { ...differs, kind: 'matches' }, later).mark).toEqual(mark);
  });

  it('keeps what differed until enough requests say otherwise', () => {
    const odd = { ...known, verified: differs };
    expect(withVerdict(odd, known, tooFew, later).verified).toEqual(differs);
    expect(withVerdict(odd, known, { kind: 'matches', actual: 9_900, requests: 3_000 }, later).verified?.kind).toBe(
      'matches',
    );
  });

  it('forgets what differed before the share was given again', () => {
    const odd = { ...known, verified: differs };
    expect(withVerdict(odd, aStanding({ mark: later }), tooFew, later).verified).toEqual({ ...tooFew, actual: null });
    expect(withVerdict(null, known, tooFew, later).verified?.kind).toBe('tooFew');
  });
});

describe('concernOf', () => {
  const home = { arms: { stable: 'v1', candidate: 'v2' }, home: 'stable', share: 0 } as const;
  const refused = aStanding({ follows: 4, outcome: noCapacity });
  it.each<[string, RouteStanding | null, RouteStanding, Parameters<typeof concernOf>[2], string]>([
    ['tells nobody of what is in place', aStanding(), aStanding({ share: 0 }), home, 'none'],
    ['calls people when traffic cannot go home', aStanding(), refused, home, 'alarm'],
    ['calls them once', refused, refused, home, 'none'],
    [
      'calls them again when the router is gone as well',
      refused,
      { ...refused, outcome: { kind: 'unreachable', sentence: '' } },
      home,
      'alarm',
    ],
    ['warns of a ramp that waits', aStanding({ share: 0 }), refused, { ...home, share: 10_000 }, 'warning'],
    [
      'calls people when traffic cannot go home to the candidate arm',
      aStanding({ home: 'candidate', share: 90_000 }),
      { ...refused, home: 'candidate', share: 90_000 },
      { ...home, home: 'candidate', share: FULL_SHARE },
      'alarm',
    ],
    [
      'warns of a return that waits: everybody has what they should have',
      aStanding({ home: 'candidate', share: FULL_SHARE }),
      refused,
      home,
      'warning',
    ],
    ['warns of a router that was never reached', null, refused, home, 'warning'],
  ])('%s', (_name, before, after, plan, concern) => expect(concernOf(before, after, plan)).toBe(concern));
});
