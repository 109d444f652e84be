import { z } from 'zod';
import { isSameIdentity, type Identity, type Person } from './person.js';

/** As whom an OpenID provider vouches for somebody. */
export interface VouchedIdentity extends Identity {
  /** As normalizeEmail has it; null: the provider names none. */
  readonly email: string | null;
  readonly isEmailVerified: boolean;
}

/** A sign-in that goes on at an OpenID provider, and has not come back. */
export interface SignInAttempt {
  /** SHA-256 of the secret in the browser's cookie, base64url. */
  readonly hash: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** The path to go to then. */
  readonly target: string;
  readonly endsAt: Date;
}

/** Why somebody whom the provider vouches for is not let in. Pages say it in a sentence of their own. */
export type OidcRefusal =
  | 'OIDC_EMAIL_UNVERIFIED'
  | 'OIDC_DOMAIN_REFUSED'
  | 'OIDC_PERSON_UNKNOWN'
  | 'OIDC_PERSON_DISABLED'
  | 'OIDC_LINKED_OTHERWISE';

/** `known`: signed in with this identity before. `link`: the person has this address, and no identity yet. */
export type OidcVerdict = 'known' | 'link' | OidcRefusal;

/**
 * Whether whom a provider vouches for is the person found, by the identity or else by the address. An address counts only
 * where the provider has verified it, once: from then on the person is who has that subject, whatever its address
 * (OpenID Connect Core 1.0, 5.7). `domains` are of addresses that may come; undefined: all.
 */
export function judgeIdentity(
  identity: VouchedIdentity,
  person: Pick<Person, 'identity' | 'disabledAt'> | null,
  domains: readonly string[] | undefined,
): OidcVerdict {
  const isKnown = person !== null && isSameIdentity(person.identity, identity);
  if (!identity.isEmailVerified && (!isKnown || domains !== undefined)) return 'OIDC_EMAIL_UNVERIFIED';
  if (domains?.includes(domainOf(identity)) === false) return 'OIDC_DOMAIN_REFUSED';
  if (person === null) return 'OIDC_PERSON_UNKNOWN';
  if (person.disabledAt !== null) return 'OIDC_PERSON_DISABLED';
  if (isKnown) return 'known';
  return person.identity === null ? 'link' : 'OIDC_LINKED_OTHERWISE';
}

/**
 * A person who has this identity from now on; the link of the invitation is void. Who made it counts as before: the account
 * at the provider may be their own too.
 */
export function withIdentity<P extends Person>(person: P, { issuer, subject }: Identity): P {
  return { ...person, identity: { issuer, subject }, invitation: null };
}

/**
 * A person with no password that may be another's than theirs. Whoever had the link of somebody who does not administer the
 * instance may have chosen it, and would keep the account that its owner now signs in to.
 */
export function withOwnPassword<P extends Person>(person: P): P {
  const mayBeOfAnother = person.passwordHash !== null && person.invitedBy !== null;
  return mayBeOfAnother ? { ...person, passwordHash: null } : person;
}

/** Where a sign-in leads: a path of the pages, and their first one where it is none. */
export function targetOf(to: string | undefined): string {
  // Browsers drop control characters, and would read /\t/ as //.
  return to !== undefined && /^\/(?![/\\])\P{Cc}*$/u.test(to) ? to : '/';
}

function domainOf({ email }: VouchedIdentity): string {
  return email?.slice(email.lastIndexOf('@') + 1) ?? '';
}

export const oidcBeginSchema = z
  .strictObject({ to: z.string().max(2_000).optional().describe('Path to go to once signed in; absent: /') })
  .meta({ id: 'OidcSignIn' });
