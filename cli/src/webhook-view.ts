/** Somebody outside who is told what happens, as the REST API answers it; only what the command reads of it. */
export interface WebhookView {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** Types of events, `*` at an end allowed; none: all. */
  readonly types: readonly string[];
  readonly enabled: boolean;
  /** Why Sluice switched it off; null when it did not. */
  readonly disabledReason: string | null;
  /** Until when the secret before a rotation signs too. */
  readonly previousSecretUntil: string | null;
  readonly createdAt: string;
}

/** What came of a test event. */
export interface WebhookTestView {
  readonly delivered: boolean;
  /** What the receiver answered; null without an answer. */
  readonly status: number | null;
  /** Why there is no answer. */
  readonly error: string | null;
}

/** One event on its way to a webhook. */
export interface DeliveryView {
  /** Of the event. */
  readonly sequence: number;
  /** Null when it is no longer kept. */
  readonly event: { readonly type: string; readonly subject: string } | null;
  readonly status: string;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: string | null;
}
