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

describe('the same builds in the same environment', () => {
  const key = (environment: string, ...changes: readonly ReleaseChange[]) => naturalKeyOf(environment, changes);

  it('are known by one key, in whatever order and under whatever version they are named', () => {
    const first = key('e', service('a'), service('b', 'b'));
    expect(key('e', service('b', 'b'), flag, service('a', 'a', 'another name'))).toBe(first);
  });

  it('are not those of another environment, digest or service', () => {
    const first = key('e', service('a'));
    expect([key('f', service('a')), key('e', service('a', 'b')), key('e', service('b'))]).not.toContain(first);
  });

  it('have no key without a service', () => expect(key('e', flag)).toBeNull());
});

it('finds what two releases both change', () => {
  const one = { changes: [flag, service('checkout')] };
  expect(sharedSubjects(one, { changes: [service('checkout', 'b'), service('new-cart')] })).toEqual([
    'service/checkout',
  ]);
  expect(sharedSubjects(one, { changes: [service('returns')] })).toEqual([]);
});
