import type { GuardrailView } from '../src/guardrail-view.js';
import type { PersonView } from '../src/person-view.js';
import type { EnvironmentView } from '../src/render/render-environments.js';
import type { DeliveryView, WebhookView } from '../src/webhook-view.js';

const SINCE = '2026-11-21T10:00:00.000Z';

export function anEnvironment(changes: Partial<EnvironmentView> = {}): EnvironmentView {
  return { key: 'production', name: 'Live', production: true, revision: 7, createdAt: SINCE, ...changes };
}

/** Somebody who has chosen a password and has no role. */
export function aPerson(changes: Partial<PersonView> = {}): PersonView {
  return { id: 'p', email: 'ann@shop.example', name: 'Ann', status: 'active', createdAt: SINCE, roles: [], ...changes };
}

/** A webhook that is told of everything. */
export function aWebhook(changes: Partial<WebhookView> = {}): WebhookView {
  return {
    id: 'a',
    url: 'https://example.com/hook',
    description: '',
    types: [],
    enabled: true,
    disabledReason: null,
    previousSecretUntil: null,
    createdAt: SINCE,
    ...changes,
  };
}

/** An event that the receiver took at once. */
export function aDelivery(changes: Partial<DeliveryView> = {}): DeliveryView {
  return {
    sequence: 12,
    event: { type: 'dev.sluice.deployed', subject: 'checkout v2' },
    status: 'delivered',
    attempts: 1,
    nextAttemptAt: null,
    lastStatus: 204,
    lastError: null,
    deliveredAt: '2026-11-21T10:00:01.000Z',
    ...changes,
  };
}

/** A guardrail that broke at ten and holds releases. */
export function aGuardrail(changes: Partial<GuardrailView> = {}): GuardrailView {
  return {
    key: 'orders',
    environment: 'production',
    name: 'Orders',
    statement: {
      kind: 'measurement',
      subject: 'all',
      metric: 'unit',
      what: 'countPerMinute',
      windowSeconds: 300,
      atLeast: 30,
    },
    intervalSeconds: 60,
    failureLimit: 3,
    recoveryLimit: 2,
    onBroken: { alert: true, hold: { covers: ['flag/new-cart', 'service/cart'] }, kill: { flag: 'new-cart' } },
    state: 'broken',
    reason: '3 bad checks in a row.',
    isHolding: true,
    lastCheck: { sentence: '12 is less than 30.', at: '2026-11-21T10:01:00.000Z' },
    acknowledgement: null,
    changedAt: SINCE,
    ...changes,
  };
}
