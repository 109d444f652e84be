import { describe, expect, it } from '@jest/globals';
import { aPerson } from '../../test/builders/a-person.js';
import {
  judgeIdentity,
  type OidcVerdict,
  targetOf,
  type VouchedIdentity,
  withIdentity,
  withOwnPassword,
} from './oidc-sign-in.js';
import type { Person } from './person.js';

const ADA: VouchedIdentity = {
  issuer: 'https://id.shop.example',
  subject: 'ada-1',
  email: 'ada@shop.example',
  isEmailVerified: true,
};
const own = { issuer: ADA.issuer, subject: ADA.subject };
const disabledAt = new Date(0);

describe('whom a provider vouches for', () => {
  it.each<[string, OidcVerdict, Partial<VouchedIdentity>, Partial<Person> | null, readonly string[] | undefined]>([
    ['is linked by a verified address', 'link', {}, {}, undefined],
    ['is known by the subject', 'known', {}, { identity: own }, undefined],
    [
      'is known whatever the address is now',
      'known',
      { email: null, isEmailVerified: false },
      { identity: own },
      undefined,
    ],
    ['is unknown', 'OIDC_PERSON_UNKNOWN', {}, null, undefined],
    ['has no verified address', 'OIDC_EMAIL_UNVERIFIED', { isEmailVerified: false }, {}, undefined],
    ['has none, and is told no more', 'OIDC_EMAIL_UNVERIFIED', { isEmailVerified: false }, { disabledAt }, undefined],
    ['has none, nor is anybody there', 'OIDC_EMAIL_UNVERIFIED', { isEmailVerified: false }, null, undefined],
    ['is disabled', 'OIDC_PERSON_DISABLED', {}, { disabledAt }, undefined],
    ['is known and disabled', 'OIDC_PERSON_DISABLED', {}, { identity: own, disabledAt }, undefined],
    ['is another subject', 'OIDC_LINKED_OTHERWISE', {}, { identity: { ...own, subject: 'ada-2' } }, undefined],
    ['is of another issuer', 'OIDC_LINKED_OTHERWISE', {}, { identity: { ...own, issuer: 'https://x' } }, undefined],
    ['is of a domain that may come', 'link', {}, {}, ['shop.example', 'shop.example.org']],
    ['is of another domain', 'OIDC_DOMAIN_REFUSED', { email: 'ada@blog.example' }, {}, ['shop.example']],
    ['is of a domain below', 'OIDC_DOMAIN_REFUSED', { email: 'ada@x.shop.example' }, {}, ['shop.example']],
    [
      'is known, and of another domain now',
      'OIDC_DOMAIN_REFUSED',
      { email: 'a@b.example' },
      { identity: own },
      ['c.example'],
    ],
    [
      'is known, of no address now',
      'OIDC_EMAIL_UNVERIFIED',
      { isEmailVerified: false },
      { identity: own },
      ['c.example'],
    ],
  ])('%s: %s', (_how, verdict, identity, person, domains) => {
    expect(judgeIdentity({ ...ADA, ...identity }, person && aPerson(person), domains)).toBe(verdict);
  });

  it.each([
    ['was chosen by the link of another', { passwordHash: 'x', invitedBy: 'pat' }, false],
    ['was chosen by the link of who administers the instance', { passwordHash: 'x' }, true],
    ['is none', { invitedBy: 'pat' }, true],
  ])('may keep a password or lose it: it %s', (_what, overrides, isKept) => {
    const person = aPerson(overrides);
    expect(withOwnPassword(person)).toEqual(isKept ? person : { ...person, passwordHash: null });
  });

  it('takes an invitation up, and whoever made it may be the same', () => {
    const invited = aPerson({ invitation: { hash: 'h', endsAt: new Date(1) }, invitedBy: 'pat' });
    expect(withIdentity(invited, ADA)).toEqual({ ...invited, identity: own, invitation: null });
  });
});

it.each([
  ['/projects/shop/flags?q=a#b', '/projects/shop/flags?q=a#b'],
  [undefined, '/'],
  ['', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example', '/'],
])('after %p one goes to %p', (to, target) => expect(targetOf(to)).toBe(target));
