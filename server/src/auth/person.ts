import { z } from 'zod';
import { type Role, ROLES } from './role.js';

/** Somebody who may sign in. */
export interface Person {
  readonly id: string;
  /** In lower case; people sign in with it. */
  readonly email: string;
  readonly name: string;
  /** Null: not chosen yet, or to be chosen anew. */
  readonly passwordHash: string | null;
  readonly invitation: Invitation | null;
  /** With what account of an OpenID provider they sign in; null: with none. */
  readonly identity: Identity | null;
  /**
   * The token or person who made the link by which the password was or will be chosen, and so could have used it, and who
   * named the address by which an account at a provider was linked, which may be their own; null: nobody but the person
   * themselves, or who administers the instance and may take any account over.
   */
  readonly invitedBy: string | null;
  readonly disabledAt: Date | null;
  /** Grows whenever what the person may do changes. */
  readonly accessVersion: number;
  readonly createdAt: Date;
}

/** An account at an OpenID provider, which is never given to another (OpenID Connect Core 1.0, 2). */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** Whether two are one account. */
export function isSameIdentity(a: Identity | null, b: Identity): boolean {
  return a?.issuer === b.issuer && a.subject === b.subject;
}

/** The one-time secret with which a person chooses a password: its hash, never itself. */
export interface Invitation {
  readonly hash: string;
  readonly endsAt: Date;
}

/** A role that a person has in a place. */
export interface RoleGrant {
  readonly id: string;
  readonly personId: string;
  readonly role: Role;
  /** Null: in the whole instance. */
  readonly projectId: string | null;
  /** Null: in all of the project. */
  readonly environmentId: string | null;
  readonly grantedAt: Date;
}

/** Somebody with all that was given them. */
export interface PersonWithRoles extends Person {
  readonly grants: readonly RoleGrant[];
}

export const PERSON_STATUSES = ['invited', 'active', 'disabled'] as const;
export type PersonStatus = (typeof PERSON_STATUSES)[number];

/** `invited` until they can sign in: by a password, which may have to be chosen anew, or by an OpenID provider. */
export function statusOf({
  disabledAt,
  passwordHash,
  identity,
}: Pick<Person, 'disabledAt' | 'passwordHash' | 'identity'>): PersonStatus {
  if (disabledAt !== null) return 'disabled';
  return passwordHash === null && identity === null ? 'invited' : 'active';
}

/** Warns whoever gives a role to somebody whom another invited, and so may be able to act as. */
export function cautionOf({ name }: Pick<Person, 'name'>, inviter: string): string {
  return (
    `${inviter} invited ${name} by a link that both have seen and an address that may be of either, so may be able to sign in ` +
    'as them: in approvals the two count as one. Before you give a wider role, make sure whose address it is, and let an admin ' +
    'of the instance reset the password.'
  );
}

/**
 * What is put on record of a person: no hash and, where it is a project's record, which all who audit that may read, no
 * role in another. Null: it is the instance's.
 */
export function recordOfPerson(
  { passwordHash, invitation, grants, ...rest }: PersonWithRoles,
  projectId: string | null,
): object {
  const told = projectId === null ? grants : grants.filter((each) => [null, projectId].includes(each.projectId));
  const hasPassword = passwordHash !== null;
  return { ...rest, grants: told, hasPassword, invitedUntil: invitation?.endsAt ?? null };
}

/** How e-mail addresses are stored and compared. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

const email = z.string().transform(normalizeEmail).pipe(z.email().max(200)).describe('Compared without regard to case');
const name = z.string().trim().min(1).max(200);
/** NIST SP 800-63B: long enough, and no rules of composition. */
const password = z.string().min(12, 'must have at least 12 characters').max(200);
/** What somebody claims to be the password: the same answer, however long it is. */
const claimed = z.string().max(1_000);

const place = {
  project: z.string().optional().describe('Key of the project; absent: the whole instance'),
  environment: z.string().optional().describe('Key of the environment; absent: all of the project'),
};

function refuseBareEnvironment(
  { project, environment }: Partial<Record<string, unknown>>,
  issues: z.RefinementCtx,
): void {
  if (environment === undefined || project !== undefined) return;
  issues.addIssue({ code: 'custom', path: ['project'], message: 'say which project the environment belongs to' });
}

export const signInSchema = z.strictObject({ email: z.string().max(1_000), password: claimed }).meta({ id: 'SignIn' });

export const firstPersonSchema = z
  .strictObject({ token: z.string().describe('An admin token of the whole instance'), email, name, password })
  .meta({ id: 'FirstPerson' });

export const passwordChoiceSchema = z
  .strictObject({ secret: z.string().max(200).describe('The one-time secret of an invitation'), password })
  .meta({ id: 'PasswordChoice' });

export const passwordChangeSchema = z
  .strictObject({ currentPassword: claimed, newPassword: password })
  .meta({ id: 'PasswordChange' });

export const invitationSchema = z
  .strictObject({ email, name, role: z.enum(ROLES).optional(), ...place })
  .superRefine(refuseBareEnvironment)
  .superRefine(({ role, project }, issues) => {
    if (role !== undefined || project === undefined) return;
    issues.addIssue({ code: 'custom', path: ['role'], message: 'say which role the person is to have there' });
  })
  .meta({ id: 'PersonDraft' });

export const grantSchema = z
  .strictObject({ role: z.enum(ROLES), ...place })
  .superRefine(refuseBareEnvironment)
  .meta({ id: 'RoleGrantDraft' });
