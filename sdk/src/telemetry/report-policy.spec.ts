import { expect, it } from '@jest/globals';
import { reportDelayMs, type SendOutcome, sendOutcome } from './report-policy.js';

it.each<[number, SendOutcome['kind']]>([
  [202, 'delivered'],
  [200, 'delivered'],
  [400, 'rejected'],
  [413, 'rejected'],
  [422, 'rejected'],
  [401, 'refused'],
  [403, 'refused'],
  [408, 'uncertain'],
  [429, 'limited'],
  [503, 'limited'],
  [500, 'uncertain'],
  [504, 'uncertain'],
])('takes HTTP %d for %s', (status, kind) => expect(sendOutcome(status, undefined).kind).toBe(kind));

it('reports at the interval, and more rarely while reports fail', () => {
  const delays = [0, 1, 2, 3, 4, 50].map((failures) => reportDelayMs({ failures, outcome: undefined }, 10_000, 0.5));
  expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
});

it('heeds the server when it asks to wait', () => {
  const outcome: SendOutcome = { kind: 'limited', retryAfterMs: 60_000 };
  expect(reportDelayMs({ failures: 1, outcome }, 10_000, 0)).toBe(60_000);
});
