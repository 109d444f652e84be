import type { WebhookAnswer } from '../platform/webhooks/webhook-answer.js';

/** What came of a test, as callers see it. */
export interface WebhookTest {
  readonly delivered: boolean;
  /** What the receiver answered; null without an answer. */
  readonly status: number | null;
  /** Why there is no answer. */
  readonly error: string | null;
}

/** Judges the answer to a test as that to any event: any 2xx is a success. */
export function toWebhookTest(answer: WebhookAnswer): WebhookTest {
  if (answer.kind === 'unanswered') return { delivered: false, status: null, error: answer.error };
  return { delivered: answer.status >= 200 && answer.status < 300, status: answer.status, error: null };
}
