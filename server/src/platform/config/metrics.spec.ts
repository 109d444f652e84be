import { expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

it('asks everybody and knows no secret unless told', () => {
  expect(parseConfig({}).metrics).toEqual({ hosts: undefined, secrets: new Map() });
});

it('reads hosts and secrets', () => {
  const { metrics } = parseConfig({
    SLUICE_METRIC_HOSTS: 'Prometheus:9090, *.metrics.example.com,[::1]:9090',
    SLUICE_METRIC_SECRET_PROM: 'prometheus:9090,*.metrics.example.com  Bearer abc def',
  });
  expect(metrics.hosts).toEqual(['prometheus:9090', '*.metrics.example.com', '[::1]:9090']);
  expect(metrics.secrets).toEqual(
    new Map([['PROM', { hosts: ['prometheus:9090', '*.metrics.example.com'], value: 'Bearer abc def' }]]),
  );
});

it.each([
  ['SLUICE_METRIC_HOSTS', 'http://prometheus:9090'],
  ['SLUICE_METRIC_HOSTS', 'a,,b'],
  ['SLUICE_METRIC_HOSTS', '*'],
  ['SLUICE_METRIC_SECRET_PROM', 'swordfish'],
  ['SLUICE_METRIC_SECRET_PROM', 'https://prometheus swordfish'],
  ['SLUICE_METRIC_SECRET_PROM', 'prometheus swordfish\nx'],
])('objects to %s=%s by name, without a secret', (name, value) => {
  expect(() => parseConfig({ [name]: value })).toThrow(name);
  expect(() => parseConfig({ [name]: value })).not.toThrow('swordfish');
});
