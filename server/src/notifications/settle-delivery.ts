import type { WebhookAnswer } from '../platform/webhooks/webhook-answer.js';
import type { Delivery } from './webhook.js';

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const HOURS = 60 * MINUTES;

/** The waits between attempts that Standard Webhooks suggests ("Deliverability and reliability"): ten attempts. */
const BACK_OFF_MS = [
  5 * SECONDS,
  5 * MINUTES,
  30 * MINUTES,
  2 * HOURS,
  5 * HOURS,
  10 * HOURS,
  14 * HOURS,
  20 * HOURS,
  24 * HOURS,
] as const;

/** The most that a wait is lengthened by chance, so that webhooks that failed together do not come back together. */
const JITTER = 0.1;

/** What becomes of a delivery after an attempt. */
export interface Settlement {
  readonly delivery: Delivery;
  /** The receiver wants no more, ever: 410 Gone. */
  readonly isGone: boolean;
}

/** Settles an attempt: delivered by any 2xx, tried again after the next wait, or failed. `random` is in [0, 1). */
export function settleDelivery(before: Delivery, answer: WebhookAnswer, now: Date, random: number): Settlement {
  const attempts = before.attempts + 1;
  const lastStatus = answer.kind === 'answered' ? answer.status : null;
  if (lastStatus !== null && lastStatus >= 200 && lastStatus < 300) {
    const delivery: Delivery = {
      ...before,
      status: 'delivered',
      attempts,
      nextAttemptAt: now,
      lastStatus,
      lastError: null,
      deliveredAt: now,
    };
    return { delivery, isGone: false };
  }
  const isGone = lastStatus === 410;
  const waitMs = isGone ? undefined : retryDelayMs(attempts, random);
  const delivery: Delivery = {
    ...before,
    status: waitMs === undefined ? 'failed' : 'waiting',
    attempts,
    nextAttemptAt: new Date(now.getTime() + (waitMs ?? 0)),
    lastStatus,
    lastError: answer.kind === 'unanswered' ? answer.error : errorOf(answer.status),
  };
  return { delivery, isGone };
}

/** Settles a delivery of an event that is no longer kept, and so can never be sent. */
export function settleForgotten(before: Delivery, now: Date): Settlement {
  const lastError = 'The event is no longer kept.';
  const attempts = before.attempts + 1;
  return { delivery: { ...before, status: 'failed', attempts, nextAttemptAt: now, lastError }, isGone: false };
}

/** How long to wait after so many attempts; undefined: that was the last. */
export function retryDelayMs(attempts: number, random: number): number | undefined {
  const waitMs = BACK_OFF_MS[attempts - 1];
  return waitMs === undefined ? undefined : Math.round(waitMs * (1 + JITTER * random));
}

function errorOf(status: number): string {
  if (status === 410) return 'The receiver wants no more: 410.';
  if (status >= 300 && status < 400) return `The receiver redirects (${status}), which webhooks do not follow.`;
  return `The receiver answered ${status}.`;
}
