import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64. */
const KEY_BYTES = 32;

/** What is signed: the id of the message, when it is sent in seconds since 1970, and the body to the byte. */
export interface SignedMessage {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/** A new secret: `whsec_` and 256 random bits in base64. */
export function createSecret(): string {
  return PREFIX + randomBytes(KEY_BYTES).toString('base64');
}

/**
 * The signature of Standard Webhooks 1.0.0 ("Signature scheme"): HMAC-SHA256 over `id.timestamp.body`, one for each
 * secret, with a space between.
 */
export function signWebhook(secrets: readonly string[], { id, timestamp, body }: SignedMessage): string {
  const sign = (secret: string): string => {
    const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  };
  return secrets.map(sign).join(' ');
}
