import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { onPrometheus, type PrometheusServer, startPrometheus } from '../../../test/contracts/prometheus-server.js';
import { type MetricHost, replyText, startMetricHost } from '../../../test/fakes/metric-host.js';
import { Clock } from '../../kernel/clock.js';
import { bindQuery } from './bind-query.js';
import type { MetricAnswer } from './metric-provider.js';
import { MetricProviders } from './metric-providers.service.js';
import { metricQuerySchema } from './metric-query.js';

const POLL_MS = 50;
const START_MS = 60_000;

class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}

/** What the shop counts, as its two versions export it. */
const metrics = (errors: number): string =>
  [
    '# TYPE shop_errors_total counter',
    `shop_errors_total{version="1.0.0"} 7`,
    `shop_errors_total{version="2.0.1"} ${errors}`,
    `shop_errors_total{version="2x0x1"} 1000`,
    '# TYPE shop_quiet gauge',
    'shop_quiet NaN',
    '',
  ].join('\n');

onPrometheus((program) => {
  let shop: MetricHost;
  let server: PrometheusServer;
  let providers: MetricProviders;
  let errors = 0;

  beforeAll(async () => {
    shop = await startMetricHost((request, response) => {
      errors += 1;
      replyText(metrics(errors), 200, { 'content-type': 'text/plain; version=0.0.4' })(request, response);
    });
    server = await startPrometheus(program, new URL(shop.url).host);
    providers = new MetricProviders({ hosts: undefined, secrets: new Map() }, new SystemClock());
  }, START_MS);
  afterAll(async () => {
    providers.onApplicationShutdown();
    await server.close();
    await shop.close();
  });

  interface Asked {
    readonly mode?: 'range' | 'instant';
    readonly version?: string;
    /** The window's end before now, in milliseconds. */
    readonly agoMs?: number;
  }
  const ask = (query: string, { mode = 'range', version = '2.0.1', agoMs = 0 }: Asked = {}): Promise<MetricAnswer> => {
    const to = new Date(Date.now() - agoMs);
    const window = { from: new Date(to.getTime() - 5_000), to, stepMs: 200 };
    const parsed = metricQuerySchema.parse({ kind: 'prometheus', address: `${server.url}/`, query, mode });
    const bound = bindQuery(parsed, { service: 'shop', version, environment: 'test' }, window);
    return providers.measure(bound, window, new AbortController().signal);
  };
  /** Asks until the answer is as wanted: Prometheus has to have scraped first. */
  const askUntil = async (isWanted: (answer: MetricAnswer) => boolean, ...asked: Parameters<typeof ask>) => {
    const deadline = Date.now() + 30_000;
    let answer = await ask(...asked);
    while (!isWanted(answer) && Date.now() < deadline) {
      await sleep(POLL_MS);
      answer = await ask(...asked);
    }
    return answer;
  };

  it('answers the series of the version that is asked about', async () => {
    const answer = await askUntil(
      (each) => each.kind === 'series' && each.points.length >= 3,
      'shop_errors_total{version="{{version}}"}',
    );
    expect(answer).toMatchObject({
      kind: 'series',
      query: 'shop_errors_total{version="2.0.1"}',
      labels: { __name__: 'shop_errors_total', version: '2.0.1', job: 'shop' },
      sampleHash: expect.stringMatching(/^[0-9a-f]{64}$/u),
      warnings: [],
    });
    const values = answer.kind === 'series' ? answer.points.map(({ value }) => value) : [];
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values.at(-1)).toBeLessThanOrEqual(errors);
  });

  it('fills the window in, where rates need it', async () => {
    const answer = await askUntil(
      (each) => each.kind === 'series',
      'sum(rate(shop_errors_total{version=~"{{version}}"}[{{window}}]))',
    );
    expect(answer).toMatchObject({
      kind: 'series',
      query: 'sum(rate(shop_errors_total{version=~"2\\\\.0\\\\.1"}[5s]))',
    });
    // Counted by every scrape, five a second; the version 2x0x1, which a bare dot would match, stands still.
    const last = answer.kind === 'series' ? answer.points.at(-1)?.value : undefined;
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThan(50);
  });

  it.each(['2.0.1"} or vector(1) #', '2.0.1\\', "'", '`', '\n', '2.0.1"\\', '}{', '版本', '.*'])(
    'asks about a version called %j and nothing else',
    async (version) => {
      const reason = 'Prometheus has no such series in this window.';
      for (const query of ['shop_errors_total{version="{{version}}"}', "shop_errors_total{version=~'{{version}}'}"]) {
        expect(await ask(query, { version })).toMatchObject({ kind: 'none', reason });
      }
    },
  );

  it('answers one point where one is asked for', async () => {
    const answer = await askUntil((each) => each.kind === 'series', 'shop_errors_total{version="1.0.0"}', {
      mode: 'instant',
    });
    expect(answer).toMatchObject({ points: [{ value: 7 }] });
    expect(await ask('vector(1) + 1', { mode: 'instant' })).toMatchObject({ points: [{ value: 2 }], labels: {} });
    expect(await ask('2', { mode: 'instant' })).toMatchObject({ points: [{ value: 2 }] });
  });

  it('refuses several series, and names what tells them apart', async () => {
    expect(await askUntil((each) => each.kind === 'error', 'shop_errors_total')).toMatchObject({
      code: 'QUERY_NOT_ONE_SERIES',
      reason: expect.stringContaining('gives 3, told apart by version (1.0.0, 2.0.1, 2x0x1).'),
    });
  });

  it('has nothing where there is nothing, and says why', async () => {
    const none = { kind: 'none', reason: 'Prometheus has no such series in this window.' };
    expect(await ask('shop_errors_total{version="{{version}}"}', { version: '9.9.9' })).toMatchObject(none);
    expect(await ask('no_such_metric')).toMatchObject(none);
    expect(await ask('shop_errors_total{version="1.0.0"}', { agoMs: 3_600_000 })).toMatchObject(none);
  });

  it('has nothing where all is NaN or infinite', async () => {
    const isOdd = (each: MetricAnswer) => each.kind === 'none' && each.reason.startsWith('No point');
    expect(await askUntil(isOdd, 'shop_quiet')).toMatchObject({ reason: 'No point is a number: NaN.' });
    expect(await ask('vector(1) / 0')).toMatchObject({ kind: 'none', reason: 'No point is a number: Infinity.' });
  });

  it.each([
    ['sum(', 'range', 'unclosed left parenthesis'],
    ['rate(up)', 'range', 'expected type range vector'],
    ['up[5s]', 'range', 'must be Scalar or instant Vector'],
    ['"text"', 'range', 'must be Scalar or instant Vector'],
    ['label_replace(shop_errors_total, "version", "same", "", "")', 'instant', 'same labelset'],
  ] as const)('says what Prometheus says of %s', async (query, mode, says) => {
    const isRefused = (each: MetricAnswer) => each.kind === 'error' && each.code === 'QUERY_REFUSED';
    expect(await askUntil(isRefused, query, { mode })).toMatchObject({ reason: expect.stringContaining(says) });
  });

  it.each([
    ['up[5s]', 'range selector'],
    ['"text"', 'gives a string'],
  ])('says that %s gives another type', async (query, says) => {
    const answer = await ask(query, { mode: 'instant' });
    expect(answer).toMatchObject({ code: 'QUERY_TYPE_WRONG', reason: expect.stringContaining(says) });
  });
});
