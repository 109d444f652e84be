import { expect, it } from '@jest/globals';
import { bindQuery } from '../../src/analysis/providers/bind-query.js';
import { metricQuerySchema } from '../../src/analysis/providers/metric-query.js';
import { describeAnswers } from '../contracts/metric-provider-contract.js';
import { FakeMetricProvider } from './fake-metric-provider.js';

const window = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-01T00:01:00Z'), stepMs: 15_000 };
const query = bindQuery(
  metricQuerySchema.parse({ kind: 'json', url: 'http://metrics/', path: '$.v' }),
  { service: 's', version: 'v', environment: 'e' },
  window,
);

describeAnswers(() => {
  const fake = new FakeMetricProvider(() => [1, 2, 3]);
  return { window, measure: (_change, signal = new AbortController().signal) => fake.measure(query, window, signal) };
});

it('answers what it is told, and remembers what it was asked', async () => {
  const fake = new FakeMetricProvider(() => []);
  expect(await fake.measure(query, window, new AbortController().signal)).toMatchObject({ kind: 'none' });
  expect(fake.asked).toEqual([{ query, window }]);
});
