import { randomUUID } from 'node:crypto';

const GIVEN = /^[\w.:/+=-]{1,128}$/u;

/** The id that a caller gave a request, where it is one, or a new one. */
export function requestIdOf(given: unknown): string {
  return typeof given === 'string' && GIVEN.test(given) ? given : newRequestId();
}

/** A UUID of version 4 (RFC 9562): nothing is ordered by it, and Node draws them many at once. */
export function newRequestId(): string {
  return randomUUID();
}
