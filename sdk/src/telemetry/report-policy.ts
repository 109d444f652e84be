import { jitterMs, politeMs } from '../delivery/backoff.js';

/**
 * What became of a batch. delivered: counted. rejected: the server will never take it. uncertain: perhaps counted,
 * perhaps not, so it must be repeated unchanged. limited: asked to wait.
 */
export type SendOutcome =
  | { readonly kind: 'delivered' | 'rejected' | 'uncertain' | 'refused' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number | undefined };

/** An instance that evaluates nothing says so no more often than this: enough to be known as alive. */
export const QUIET_INTERVAL_MS = 60_000;

/** Failing reports are repeated at least this often. */
const REPORT_BACKOFF_CAP_MS = 120_000;

/** After a new revision is applied its acknowledgement leaves within this time, so that a release knows its reach. */
export const ACKNOWLEDGE_WITHIN_MS = 1_000;

/** Milliseconds to the next report. Failures double the interval; nothing is lost meanwhile, sums merge. */
export function reportDelayMs(
  last: { readonly failures: number; readonly outcome: SendOutcome | undefined },
  intervalMs: number,
  random: number,
): number {
  if (last.outcome?.kind === 'limited' && last.outcome.retryAfterMs !== undefined) {
    return politeMs(Math.max(last.outcome.retryAfterMs, intervalMs), random);
  }
  const delayMs = Math.min(intervalMs * 2 ** Math.min(last.failures, 10), Math.max(REPORT_BACKOFF_CAP_MS, intervalMs));
  return jitterMs(delayMs, random);
}

/** What an HTTP status says about a batch. */
export function sendOutcome(status: number, retryAfterMs: number | undefined): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 401 || status === 403) return { kind: 'refused' };
  if (status === 429 || status === 503) return { kind: 'limited', retryAfterMs };
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'rejected' };
  return { kind: 'uncertain' };
}
