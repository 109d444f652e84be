import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProvider } from '../../../test/contracts/metric-provider-contract.js';
import { jsonKind, prometheusKind, syntheticKind } from '../../../test/contracts/metric-provider-kinds.js';
import {
  hang,
  inTurn,
  type MetricHost,
  type Reply,
  replyJson,
  replyText,
  startMetricHost,
} from '../../../test/fakes/metric-host.js';

let host: MetricHost;
const well = prometheusKind.well(new Date('2026-01-01T00:10:00.000Z'));

beforeEach(async () => {
  host = await startMetricHost(well);
});
afterEach(() => host.close());

const broken = replyText('out of order', 500);
const cut: Reply = (_request, response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('{"status":');
  response.socket?.destroySoon();
};

describe('a provider in trouble', () => {
  it.each<[string, Reply]>([
    ['says 500', broken],
    ['says 503', replyText('', 503)],
    ['cuts its answer off', cut],
    ['hangs up', (request, response) => void response.socket?.destroy()],
  ])('that %s once is asked again', async (_name, fault) => {
    host.reply = inTurn(fault, well);
    expect(await openProvider(prometheusKind, host.url).measure()).toMatchObject({ kind: 'series' });
    expect(host.heard).toHaveLength(2);
  });

  it('is asked three times and no more, and its own words are shown', async () => {
    host.reply = replyJson({ status: 'error', errorType: 'internal', error: 'disk full' }, 500);
    expect(await openProvider(prometheusKind, host.url).measure()).toMatchObject({
      kind: 'error',
      code: 'PROVIDER_FAILED',
      reason: 'Prometheus says (internal): disk full',
    });
    expect(host.heard).toHaveLength(3);
  });

  it.each<[string, number]>([
    ['a query that it refuses', 400],
    ['a query that fails', 422],
    ['a token that it refuses', 401],
    ['a wrong address', 404],
    ['too many questions', 429],
  ])('is asked once for %s', async (_name, status) => {
    host.reply = replyText('no', status);
    expect(await openProvider(prometheusKind, host.url).measure()).toMatchObject({ kind: 'error' });
    expect(host.heard).toHaveLength(1);
  });

  it('is not asked again where that could do harm', async () => {
    host.reply = broken;
    const { measure } = openProvider(jsonKind, host.url);
    expect(await measure({ method: 'POST' })).toMatchObject({ code: 'PROVIDER_FAILED' });
    expect(host.heard).toHaveLength(1);
  });

  it('that is slow runs into its time', async () => {
    host.reply = hang;
    const { measure } = openProvider(prometheusKind, host.url, { guards: { timeoutMs: 30, retries: 1 } });
    expect(await measure()).toMatchObject({
      kind: 'error',
      code: 'PROVIDER_TIMEOUT',
      reason: 'It did not answer within 30 ms.',
    });
    expect(host.heard).toHaveLength(2);
  });

  it('that trickles runs into its time too', async () => {
    host.reply = (_request, response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    };
    const { measure } = openProvider(prometheusKind, host.url, { guards: { timeoutMs: 50, retries: 0 } });
    expect(await measure()).toMatchObject({ code: 'PROVIDER_TIMEOUT' });
  });

  it('that says too much is cut off', async () => {
    host.reply = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await openProvider(jsonKind, host.url).measure()).toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      reason: 'The answer is longer than 1048576 bytes.',
    });
  });

  it.each<[string, Reply, string]>([
    ['elsewhere', replyText('', 302, { location: 'http://169.254.169.254/' }), 'PROVIDER_REDIRECTED'],
    ['to a page', replyText('<html>', 200, { 'content-type': 'text/html' }), 'ANSWER_MALFORMED'],
    ['to no page', replyText('', 404), 'PROVIDER_REFUSED'],
  ])('that leads %s is not followed', async (_name, reply, code) => {
    host.reply = reply;
    expect(await openProvider(jsonKind, host.url).measure()).toMatchObject({ kind: 'error', code });
    expect(await openProvider(prometheusKind, host.url).measure()).toMatchObject({ kind: 'error', code });
    expect(host.heard).toHaveLength(2);
  });
});

