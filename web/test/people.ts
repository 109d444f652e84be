import { randomUUID } from 'node:crypto';
import type { CalledServer } from '../../server/test/e2e/start-test-server.js';

export const PASSWORD = 'correct horse battery staple';

/** Someone who can sign in, and the cookie of a session of theirs. */
export interface Person {
  readonly email: string;
  readonly cookie: { readonly name: string; readonly value: string };
}

export type Role = 'viewer' | 'editor' | 'approver' | 'admin';

const firsts = new WeakMap<CalledServer, Promise<Person>>();

/** Someone with a role in the whole instance, a project, or an environment of it. */
export async function personOf(
  server: CalledServer,
  role: Role,
  place: { readonly project?: string; readonly environment?: string } = {},
): Promise<Person> {
  const email = `${role}-${randomUUID()}@example.com`;
  const invited = await server.api('POST', '/api/v1/people', { email, name: `The ${role}`, role, ...place });
  expectStatus(201, invited);
  const { secret } = invited.body as { readonly secret: string };
  const begun = await server.as(undefined)('POST', '/api/v1/session/invitation', { secret, password: PASSWORD });
  expectStatus(201, begun);
  return { email, cookie: cookieIn(begun.headers) };
}

/** The first person of a server, an admin of all of it. */
export function firstPersonOf(server: CalledServer): Promise<Person> {
  const known = firsts.get(server) ?? beginWith(server);
  firsts.set(server, known);
  return known;
}

async function beginWith(server: CalledServer): Promise<Person> {
  const email = 'first@example.com';
  const first = { token: server.adminToken, email, name: 'First Person', password: PASSWORD };
  const begun = await server.as(undefined)('POST', '/api/v1/session/first', first);
  expectStatus(201, begun);
  return { email, cookie: cookieIn(begun.headers) };
}

function cookieIn(headers: Headers): Person['cookie'] {
  const [pair = ''] = (headers.getSetCookie()[0] ?? '').split(';');
  const at = pair.indexOf('=');
  return { name: pair.slice(0, at), value: pair.slice(at + 1) };
}

function expectStatus(status: number, answer: { readonly status: number; readonly body: unknown }): void {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
}
