import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type OpenProvider, openProvider } from '../../../test/contracts/metric-provider-contract.js';
import { syntheticKind } from '../../../test/contracts/metric-provider-kinds.js';
import { hang, type MetricHost, type Reply, replyText, startMetricHost } from '../../../test/fakes/metric-host.js';
import type { SyntheticQuery } from './metric-query.js';

let host: MetricHost;
let opened: OpenProvider<SyntheticQuery>;

beforeEach(async () => {
  host = await startMetricHost(replyText('{"status":"UP"}'));
  opened = openProvider(syntheticKind, host.url);
});
afterEach(async () => {
  opened.provider.close?.();
  await host.close();
});

describe('a probe', () => {
  it.each<[string, Reply, Partial<SyntheticQuery>, number, string]>([
    ['the status it expects', replyText(''), {}, 1, ''],
    ['another status', replyText('', 204), {}, 0, 'It answers 204 instead of 200.'],
    ['a redirect', replyText('', 302, { location: '/' }), {}, 0, 'It answers 302 instead of 200.'],
    ['a redirect that it expects', replyText('', 302, { location: '/' }), { expectedStatus: 302 }, 1, ''],
    ['an error', replyText('', 503), {}, 0, 'It answers 503 instead of 200.'],
    ['the body it expects', replyText('{"status":"UP"}'), { bodyMatches: '"status":"UP"' }, 1, ''],
    ['another body', replyText('{"status":"DOWN"}'), { bodyMatches: '"UP"' }, 0, 'Its body is not as expected.'],
    ['a coded body', replyText('UP', 200, { 'content-encoding': 'gzip' }), { bodyMatches: 'UP' }, 0, 'coded (gzip)'],
    ['a long body', replyText(`UP${'x'.repeat(1_000_000)}`), { bodyMatches: '^UP' }, 1, ''],
    ['nothing in time', hang, { timeoutMs: 100 }, 0, 'It did not answer within 100 ms.'],
    ['no answer', (_request, response) => void response.socket?.destroy(), {}, 0, 'It cannot be reached: ECONNRESET.'],
  ])('that finds %s', async (_name, reply, change, value, says) => {
    host.reply = reply;
    const answer = await opened.measure(change);
    expect(answer).toMatchObject({ kind: 'series', points: [{ value }] });
    const [warning = ''] = answer.kind === 'series' ? answer.warnings : [];
    expect(warning).toContain(says);
    expect(host.heard).toHaveLength(1);
  });

  it('measures how long a success took, in milliseconds', async () => {
    const answer = await opened.measure({ value: 'durationMs' });
    if (answer.kind !== 'series') throw new Error(answer.reason);
    expect(answer.points[0]?.value).toBeGreaterThan(0);
    expect(answer.points[0]?.value).toBeLessThan(5_000);
  });

  it('sends the method that it is told, and says what it asked', async () => {
    const answer = await opened.measure({ method: 'HEAD' });
    expect(host.heard[0]).toMatchObject({ method: 'HEAD', path: '/healthz?v=2.0.1' });
    expect(answer.query).toBe(`success of HEAD ${host.url}/healthz?v=2.0.1, expecting 200`);
  });

  it.each([
    ['a moment', 5, 'series'],
    ['an hour', 3_600_000, 'none'],
  ])('belongs to a window that ended %s before the question began it (%d ms): %s', async (_name, lateMs, kind) => {
    opened.clock.advance(lateMs);
    expect(await opened.measure()).toMatchObject({ kind });
  });

  it('counts for its own window only', async () => {
    expect(await opened.measure()).toMatchObject({ kind: 'series' });
    opened.clock.advance(3_600_000);
    const now = opened.clock.now();
    const window = { from: new Date(now.getTime() - 60_000), to: now, stepMs: 15_000 };
    const { provider, measure } = opened;
    const heard = host.heard.length;
    // The same check asked about a later window: its one probe is an hour old.
    const measured = provider.measure.bind(provider);
    provider.measure = (query, _window, signal) => measured(query, window, signal);
    expect(await measure()).toMatchObject({ kind: 'none', reason: 'No probe was taken in this window.' });
    expect(host.heard).toHaveLength(heard);
  });
});
