import { describe, expect, it } from '@jest/globals';
import { idNumber } from '../../test/fakes/sequential-ids.js';
import type { WebhookAnswer } from '../platform/webhooks/webhook-answer.js';
import { retryDelayMs, settleDelivery } from './settle-delivery.js';
import type { Delivery } from './webhook.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const aDelivery = (overrides: Partial<Delivery> = {}): Delivery => ({
  webhookId: idNumber(1),
  eventSequence: 7,
  status: 'waiting',
  attempts: 0,
  nextAttemptAt: now,
  lastStatus: null,
  lastError: null,
  deliveredAt: null,
  ...overrides,
});
const status = (code: number): WebhookAnswer => ({ kind: 'answered', status: code });

describe('settleDelivery', () => {
  it.each([200, 201, 204, 299])('is done with %d', (code) => {
    const { delivery, isGone } = settleDelivery(aDelivery({ attempts: 2, lastError: 'x' }), status(code), now, 0.5);
    expect([delivery, isGone]).toEqual([
      aDelivery({ status: 'delivered', attempts: 3, lastStatus: code, deliveredAt: now }),
      false,
    ]);
  });

  it.each([199, 300, 301, 304, 307, 400, 401, 404, 429, 500, 503])('tries again after %d', (code) => {
    const { delivery, isGone } = settleDelivery(aDelivery(), status(code), now, 0);
    expect(isGone).toBe(false);
    expect(delivery).toMatchObject({
      status: 'waiting',
      attempts: 1,
      lastStatus: code,
      deliveredAt: null,
      nextAttemptAt: new Date('2026-01-01T00:00:05.000Z'),
    });
    expect(delivery.lastError).toContain(String(code));
  });

  it('tries again when there was no answer, and says why there was none', () => {
    const { delivery } = settleDelivery(aDelivery(), { kind: 'unanswered', error: 'Nobody listens.' }, now, 0);
    expect(delivery).toMatchObject({ status: 'waiting', lastStatus: null, lastError: 'Nobody listens.' });
  });

  it('gives up for good when the receiver is gone', () => {
    const { delivery, isGone } = settleDelivery(aDelivery(), status(410), now, 0);
    expect([delivery.status, isGone]).toEqual(['failed', true]);
  });

  it('gives up after the tenth attempt', () => {
    expect(settleDelivery(aDelivery({ attempts: 8 }), status(500), now, 0).delivery.status).toBe('waiting');
    const last = settleDelivery(aDelivery({ attempts: 9 }), status(500), now, 0).delivery;
    expect(last).toMatchObject({ status: 'failed', attempts: 10, nextAttemptAt: now });
  });
});

describe('retryDelayMs', () => {
  it.each<[number, string]>([
    [1, '5 s'],
    [2, '300 s'],
    [3, '1800 s'],
    [4, '7200 s'],
    [5, '18000 s'],
    [6, '36000 s'],
    [7, '50400 s'],
    [8, '72000 s'],
    [9, '86400 s'],
  ])('after %d attempts waits %s', (attempts, wait) => {
    expect(`${(retryDelayMs(attempts, 0) ?? 0) / 1_000} s`).toBe(wait);
  });

  it('lengthens waits by chance, by a tenth at most', () => {
    expect(retryDelayMs(1, 0.5)).toBe(5_250);
    expect(retryDelayMs(9, 0.999_999)).toBeLessThanOrEqual(1.1 * 86_400_000);
  });

  it.each([10, 11, 100])('has no wait after %d', (attempts) => expect(retryDelayMs(attempts, 0)).toBeUndefined());
});
