import { expect, it } from '@jest/globals';
import type { WebhookAnswer } from '../platform/webhooks/webhook-answer.js';
import { toWebhookTest } from './webhook-test.js';

it.each<[string, WebhookAnswer, object]>([
  ['any 2xx', { kind: 'answered', status: 299 }, { delivered: true, status: 299, error: null }],
  ['a redirect', { kind: 'answered', status: 301 }, { delivered: false, status: 301, error: null }],
  ['a failure', { kind: 'answered', status: 500 }, { delivered: false, status: 500, error: null }],
  ['no answer', { kind: 'unanswered', error: 'Timed out.' }, { delivered: false, status: null, error: 'Timed out.' }],
])('tells what came of a test that got %s', (_name, answer, expected) => {
  expect(toWebhookTest(answer)).toEqual(expected);
});
