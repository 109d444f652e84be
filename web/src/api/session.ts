import { Failure, failureOfProblem, unreachable } from './failure.js';

const SESSION = '/api/v1/session';

/** Who the server takes the browser for. */
export interface Session {
  readonly viewer: { readonly kind: 'person' | 'token'; readonly id: string; readonly name: string } | null;
  /** Nobody exists yet: the first to come makes an administrator, by the token of the first start. */
  readonly isFirstStart: boolean;
  /** The OpenID provider that people may sign in with, by what they call it. */
  readonly oidc: { readonly name: string } | null;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface FirstPerson extends Credentials {
  readonly token: string;
  readonly name: string;
}

/** Throws a Failure where the server does not answer. */
export async function readSession(): Promise<Session> {
  return (await call('GET', '')) as Session; // the server's contract
}

/** Signs in; the browser keeps the cookie. Throws a Failure. */
export async function signIn(credentials: Credentials): Promise<void> {
  await call('POST', '', credentials);
}

/** Begins to sign in with the OpenID provider: answers the page of theirs to go to. Throws a Failure. */
export async function beginOidc(to: string): Promise<string> {
  const { url } = (await call('POST', '/oidc', { to })) as { readonly url: string }; // the server's contract
  return url;
}

/** Makes the first administrator and signs in. Throws a Failure. */
export async function signInFirst(first: FirstPerson): Promise<void> {
  await call('POST', '/first', first);
}

/** Sets the password of who was invited, by the secret of the invitation, and signs in. Throws a Failure. */
export async function acceptInvitation(invitation: {
  readonly secret: string;
  readonly password: string;
}): Promise<void> {
  await call('POST', '/invitation', invitation);
}

/** Ends the session on the server; whatever the page holds is gone with the page that it then loads. */
export async function signOut(): Promise<void> {
  await call('DELETE', '');
}

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(SESSION + path, {
    method,
    credentials: 'same-origin',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => undefined);
  if (response === undefined) throw unreachable();
  const document: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw failureOfProblem(response.status, document);
  if (method !== 'DELETE' && document === undefined) {
    throw new Failure('internal', 'NO_DATA', 'The server answered nothing; load the page again.');
  }
  return document;
}
