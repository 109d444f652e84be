import { expect, it } from '@jest/globals';
import { aStanding } from '../../test/builders/a-standing.js';
import { reachOf, type RouteStanding } from './route-standing.js';

const now = new Date('2026-01-01T00:00:30.000Z');
const verified = { kind: 'matches', actual: 9_900, requests: 3_000 } as const;
const reach = (standing: RouteStanding | null, follows = 3) => reachOf('checkout', standing, { follows, now });
const figures = (overrides: object) => [
  { service: 'checkout', asked: 10_000, actual: null, requests: 0, fits: null, ...overrides },
];

it('has arrived when the router has confirmed it, and shows what was counted', () => {
  expect(reach(aStanding({ verified }))).toEqual({
    lacks: undefined,
    traffic: figures({ actual: 9_900, requests: 3_000, fits: 'matches' }),
  });
});

it('shows shares of the candidate when home is the candidate arm', () => {
  const standing = aStanding({ home: 'candidate', share: 90_000, verified: { ...verified, actual: 90_100 } });
  expect(reach(standing).traffic).toMatchObject([{ asked: 10_000, actual: 9_900 }]);
});

it.each<[string, RouteStanding | null, string]>([
  ['was never told', null, 'The router of checkout is being told of the share.'],
  ['was told of another share last', aStanding({ follows: 2 }), 'The router of checkout is being told of the share.'],
  [
    'refuses it',
    aStanding({ outcome: { kind: 'refused', code: 'NO_CAPACITY', sentence: 'Nothing is up.' } }),
    'The router of checkout does not have the share. Nothing is up.',
  ],
  [
    'was not looked at for long',
    aStanding({ checkedAt: '2025-12-31T23:59:59.999Z' }),
    'The router of checkout has not been looked at since 2025-12-31T23:59:59.999Z.',
  ],
  [
    'does something else than it says',
    aStanding({ verified: { kind: 'differs', actual: 1_200, requests: 3_000 } }),
    'The router of checkout sends 1.2 % of 3000 requests to the candidate where 10 % was asked.',
  ],
])('lacks a router that %s', (_name, standing, sentence) => expect(reach(standing).lacks).toBe(sentence));

it('has arrived although nobody has asked for anything yet', () => {
  expect(reach(aStanding({ verified: { kind: 'tooFew', actual: null, requests: 0 } })).lacks).toBeUndefined();
});
