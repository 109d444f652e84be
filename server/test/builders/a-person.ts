import type { Person, RoleGrant } from '../../src/auth/person.js';
import type { Session } from '../../src/auth/session.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** Somebody who was invited and has chosen no password, unless said. */
export function aPerson(overrides: Partial<Person> = {}): Person {
  return {
    id: idNumber(4),
    email: 'ada@shop.example',
    name: 'Ada',
    passwordHash: null,
    invitation: null,
    identity: null,
    invitedBy: null,
    disabledAt: null,
    accessVersion: 1,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}

/** The role of a viewer in the whole instance, unless said. */
export function aRoleGrant(overrides: Partial<RoleGrant> = {}): RoleGrant {
  return {
    id: idNumber(5),
    personId: idNumber(4),
    role: 'viewer',
    projectId: null,
    environmentId: null,
    grantedAt: new Date('2026-01-02T00:00:00.000Z'),
    ...overrides,
  };
}

/** A session of a month, unless said. */
export function aSession(overrides: Partial<Session> = {}): Session {
  return {
    id: idNumber(6),
    hash: 'hash-of-a-session',
    personId: idNumber(4),
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    lastSeenAt: new Date('2026-01-01T00:00:00.000Z'),
    endsAt: new Date('2026-02-01T00:00:00.000Z'),
    ...overrides,
  };
}
