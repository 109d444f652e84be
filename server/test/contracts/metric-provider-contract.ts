import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { bindQuery } from '../../src/analysis/providers/bind-query.js';
import { type GuardSettings, HostGuards } from '../../src/analysis/providers/host-guards.adapter.js';
import { sampleText } from '../../src/analysis/providers/metric-answer.js';
import { MetricCalls } from '../../src/analysis/providers/metric-calls.adapter.js';
import type {
  MetricAnswer,
  MetricErrorCode,
  MetricProvider,
  MetricWindow,
} from '../../src/analysis/providers/metric-provider.js';
import { type MetricQuery, metricQuerySchema } from '../../src/analysis/providers/metric-query.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { MetricsConfig } from '../../src/platform/config/metrics.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { hang, type MetricHost, type Reply, startMetricHost } from '../fakes/metric-host.js';

Logger.overrideLogger(false);

const SECRET = 'Bearer correct-horse-battery';
const START = '2026-01-01T00:10:00.000Z';

/** Guards whose times a test can wait for. */
const QUICK_GUARDS: GuardSettings = {
  timeoutMs: 5_000,
  retries: 2,
  retryDelayMs: 1,
  failuresToOpen: 5,
  openForMs: 60_000,
  concurrent: 8,
  waiting: 64,
};

/** What differs from one kind of provider to the next. */
export interface ProviderKind<Q extends MetricQuery> {
  readonly open: (calls: MetricCalls, clock: Clock) => MetricProvider<Q> & { close?(): void };
  /** A query of a host, as a policy says it. */
  readonly query: (url: string, headers: Q['headers']) => object;
  /** What a host says that is well. */
  readonly well: (at: Date) => Reply;
  /** What a host says, and how it is asked, when there is nothing to measure. */
  readonly empty: { readonly reply: Reply; readonly change?: Partial<Q> };
  /** Whether a host that is down is a measurement, as for a check of that host, or keeps one from being taken. */
  readonly downIs: 'a zero' | 'an error';
}

export interface OpenProvider<Q extends MetricQuery> {
  readonly provider: MetricProvider<Q> & { close?(): void };
  readonly clock: FakeClock;
  readonly window: MetricWindow;
  readonly measure: (change?: Partial<Q>, signal?: AbortSignal) => Promise<MetricAnswer>;
}

/** Opens a provider with settings of its own, and asks it as a policy would. */
export function openProvider<Q extends MetricQuery>(
  kind: ProviderKind<Q>,
  url: string,
  config: Partial<MetricsConfig> & { readonly guards?: Partial<GuardSettings> } = {},
): OpenProvider<Q> {
  const clock = new FakeClock(START);
  const { guards, ...settings } = config;
  const calls = new MetricCalls(
    { hosts: undefined, secrets: new Map(), ...settings },
    new HostGuards(clock, { ...QUICK_GUARDS, ...guards }),
  );
  const provider = kind.open(calls, clock);
  const window = { from: new Date(clock.now().getTime() - 60_000), to: clock.now(), stepMs: 15_000 };
  const measure = (change: Partial<Q> = {}, signal = new AbortController().signal): Promise<MetricAnswer> => {
    // Each kind's query parses to its own type.
    const query = metricQuerySchema.parse({ ...kind.query(url, {}), ...change }) as Q;
    const subject = { service: 'checkout', version: '2.0.1', environment: 'production' };
    return provider.measure(bindQuery(query, subject, window), window, signal);
  };
  return { provider, clock, window, measure };
}

interface Measurable {
  readonly window: MetricWindow;
  readonly measure: (change?: object, signal?: AbortSignal) => Promise<MetricAnswer>;
}

