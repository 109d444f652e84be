/** The longest pause between two attempts to reach the control plane, unless it asks for more. */
export const BACKOFF_CAP_MS = 30_000;

/** No Retry-After is honoured beyond this: a mistyped header must not silence a client for a day. */
const RETRY_AFTER_CAP_MS = 600_000;

/**
 * Milliseconds to wait before the next attempt: full jitter, uniform from 0 to min(cap, base × 2^failures), so that
 * clients which lost the same server do not come back together.
 * (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.)
 */
export function backoffMs(failures: number, random: number, baseMs = 1_000, capMs = BACKOFF_CAP_MS): number {
  return random * Math.min(capMs, baseMs * 2 ** Math.min(failures, 30));
}

/** A period in milliseconds spread evenly by up to `spread` of itself either way; its mean is the period. */
export function jitterMs(periodMs: number, random: number, spread = 0.2): number {
  return periodMs * (1 - spread + 2 * spread * random);
}

/** The milliseconds a Retry-After header asks for (RFC 9110 10.2.3: seconds or a date), at most ten minutes. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const delayMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(delayMs) ? undefined : Math.min(Math.max(delayMs, 0), RETRY_AFTER_CAP_MS);
}

/** Milliseconds to wait when the server asked for some: never less than it asked, and spread, for it asked everybody. */
export function politeMs(askedMs: number, random: number): number {
  return askedMs + random * Math.max(1_000, askedMs / 2);
}