describe('a provider that fails again and again', () => {
  const guards = { retries: 0, failuresToOpen: 3 };

  it('is left alone, until a time that is told, and asked when it has come', async () => {
    host.reply = broken;
    const { measure } = openProvider(prometheusKind, host.url, { guards: { ...guards, openForMs: 40 } });
    for (let i = 0; i < 3; i++) expect(await measure()).toMatchObject({ code: 'PROVIDER_FAILED' });
    expect(await measure()).toEqual({
      kind: 'error',
      code: 'PROVIDER_CIRCUIT_OPEN',
      reason: 'It failed again and again and is left alone until 2026-01-01T00:10:00Z. The last: It answers 500.',
      query: 'errors{version="2.0.1"}',
    });
    expect(host.heard).toHaveLength(3);
    host.reply = well;
    let answer = await measure();
    while (answer.kind === 'error' && answer.code === 'PROVIDER_CIRCUIT_OPEN') {
      await setImmediate();
      answer = await measure();
    }
    expect(answer).toMatchObject({ kind: 'series' });
    expect(await measure()).toMatchObject({ kind: 'series' });
  });

  it('is left alone again when the one try fails that sees whether it is back', async () => {
    host.reply = broken;
    const { measure } = openProvider(prometheusKind, host.url, { guards: { ...guards, openForMs: 40 } });
    for (let i = 0; i < 3; i++) await measure();
    let answer = await measure();
    while (answer.kind === 'error' && answer.code === 'PROVIDER_CIRCUIT_OPEN') {
      await setImmediate();
      answer = await measure();
    }
    expect(answer).toMatchObject({ code: 'PROVIDER_FAILED' });
    expect(await measure()).toMatchObject({ code: 'PROVIDER_CIRCUIT_OPEN' });
    expect(host.heard).toHaveLength(4);
  });

  it('is asked on while it fails only now and then', async () => {
    host.reply = inTurn(broken, broken, well, broken, broken, well, broken, broken, well);
    const { measure } = openProvider(prometheusKind, host.url, { guards });
    const kinds: string[] = [];
    for (let i = 0; i < 9; i++) kinds.push((await measure()).kind);
    expect(kinds.filter((kind) => kind === 'series')).toHaveLength(3);
    expect(host.heard).toHaveLength(9);
  });

  it('is not left alone for queries of others that it refuses', async () => {
    host.reply = replyText('no', 400);
    const { measure } = openProvider(prometheusKind, host.url, { guards });
    for (let i = 0; i < 10; i++) await measure();
    host.reply = well;
    expect(await measure()).toMatchObject({ kind: 'series' });
  });

  it('does not keep others from being asked', async () => {
    const other = await startMetricHost(well);
    try {
      await host.close();
      const { measure } = openProvider(prometheusKind, host.url, { guards });
      for (let i = 0; i < 3; i++) await measure();
      expect(await measure()).toMatchObject({ code: 'PROVIDER_CIRCUIT_OPEN' });
      expect(await measure({ address: other.url })).toMatchObject({ kind: 'series' });
    } finally {
      await other.close();
    }
  });

  it('is still probed: that it is down is what a check wants to know', async () => {
    host.reply = broken;
    const { measure, provider } = openProvider(syntheticKind, host.url, { guards });
    for (let i = 0; i < 5; i++) {
      const url = `${host.url}/${i}`;
      expect(await measure({ url })).toMatchObject({ kind: 'series', points: [{ value: 0 }] });
    }
    provider.close?.();
  });
});

it('asks a host no more at once than is good for it, and tells those who find no room', async () => {
  let atOnce = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  host.reply = (request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    waiting.push(() => {
      atOnce -= 1;
      well(request, response);
    });
  };
  const { measure } = openProvider(prometheusKind, host.url, { guards: { concurrent: 2, waiting: 3 } });
  const measuring = Array.from({ length: 8 }, () => measure());
  const release = setInterval(() => waiting.splice(0).forEach((answer) => answer()), 5);
  const answers = await Promise.all(measuring);
  clearInterval(release);
  const codes = answers.map((each) => (each.kind === 'error' ? each.code : each.kind)).sort();
  expect(codes).toEqual([...Array<string>(3).fill('PROVIDER_BUSY'), ...Array<string>(5).fill('series')]);
  expect(most).toBe(2);
});
