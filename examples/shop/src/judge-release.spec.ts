import { describe, expect, it } from '@jest/globals';
import type { Claim } from './judge.js';
import {
  breachClaims,
  endingClaim,
  heldClaims,
  keptClaim,
  noFailureClaim,
  rejectionClaim,
  replayClaim,
  sameClaim,
  settledClaim,
  shiftClaims,
  TICKS_HELD,
  togetherClaims,
} from './judge-release.js';
import type { Visit } from './load.js';
import type { Release } from './release.js';

function aVisit(visit: Partial<Visit>): Visit {
  const { user = 'ada', instance = 'shop-a', version = 'v1', revision = 1, atMs = 0, isOk = true } = visit;
  return {
    design: 'old',
    hasGiftNote: false,
    hasNewPrices: false,
    ...visit,
    user,
    instance,
    version,
    revision,
    atMs,
    isOk,
  };
}

/** A thousand users, of whom the first ones have a version at a revision. */
function aCrowd(revision: number, candidates: number, overrides: Partial<Visit> = {}): readonly Visit[] {
  return Array.from({ length: 1_000 }, (_, index) =>
    aVisit({ user: `user-${index}`, revision, version: index < candidates ? 'v2' : 'v1', ...overrides }),
  );
}

function aRelease(status: string, code: string, share = 25_000): Release {
  return { id: 'r', status, reason: { code, sentence: '' }, rollout: { stepIndex: 1, share, revision: 7 } };
}

const denied = (claims: readonly Claim[]): number => claims.filter(({ isTrue }) => !isTrue).length;

describe('a ramp', () => {
  const shifts = [
    { share: 5_000, revision: 2 },
    { share: 100_000, revision: 4 },
    { share: 100_000, revision: 5 },
  ];
  const asked = { version: 'v2', shares: [5_000, 100_000] };
  const visits = [...aCrowd(2, 52), ...aCrowd(4, 1_000), ...aCrowd(5, 1_000)];

  it('is believed when each share was given in its order, and users got it', () => {
    expect(denied(shiftClaims(shifts, visits, asked))).toBe(0);
  });

  it.each<[string, Parameters<typeof shiftClaims>]>([
    ['a share that was never seen', [shifts.slice(1), visits, asked]],
    [
      'a share that nobody asked for',
      [[{ share: 1_000, revision: 1 }, ...shifts], [...visits, ...aCrowd(1, 11)], asked],
    ],
    ['users who got more than was asked', [shifts, [...aCrowd(2, 120), ...aCrowd(4, 1_000)], asked]],
    ['anybody left behind at 100 %', [shifts, [...aCrowd(2, 52), ...aCrowd(4, 999)], asked]],
    ['a share that no user was seen at', [shifts, aCrowd(2, 52), asked]],
  ])('denies %s', (_name, given) => {
    expect(denied(shiftClaims(...given))).toBe(1);
  });

  it.each<[string, readonly Visit[], boolean]>([
    ['keeps who stays', [aVisit({ revision: 2, version: 'v2' }), aVisit({ revision: 3, version: 'v2' })], true],
    ['keeps who comes', [aVisit({ revision: 2 }), aVisit({ revision: 3, version: 'v2' })], true],
    [
      'forgives what an instance that lags serves',
      [aVisit({ revision: 3, version: 'v2' }), aVisit({ revision: 2 })],
      true,
    ],
    ['drops who goes', [aVisit({ revision: 2, version: 'v2' }), aVisit({ revision: 3 })], false],
    ['drops who gets both', [aVisit({ revision: 2, version: 'v2' }), aVisit({ revision: 2, instance: 'b' })], false],
  ])('%s', (_name, given, isTrue) => {
    expect(keptClaim(given, 'v2').isTrue).toBe(isTrue);
  });

  it('is settled once everybody has the version, and it alone', () => {
    expect(settledClaim(visits, { version: 'v2', from: 4 }).isTrue).toBe(true);
    expect(settledClaim([...visits, aVisit({ revision: 6 })], { version: 'v2', from: 4 }).isTrue).toBe(false);
  });
});

