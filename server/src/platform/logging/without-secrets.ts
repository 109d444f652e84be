/**
 * What makes a text a credential by its shape: tokens and invitations of ours, secrets of webhooks, whatever follows
 * "Bearer", and the cookies of people. What errors of others quote, such as a row that the store would not take, is known
 * by nothing else.
 */
const SHAPES = /(\bslu_[a-z]+_|\bwhsec_|\bBearer\s+|\bsluice(?:-oidc)?=)(?=[\w+/=.~-]{8})[\w+/=.~-]+/giu;

/** A line of the log with credentials left out, and what kind they were kept. */
export function withoutSecrets(line: string): string {
  return line.replaceAll(SHAPES, '$1[Redacted]');
}
