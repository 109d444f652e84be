import { describe, expect, it } from '@jest/globals';
import { bindQuery } from './bind-query.js';
import { metricQuerySchema } from './metric-query.js';

const prometheus = { kind: 'prometheus', address: 'http://prometheus:9090', query: 'up{v="{{version}}"}' };
const json = { kind: 'json', url: 'https://m.example/{{service}}', path: '$.value' };
const synthetic = { kind: 'synthetic', url: 'https://shop.example/healthz' };

it('fills in what a policy leaves unsaid', () => {
  expect(metricQuerySchema.parse(prometheus)).toEqual({ ...prometheus, mode: 'range', headers: {} });
  expect(metricQuerySchema.parse(json)).toEqual({ ...json, method: 'GET', headers: {} });
  expect(metricQuerySchema.parse(synthetic)).toEqual({
    ...synthetic,
    method: 'GET',
    headers: {},
    expectedStatus: 200,
    timeoutMs: 5_000,
    intervalMs: 10_000,
    value: 'success',
  });
});

describe('objects, before anything is asked, to', () => {
  it.each<[string, object, string, string]>([
    ['an unknown argument in PromQL', { ...prometheus, query: 'up{v="{{v}}"}' }, 'query', 'unknown argument "v"'],
    ['an unknown argument in a URL', { ...json, url: 'https://m.example/{{v}}' }, 'url', 'unknown argument "v"'],
    ['an unknown argument in a path', { ...json, path: "$['{{v}}']" }, 'path', 'unknown argument "v"'],
    [
      'an unknown argument deep in a body',
      { ...json, method: 'POST', body: { a: ['{{v}}'] } },
      'body',
      'unknown argument "v"',
    ],
    ['an argument in a key', { ...json, method: 'POST', body: { '{{version}}': 1 } }, 'body', 'in a key'],
    ['a body that GET would carry', { ...json, body: {} }, 'body', 'POST only'],
    ['a path that is none', { ...json, path: 'value' }, 'path', 'not a JSONPath'],
    ['another scheme', { ...json, url: 'file:///etc/passwd' }, 'url', 'http:// or https://'],
    ['credentials', { ...prometheus, address: 'http://a:b@prometheus' }, 'address', 'credentials'],
    ['a token for all to read', { ...json, headers: { Authorization: 'Bearer x' } }, 'headers.Authorization', 'secret'],
    ['a key for all to read', { ...json, headers: { 'X-Api-Key': 'x' } }, 'headers.X-Api-Key', 'secret'],
    ['an argument in a header', { ...json, headers: { 'x-a': '{{version}}' } }, 'headers.x-a', 'no arguments'],
    ['a header that is ours', { ...json, headers: { Host: 'other' } }, 'headers.Host', 'cannot be set'],
    ['a header twice', { ...json, headers: { 'X-a': '1', 'x-A': '2' } }, 'headers', 'twice'],
    ['a line break in a header', { ...json, headers: { 'x-a': 'a\r\nb: c' } }, 'headers.x-a', ''],
    ['a pattern without bound', { ...synthetic, bodyMatches: '(a+)+$' }, 'bodyMatches', 'back-track'],
    ['a body of HEAD', { ...synthetic, method: 'HEAD', bodyMatches: 'ok' }, 'bodyMatches', 'HEAD'],
    ['a time-out beyond the interval', { ...synthetic, timeoutMs: 5_000, intervalMs: 1_000 }, 'timeoutMs', 'longer'],
    ['probes without end', { ...synthetic, intervalMs: 1 }, 'intervalMs', ''],
    ['a field nobody knows', { ...prometheus, step: 1 }, '', 'step'],
    ['a kind nobody knows', { kind: 'datadog' }, 'kind', ''],
  ])('%s', (_name, query, path, says) => {
    const parsed = metricQuerySchema.safeParse(query);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
    expect(parsed.error?.issues.map(({ message }) => message).join()).toContain(says);
  });
});

it('fills arguments into every text of a body, which JSON keeps apart', () => {
  const query = metricQuerySchema.parse({
    ...json,
    method: 'POST',
    body: { filter: ['v={{version}}', 1, null], window: '{{window}}' },
  });
  const from = new Date('2026-01-01T00:00:00Z');
  const window = { from, to: new Date(from.getTime() + 90_000), stepMs: 1_000 };
  const bound = bindQuery(query, { service: 'a/b', version: '","x":"', environment: 'prod' }, window);
  expect(bound).toEqual({
    ...query,
    url: 'https://m.example/a%2Fb',
    body: { filter: ['v=","x":"', 1, null], window: '90s' },
  });
});