describe('a breach', () => {
  const failure = aVisit({ version: 'v3', isOk: false, atMs: 1_000 });
  const restored = [aVisit({ revision: 9, atMs: 2_500 }), aVisit({ revision: 9, atMs: 3_500, instance: 'shop-b' })];
  const at = { version: 'v3', restoredAt: 9 };

  it('is over when the last instance sends nobody there', () => {
    const claims = breachClaims([failure, ...restored], at);
    expect(denied(claims)).toBe(0);
    expect(claims[0]?.sentence).toContain('2.5 s');
  });

  it.each<[string, readonly Visit[], number]>([
    ['one that took too long', [failure, ...restored, aVisit({ revision: 9, atMs: 12_000, instance: 'c' })], 1],
    ['a failure of another version', [failure, ...restored, aVisit({ isOk: false, atMs: 5_000 })], 1],
    ['one that nobody saw fail', restored, 2],
    ['one that never ended', [failure], 1],
  ])('denies %s', (_name, visits, count) => {
    expect(denied(breachClaims(visits, at))).toBe(count);
  });
});

describe('a release that cannot ask', () => {
  const held = aRelease('holding', 'COULD_NOT_ASK');

  it('holds through many ticks at its share', () => {
    expect(denied(heldClaims(held, held, TICKS_HELD))).toBe(0);
  });

  it.each<[string, Release, number]>([
    ['too few ticks', held, TICKS_HELD - 1],
    ['one that went on', aRelease('holding', 'COULD_NOT_ASK', 100_000), TICKS_HELD],
    ['one that gave up', aRelease('rolledBack', 'COULD_NOT_ASK'), TICKS_HELD],
    ['one that holds for another reason', aRelease('holding', 'NOT_KNOWN'), TICKS_HELD],
  ])('denies %s', (_name, after, ticks) => {
    expect(denied(heldClaims(held, after, ticks))).toBe(1);
  });
});

describe('three changes together', () => {
  const during: Partial<Visit> = { hasGiftNote: true };
  const all = aCrowd(5, 100, during).map((visit, index): Visit => ({ ...visit, design: index % 10 ? 'old' : 'new' }));
  const revisions = { released: 5, restored: 6, version: 'v2' };

  it('come and go together', () => {
    expect(denied(togetherClaims([...all, ...aCrowd(6, 0)], revisions, 'v1'))).toBe(0);
  });

  it.each<[string, Parameters<typeof togetherClaims>]>([
    ['an edit that not everybody got', [[...all, aVisit({ revision: 5 }), ...aCrowd(6, 0)], revisions, 'v1']],
    ['one that went back in two revisions', [[...all, ...aCrowd(7, 0)], { ...revisions, restored: 7 }, 'v1']],
    ['one of which a flag stayed', [[...all, ...aCrowd(6, 0, { hasGiftNote: true })], revisions, 'v1']],
    ['one of which the build stayed', [[...all, ...aCrowd(6, 1)], revisions, 'v1']],
  ])('deny %s', (_name, given) => {
    expect(denied(togetherClaims(...given))).toBe(1);
  });
});

it.each<[string, Claim, boolean]>([
  ['an ending as expected', endingClaim(aRelease('released', 'A'), { status: 'released', code: 'A' }), true],
  ['another ending', endingClaim(aRelease('rolledBack', 'A'), { status: 'released', code: 'A' }), false],
  ['another reason', endingClaim(aRelease('released', 'B'), { status: 'released', code: 'A' }), false],
  ['visits that went well', noFailureClaim([aVisit({})]), true],
  ['one that failed', noFailureClaim([aVisit({ isOk: false })]), false],
  ['a build that is remembered', rejectionClaim({ status: 409, code: 'DIGEST_REJECTED' }), true],
  ['one that is forgotten', rejectionClaim({ status: 201, code: '' }), false],
  ['a bundle that replays', replayClaim({ isSame: true, differences: [], ticks: 2, verdicts: 1 }), true],
  ['one that does not', replayClaim({ isSame: false, differences: ['x'], ticks: 2, verdicts: 1 }), false],
  ['one without a verdict', replayClaim({ isSame: true, differences: [], ticks: 0, verdicts: 0 }), false],
  ['what is the same', sameClaim({ on: true }, { on: true }, 'settings'), true],
  ['what is not', sameClaim({ on: true }, { on: false }, 'settings'), false],
])('%s', (_name, claim, isTrue) => {
  expect(claim.isTrue).toBe(isTrue);
});