/** What every provider promises of its answers, a fake's too. `open` gives one that has a series to answer. */
export function describeAnswers(open: () => Measurable): void {
  it('answers a series of finite points in the order of time, with what it asked', async () => {
    const { measure, window } = open();
    const answer = await measure();
    expect(answer).toMatchObject({ kind: 'series', warnings: [] });
    if (answer.kind !== 'series') return;
    const times = answer.points.map(({ at }) => at.getTime());
    expect(times.length).toBeGreaterThan(0);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(window.from.getTime());
    expect(Math.max(...times)).toBeLessThanOrEqual(window.to.getTime());
    expect(answer.points.every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(answer.query).not.toBe('');
  });

  it('hashes its points, so that they can be told from others later', async () => {
    const [first, again] = [await open().measure(), await open().measure()];
    if (first.kind !== 'series' || again.kind !== 'series') throw new Error('Both should be series.');
    expect(first.sampleHash).toBe(createHash('sha256').update(sampleText(first)).digest('hex'));
    expect(again.sampleHash).toBe(first.sampleHash);
  });

  it('asks nothing for a caller who has gone', async () => {
    const calledOff = { kind: 'error', code: 'MEASUREMENT_ABORTED' };
    expect(await open().measure({}, AbortSignal.abort())).toMatchObject(calledOff);
  });
}

/** What every provider of metrics promises, whatever it asks. */
export function describeMetricProvider<Q extends MetricQuery>(kind: ProviderKind<Q>): void {
  let host: MetricHost;
  let opened: OpenProvider<Q>[] = [];

  beforeEach(async () => {
    host = await startMetricHost(kind.well(new Date(START)));
  });
  afterEach(async () => {
    for (const { provider } of opened) provider.close?.();
    opened = [];
    await host.close();
  });

  const open = (config: Parameters<typeof openProvider>[2] = {}, url = host.url): OpenProvider<Q> => {
    const one = openProvider(kind, url, config);
    opened.push(one);
    return one;
  };
  const withSecret = { headers: { 'X-Key': { secret: 'KEY' } } } as unknown as Partial<Q>; // all kinds have headers

  describeAnswers(open);

  it('answers that nothing is there, with the reason', async () => {
    host.reply = kind.empty.reply;
    const answer = await open().measure(kind.empty.change);
    expect(answer).toEqual({
      kind: 'none',
      reason: expect.any(String),
      query: expect.any(String),
      warnings: expect.any(Array),
    });
  });

  it(`takes a host that is down for ${kind.downIs}`, async () => {
    await host.close();
    const answer = await open().measure();
    if (kind.downIs === 'an error') {
      expect(answer).toMatchObject({
        kind: 'error',
        code: 'PROVIDER_UNREACHABLE',
        reason: 'It cannot be reached: ECONNREFUSED.',
      });
    } else expect(answer).toMatchObject({ kind: 'series', points: [{ value: 0 }] });
  });

  it('ends with what is called off, before and while it asks', async () => {
    host.reply = hang;
    const { measure } = open();
    const calledOff = { kind: 'error', code: 'MEASUREMENT_ABORTED' };
    expect(await measure({}, AbortSignal.abort())).toMatchObject(calledOff);
    expect(host.heard).toEqual([]);
    const caller = new AbortController();
    const answer = measure({}, caller.signal);
    while (host.heard.length === 0) await setImmediate();
    caller.abort();
    expect(await answer).toMatchObject(calledOff);
  });

  it('answers everybody who asks at once', async () => {
    const { measure } = open();
    const answers = await Promise.all(Array.from({ length: 50 }, () => measure()));
    expect(new Set(answers.map(({ kind: each }) => each))).toEqual(new Set(['series']));
  });

  describe('keeps to the settings of its operator', () => {
    const refusal = (code: MetricErrorCode, says: string): object => {
      return { kind: 'error', code, reason: expect.stringContaining(says) };
    };

    it('asks nobody who is not listed', async () => {
      const { measure } = open({ hosts: ['prometheus.internal', '127.0.0.1:1', '*.0.0.1'] });
      expect(await measure()).toMatchObject(refusal('PROVIDER_HOST_FORBIDDEN', 'not in SLUICE_METRIC_HOSTS'));
      expect(host.heard).toEqual([]);
    });

    it('asks whom it lists', async () => {
      expect(await open({ hosts: [new URL(host.url).host] }).measure()).toMatchObject({ kind: 'series' });
    });

    it.each([
      'http://169.254.169.254',
      'http://169.254.169.254:80',
      'http://0xa9fea9fe',
      'http://2852039166',
      'http://[::ffff:169.254.169.254]',
      'http://[fe80::1]',
      'http://[febf::1]',
      'http://[fd00:ec2::254]',
      'http://[64:ff9b::169.254.169.254]',
    ])('never asks %s, where clouds keep their metadata', async (url) => {
      expect(await open({}, url).measure()).toMatchObject(refusal('PROVIDER_HOST_FORBIDDEN', 'link-local'));
    });

    it('sends a secret where it may go, and shows it nowhere', async () => {
      const here = new URL(host.url).host;
      const { measure } = open({ secrets: new Map([['KEY', { hosts: [here], value: SECRET }]]) });
      const seen = [await measure(withSecret)];
      expect(host.heard[0]?.headers).toMatchObject({ 'x-key': SECRET });
      // A host that says back what it was told, as text, as a label, as an error.
      for (const body of [
        SECRET,
        JSON.stringify({ value: SECRET }),
        JSON.stringify({ status: 'error', errorType: 'bad_data', error: `no ${SECRET}` }),
        JSON.stringify({
          status: 'success',
          data: { resultType: 'matrix', result: [{ metric: { key: SECRET }, values: [[1767226200, '1']] }] },
        }),
      ]) {
        host.reply = (_request, response) => void response.end(body);
        seen.push(await measure(withSecret));
      }
      expect(JSON.stringify(seen)).not.toContain('correct-horse');
    });

    it.each<[string, MetricsConfig['secrets'], string]>([
      ['a secret that is not set', new Map(), 'SLUICE_METRIC_SECRET_KEY is not set'],
      ['a secret of another host', new Map([['KEY', { hosts: ['other'], value: SECRET }]]), 'may not be sent to 127'],
    ])('sends nothing for want of %s', async (_name, secrets, says) => {
      expect(await open({ secrets }).measure(withSecret)).toMatchObject(refusal('PROVIDER_SECRET_UNKNOWN', says));
      expect(host.heard).toEqual([]);
    });
  });
}
