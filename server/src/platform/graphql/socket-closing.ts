import { SluiceError } from '../../kernel/errors.js';

/** Why a socket is closed: a code of the protocol, or of RFC 6455, and a sentence of at most 123 bytes. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** Codes of graphql-transport-ws, but for the first two (RFC 6455, 7.4.1, and its registry). */
export const CLOSINGS = {
  shuttingDown: { code: 1001, reason: 'This server is shutting down; connect again.' },
  tooSlow: { code: 1013, reason: 'Changes were not taken in time; connect again and look anew.' },
  missed: { code: 1013, reason: 'This server was cut off and may have missed changes; connect again and look anew.' },
  tooManySubscriptions: { code: 4429, reason: 'Too many subscriptions on one socket.' },
  ended: { code: 4401, reason: 'What this socket was opened with has ended, or may do something else now.' },
  failed: { code: 4500, reason: 'The server failed; its log says why.' },
} as const satisfies Record<string, Closing>;

const MAX_REASON_BYTES = 123;

/** How a socket is closed that somebody was not let in with. */
export function closingOf(error: unknown): Closing {
  if (!(error instanceof SluiceError)) return CLOSINGS.failed;
  const code = { unauthenticated: 4401, forbidden: 4403, limited: 4429, invalid: 4400 }[error.kind as string] ?? 4500;
  return { code, reason: cut(error.message) };
}

function cut(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > MAX_REASON_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}
