/**
 * Why the client is not ready. TOKEN_REFUSED: the control plane does not accept the token. UNREACHABLE: no answer,
 * or not in time. UNEXPECTED_ANSWER: something answered, but not as a Sluice control plane does. INVALID_SNAPSHOT:
 * the snapshot is not one this version of the SDK can read.
 */
export type ProblemCode = 'TOKEN_REFUSED' | 'UNREACHABLE' | 'UNEXPECTED_ANSWER' | 'INVALID_SNAPSHOT';

export interface Problem {
  readonly code: ProblemCode;
  /** A sentence for a person that says what to do. */
  readonly message: string;
}

/** What was thrown, as a sentence; the cause is where `fetch` hides what went wrong. */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (!(thrown.cause instanceof Error)) return thrown.message;
  const code = 'code' in thrown.cause ? String(thrown.cause.code) : '';
  return thrown.cause.message || code || thrown.message;
}
