import { invalid } from '../../kernel/errors.js';

/** Reads an Idempotency-Key: a quoted structured-field string (RFC 8941, 3.3.3). Throws `invalid` otherwise. */
export function parseIdempotencyKey(header: string | readonly string[]): string {
  const text = typeof header === 'string' ? header.trim() : '';
  const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/u.exec(text)?.[1];
  if (quoted === undefined) {
    throw invalid(
      'IDEMPOTENCY_KEY_MALFORMED',
      'Idempotency-Key must be one quoted string: Idempotency-Key: "my-key-1".',
    );
  }
  return quoted.replaceAll(/\\(["\\])/gu, '$1');
}
