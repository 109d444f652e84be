import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { matrix } from '../../../test/contracts/metric-provider-kinds.js';
import type { ReadAnswer } from './metric-answer.js';
import { type PrometheusReply, readPrometheusAnswer } from './read-prometheus-answer.js';

interface Recorded {
  readonly name: string;
  readonly request: { readonly path: string };
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** Answers that a real Prometheus 2.42 gave. */
const recorded = JSON.parse(
  readFileSync(new URL('../../../test/fakes/prometheus-replies.json', import.meta.url), 'utf8'),
) as readonly Recorded[]; // ours to keep in this shape

const at = 1795218712;
const window = { from: new Date((at - 60) * 1000), to: new Date(at * 1000), stepMs: 1_000 };

const read = (reply: Partial<PrometheusReply>, mode: 'range' | 'instant' = 'range'): ReadAnswer =>
  readPrometheusAnswer(
    { query: 'q', mode, window },
    { status: 200, contentType: 'application/json', body: '', clockAheadMs: undefined, ...reply },
  );
const readBody = (body: unknown, mode: 'range' | 'instant' = 'range'): ReadAnswer =>
  read({ body: typeof body === 'string' ? body : JSON.stringify(body) }, mode);
const readPoints = (...values: readonly unknown[]): ReadAnswer => readBody(matrix({ metric: { job: 'a' }, values }));

describe('of what a real Prometheus answers', () => {
  const expected: Readonly<Record<string, object>> = {
    'instant vector': { kind: 'series', points: [{ at: new Date(1795218712762), value: 1 }], labels: { job: 'self' } },
    'empty vector': { kind: 'none', reason: 'Prometheus has no such series in this window.' },
    scalar: { kind: 'series', points: [{ value: 2 }], labels: {} },
    string: { code: 'QUERY_TYPE_WRONG', reason: 'The query must give a vector and gives a string.' },
    NaN: { kind: 'none', reason: 'No point is a number: NaN.' },
    '+Inf': { kind: 'none', reason: 'No point is a number: Infinity.' },
    'matrix through range selector': { code: 'QUERY_TYPE_WRONG', reason: expect.stringContaining('range selector') },
    'range query': { kind: 'series', points: [{ value: 1 }, { value: 1 }, { value: 1 }] },
    rate: { kind: 'series', points: [{ value: 0.6799999999999999 }], labels: { handler: '/metrics' } },
    'histogram quantile': { kind: 'series', labels: {} },
    'parse error': { code: 'QUERY_REFUSED', reason: expect.stringContaining('unclosed left parenthesis') },
    'missing query': { code: 'QUERY_REFUSED', reason: expect.stringContaining('no expression found') },
    'bad step': { code: 'QUERY_REFUSED', reason: expect.stringContaining('zero or negative') },
    'too many points': { code: 'QUERY_REFUSED', reason: expect.stringContaining('11,000 points') },
    'many-to-many': { kind: 'series', points: [{ value: 9 }] },
    'bad time': { code: 'QUERY_REFUSED', reason: expect.stringContaining('valid timestamp') },
    timeout: { code: 'QUERY_REFUSED', reason: expect.stringContaining('valid duration') },
    labels: { code: 'ANSWER_MALFORMED' },
    series: { code: 'ANSWER_MALFORMED' },
    'build info': { code: 'ANSWER_MALFORMED' },
    'unknown endpoint': { code: 'PROVIDER_REFUSED', reason: expect.stringContaining('a path before /api/v1?') },
  };

  it('every kind is read', () => expect(recorded.map(({ name }) => name)).toEqual(Object.keys(expected)));

  it.each(recorded.map((each) => [each.name, each] as const))('reads the %s', (name, { request, ...reply }) => {
    const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    const mode = request.path.endsWith('query_range') ? 'range' : 'instant';
    const answer = read({ ...reply, body }, mode);
    expect(answer).toMatchObject(expected[name] ?? {});
  });
});

describe('of what others may answer', () => {
  it.each<[string, Partial<PrometheusReply>, string, string]>([
    ['a page', { body: '<html>Sign in</html>', contentType: 'text/html' }, 'ANSWER_MALFORMED', 'text/html, "<html>'],
    ['nothing', { body: '' }, 'ANSWER_MALFORMED', 'is no JSON: nothing'],
    ['a body cut short', { body: '{"status":"success","data":{"resu' }, 'ANSWER_MALFORMED', 'is no JSON'],
    ['other JSON', { body: '{"ok":true}' }, 'ANSWER_MALFORMED', 'not one of Prometheus'],
    ['null', { body: 'null' }, 'ANSWER_MALFORMED', 'not one of Prometheus'],
    ['a redirect', { status: 302, body: '' }, 'PROVIDER_REDIRECTED', 'redirects are not followed'],
    ['a sign-in', { status: 401, body: 'no' }, 'PROVIDER_REFUSED', '401'],
    ['too many requests', { status: 429, body: 'slow down' }, 'PROVIDER_FAILED', '429'],
    ['a gateway', { status: 502, body: 'bad gateway' }, 'PROVIDER_FAILED', '502'],
    [
      'a query that took too long',
      { status: 503, body: '{"status":"error","errorType":"timeout","error":"query timed out"}' },
      'PROVIDER_FAILED',
      'query timed out',
    ],
    [
      'a query that failed while it ran',
      { status: 422, body: '{"status":"error","errorType":"execution","error":"many-to-many matching not allowed"}' },
      'QUERY_REFUSED',
      'Prometheus says (execution): many-to-many',
    ],
  ])('reads %s', (_name, reply, code, says) => {
    expect(read(reply)).toEqual({ kind: 'error', code, reason: expect.stringContaining(says), query: 'q' });
  });

  it('refuses several series, and says what tells them apart', () => {
    const series = ['v1', 'v2', 'v3'].map((version) => {
      return { metric: { job: 'a', version, ...(version === 'v3' && { pod: 'x' }) }, values: [[at, '1']] };
    });
    expect(readBody(matrix(...series))).toMatchObject({
      code: 'QUERY_NOT_ONE_SERIES',
      reason:
        'The query must give one series and gives 3, told apart by version (v1, v2, v3), pod ((none), x). ' +
        'Sum them, or pick one by a label.',
    });
  });

  it('shows a few of many labels only', () => {
    const series = Array.from({ length: 5_000 }, (_, i) => ({ metric: { pod: `pod-${i}`.repeat(50) }, values: [] }));
    expect(JSON.stringify(readBody(matrix(...series))).length).toBeLessThan(1_000);
  });

  it('leaves out points that are no numbers, and says so', () => {
    expect(readPoints([at - 3, 'NaN'], [at - 2, '0.5'], [at - 1, '+Inf'], [at, '-Inf'])).toMatchObject({
      kind: 'series',
      points: [{ at: new Date((at - 2) * 1000), value: 0.5 }],
      warnings: ['3 of 4 points are left out: NaN, Infinity, -Infinity.'],
    });
  });

  it.each<[string, readonly unknown[]]>([
    ['a number that is none', [at, 'fast']],
    ['an empty number', [at, '']],
    ['a hexadecimal number', [at, '0x10']],
    ['a number that is not text', [at, 1]],
    ['no number', [at]],
    ['a time that is text', ['now', '1']],
    ['a time beyond time', [1e300, '1']],
  ])('refuses %s', (_name, point) => expect(readPoints(point)).toMatchObject({ code: 'ANSWER_MALFORMED' }));

  it('reads numbers as Go prints them', () => {
    expect(readPoints([at - 2, '1e+06'], [at - 1, '-5e-324'], [at, '0.30000000000000004'])).toMatchObject({
      points: [{ value: 1_000_000 }, { value: -5e-324 }, { value: 0.30000000000000004 }],
    });
  });

  it('refuses points that do not ascend in time', () => {
    expect(readPoints([at, '1'], [at - 1, '2'])).toMatchObject({ code: 'ANSWER_MALFORMED' });
    expect(readPoints([at, '1'], [at, '2'])).toMatchObject({ code: 'ANSWER_MALFORMED' });
  });

  it('refuses another type than was asked for', () => {
    const vector = { status: 'success', data: { resultType: 'vector', result: [] } };
    expect(readBody(vector)).toMatchObject({
      code: 'QUERY_TYPE_WRONG',
      reason: 'The query must give a matrix and gives a vector.',
    });
  });

  it('says that histograms are no numbers', () => {
    expect(readBody(matrix({ metric: {}, histograms: [] } as never))).toMatchObject({
      code: 'QUERY_TYPE_WRONG',
      reason: expect.stringContaining('histogram_quantile'),
    });
  });

  it('carries warnings, into the reason too where there is nothing else', () => {
    const warned = { ...matrix(), warnings: ['remote read failed'], infos: ['not a counter'] };
    expect(readBody(warned)).toEqual({
      kind: 'none',
      query: 'q',
      reason: 'Prometheus has no such series in this window. remote read failed not a counter',
      warnings: ['remote read failed', 'not a counter'],
    });
  });
});

describe('time', () => {
  it('says that points from after the window are of another clock', () => {
    expect(readPoints([at, '1'], [at + 3_600, '1'])).toMatchObject({
      code: 'PROVIDER_CLOCK_SKEW',
      reason: expect.stringContaining('60 min after the window; compare the clocks'),
    });
  });

  it('says that points from before the window are stale', () => {
    expect(readPoints([at - 700, '1'], [at - 660, '1'])).toMatchObject({
      kind: 'none',
      reason: expect.stringMatching(/^All points are stale: .* is 10 min older than the window\.$/u),
    });
  });

  it('leaves out single points from before the window', () => {
    expect(readPoints([at - 61, '7'], [at - 60, '8'])).toMatchObject({ kind: 'series', points: [{ value: 8 }] });
  });

  it('warns of a clock that differs', () => {
    const body = JSON.stringify(matrix({ metric: {}, values: [[at, '1']] }));
    const warningsOf = (clockAheadMs: number): unknown =>
      (read({ body, clockAheadMs }) as { warnings: unknown }).warnings;
    expect(warningsOf(59_000)).toEqual([]);
    expect(warningsOf(600_000)).toEqual(["The provider's clock is 10 min ahead of ours."]);
    expect(warningsOf(-600_000)).toEqual(["The provider's clock is 10 min behind ours."]);
    const nothing = read({ body: JSON.stringify(matrix()), clockAheadMs: -7_200_000 });
    expect(nothing).toMatchObject({ reason: expect.stringContaining('2 h behind ours') });
  });
});
