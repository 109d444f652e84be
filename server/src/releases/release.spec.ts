import { describe, expect, it } from '@jest/globals';
import { aDigest } from '../../test/builders/a-service.js';
import { naturalKeyOf, type ReleaseChange, sharedSubjects, subjectOfChange } from './release.js';

const flag: ReleaseChange = { kind: 'flag', flag: 'new-cart', edit: {}, ramp: { variation: 'on' } };
const service = (key: string, letter = 'a', version = 'v1'): ReleaseChange => {
  return { kind: 'service', service: key, version, digest: aDigest(letter) };
};

it('names what a change is about', () => {
  expect([flag, service('checkout')].map(subjectOfChange)).toEqual(['flag/new-cart', 'service/checkout']);
});

const asked = {
  environmentId: 'e',
  changes: [flag],
  contentHash: 'a'.repeat(64),
  policyKey: 'standard',
  policyVersion: 0,
  scheduledAt: null,
};

describe('the same builds in the same environment', () => {
  const key = (environmentId: string, ...changes: readonly ReleaseChange[]) =>
    naturalKeyOf({ ...asked, environmentId, changes });

  it('are known by one key, in whatever order and under whatever version and policy they are named', () => {
    const first = key('e', service('a'), service('b', 'b'));
    expect(key('e', service('b', 'b'), flag, service('a', 'a', 'another name'))).toBe(first);
    const changes = [service('a'), service('b', 'b')];
    expect(naturalKeyOf({ ...asked, changes, policyKey: 'quick', contentHash: 'b' })).toBe(first);
  });

  it('are not those of another environment, digest or service', () => {
    const first = key('e', service('a'));
    expect([key('f', service('a')), key('e', service('a', 'b')), key('e', service('b'))]).not.toContain(first);
  });
});

describe('the same changes of flags', () => {
  const first = naturalKeyOf(asked);

  it('are known by one key', () => expect(naturalKeyOf({ ...asked })).toBe(first));

  it.each<[string, Partial<typeof asked> | { scheduledAt: Date }]>([
    ['in another environment', { environmentId: 'f' }],
    ['with other content', { contentHash: 'b'.repeat(64) }],
    ['under another policy', { policyKey: 'quick' }],
    ['under another version of the policy', { policyVersion: 1 }],
    ['for another time', { scheduledAt: new Date('2026-01-01T00:00:00Z') }],
  ])('are another release %s', (_how, other) => expect(naturalKeyOf({ ...asked, ...other })).not.toBe(first));
});

it('finds what two releases both change', () => {
  const one = { changes: [flag, service('checkout')] };
  expect(sharedSubjects(one, { changes: [service('checkout', 'b'), service('new-cart')] })).toEqual([
    'service/checkout',
  ]);
  expect(sharedSubjects(one, { changes: [service('returns')] })).toEqual([]);
});
