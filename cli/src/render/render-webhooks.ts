import type { DeliveryView, WebhookTestView, WebhookView } from '../webhook-view.js';
import { formatCount, formatTable } from './format.js';

/** Webhooks as a table. */
export function renderWebhooks(webhooks: readonly WebhookView[]): readonly string[] {
  const rows = webhooks.map((each) => [each.id, each.url, typesWords(each), stateWords(each)]);
  return formatTable([['ID', 'URL', 'TOLD OF', 'STATE'], ...rows]);
}

/** One, by its fields. */
export function renderWebhook(webhook: WebhookView): readonly string[] {
  const { id, url, description, previousSecretUntil, createdAt } = webhook;
  return formatTable([
    ['id', id],
    ['url', url],
    ['description', description],
    ['told of', typesWords(webhook)],
    ['state', stateWords(webhook)],
    ...(previousSecretUntil === null ? [] : [['old secret', `signs until ${previousSecretUntil}`]]),
    ['since', createdAt],
  ]);
}

/** What was and is to be sent, as a table. */
export function renderDeliveries(deliveries: readonly DeliveryView[]): readonly string[] {
  const rows = deliveries.map((each) => [
    String(each.sequence),
    each.event?.type ?? 'no longer kept',
    each.event?.subject ?? '',
    each.status,
    formatCount(each.attempts),
    each.lastStatus === null ? '' : String(each.lastStatus),
    each.deliveredAt ?? each.nextAttemptAt ?? '',
    each.lastError ?? '',
  ]);
  return formatTable([['SEQUENCE', 'EVENT', 'OF', 'STATUS', 'ATTEMPTS', 'ANSWERED', 'DONE OR NEXT', 'ERROR'], ...rows]);
}

/** What the receiver said to a test, in a sentence. */
export function testSentence({ delivered, status, error }: WebhookTestView): string {
  if (delivered) return `The receiver took the test: it answered ${String(status)}.`;
  if (status !== null) return `The receiver did not take the test: it answered ${status}.`;
  return `The receiver did not answer the test: ${error ?? 'nobody knows why'}`;
}

function typesWords({ types }: WebhookView): string {
  return types.length === 0 ? 'all events' : types.join(', ');
}

function stateWords({ enabled, disabledReason }: WebhookView): string {
  if (enabled) return 'on';
  return disabledReason === null ? 'off' : `off: ${disabledReason}`;
}
