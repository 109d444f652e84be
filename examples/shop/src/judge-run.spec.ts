import { expect, it } from '@jest/globals';
import type { Claim } from './judge.js';
import { dueClaim, faultClaims, findingsClaim, priceClaim, promptClaim, unservedClaim } from './judge-run.js';
import type { Visit } from './load.js';
import type { CandidateStanding } from './run-standing.js';

const ROUNDED = { path: '$.total', kind: 'value', transition: 'rounding' };
const OF_YEN = [{ stratum: 'JPY', n: 9 }];
const EUR = { stratum: 'EUR', n: 60, x: 0 };
const YEN = { stratum: 'JPY', n: 10, x: 9 };

function aStanding(
  signatures: CandidateStanding['signatures'] = [{ places: [ROUNDED], strata: OF_YEN }],
  strata: CandidateStanding['assessment']['strata'] = [EUR, YEN],
  served = { control: 70, candidate: 0 },
): CandidateStanding {
  const total = { candidateVersion: 'v1', sums: { served } };
  return { total, assessment: { finding: 'refuted', sentence: '', strata }, signatures };
}

function aVisit(visit: Partial<Visit>): Visit {
  const seen = { user: 'ada', instance: 'shop-a', revision: 1, atMs: 0, isOk: true } as const;
  return { ...seen, design: 'old', hasGiftNote: false, hasNewPrices: false, ...visit };
}

const denied = (claims: readonly Claim[]): number => claims.filter(({ isTrue }) => !isTrue).length;
const named = (standing: CandidateStanding) => faultClaims(standing, { path: '$.total', stratum: 'JPY' });

it('believes a fault that is named by its one place and its one kind of input', () => {
  expect(denied(named(aStanding()))).toBe(0);
});

it.each<[string, CandidateStanding, number]>([
  ['no fault', aStanding([]), 2],
  ['another place', aStanding([{ places: [{ ...ROUNDED, path: '$.currency' }], strata: OF_YEN }]), 1],
  ['two places', aStanding([{ places: [ROUNDED, ROUNDED], strata: OF_YEN }]), 1],
  ['another kind of input', aStanding([{ places: [ROUNDED], strata: [{ stratum: 'EUR', n: 9 }] }]), 1],
  ['unequal inputs of another kind', aStanding(undefined, [{ ...EUR, x: 1 }, YEN]), 1],
  ['a kind that nothing was told from', aStanding(undefined, [YEN]), 1],
])('denies %s', (_name, standing, count) => {
  expect(denied(named(standing))).toBe(count);
});

const total = { currency: 'EUR', total: 5 } as const;
const isFive = (_user: string, price: { readonly total: number }): boolean => price.total === 5;
const compared = (control: number, candidate: number) => aStanding(undefined, undefined, { control, candidate });
const FOUND = { candidateVersion: 'v1', finding: 'refuted' };
const now = new Date('2026-11-21T12:00:00Z');

it.each<[string, Claim, boolean]>([
  ['what was found at once', promptClaim(2_000), true],
  ['what was found late', promptClaim(15_001), false],
  ['right prices', priceClaim([aVisit({ price: total })], isFive), true],
  ['a wrong one', priceClaim([aVisit({ price: total }), aVisit({ price: { ...total, total: 5.01 } })], isFive), false],
  ['one that is missing', priceClaim([aVisit({})], isFive), false],
  ['prices that nobody saw', priceClaim([], isFive), false],
  ['code that answered nobody', unservedClaim([aVisit({})], compared(9, 0)), true],
  ['code that answered, as was counted', unservedClaim([aVisit({})], compared(9, 1)), false],
  ['code that answered, as a caller saw', unservedClaim([aVisit({ hasNewPrices: true })], compared(9, 0)), false],
  ['code that was never compared', unservedClaim([aVisit({})], compared(0, 0)), false],
  ['the finding that was expected', findingsClaim([FOUND], { refuted: 'v1' }), true],
  ['one that is missing', findingsClaim([FOUND], { refuted: 'v1', certified: 'v2' }), false],
  ['one of another version', findingsClaim([FOUND], { refuted: 'v2' }), false],
  ['a flag that has its day', dueClaim('2026-12-05T11:59:00Z', 14, now), true],
  ['one that has another', dueClaim('2026-12-04T11:59:00Z', 14, now), false],
  ['one that has none', dueClaim(null, 14, now), false],
])('%s', (_name, claim, isTrue) => {
  expect(claim.isTrue).toBe(isTrue);
});
