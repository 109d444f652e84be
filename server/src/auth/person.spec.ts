import { expect, it } from '@jest/globals';
import { type PersonWithRoles, recordOfPerson, type RoleGrant } from './person.js';

const grantIn = (id: string, projectId: string | null): RoleGrant => ({
  ...{ id, projectId, personId: 'p', role: 'viewer', environmentId: null, grantedAt: new Date(0) },
});
const PERSON: PersonWithRoles = {
  ...{ id: 'p', email: 'ada@example.org', name: 'Ada', disabledAt: null, accessVersion: 3, createdAt: new Date(0) },
  passwordHash: '$argon2id$secret',
  invitation: { hash: 'secret', endsAt: new Date(1) },
  identity: { issuer: 'https://id.example.org', subject: 'ada' },
  invitedBy: 'pat',
  grants: [grantIn('everywhere', null), grantIn('here', 'shop'), grantIn('elsewhere', 'bank')],
};

it.each<[string | null, readonly string[]]>([
  ['shop', ['everywhere', 'here']],
  [null, ['everywhere', 'here', 'elsewhere']],
])('puts on the record of project %s the roles %j', (projectId, ids) => {
  expect(recordOfPerson(PERSON, projectId)).toMatchObject({ grants: ids.map((id) => ({ id })) });
});

it('puts no hash on record, but whether there is a password and until when one may be chosen', () => {
  const record = recordOfPerson(PERSON, null);
  expect(record).toMatchObject({ hasPassword: true, invitedUntil: new Date(1) });
  expect(JSON.stringify(record)).not.toContain('secret');
});
