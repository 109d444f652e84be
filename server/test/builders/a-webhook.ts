import type { Webhook } from '../../src/notifications/webhook.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** A webhook of aProject that wants all events, unless said. */
export function aWebhook(overrides: Partial<Webhook> = {}): Webhook {
  return {
    id: idNumber(40),
    projectId: idNumber(1),
    projectKey: 'shop',
    url: 'https://example.com/hooks',
    description: '',
    types: [],
    secret: `whsec_${btoa('a'.repeat(32))}`,
    previousSecret: null,
    previousSecretUntil: null,
    enabled: true,
    disabledReason: null,
    version: 1,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}
