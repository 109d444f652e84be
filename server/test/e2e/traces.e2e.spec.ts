import { randomBytes } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { giveUp } from '../clients/give-up.js';
import { type Received, WebhookReceiver } from '../clients/webhook-receiver.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

// Whole servers are started, beside other suites on few cores.
jest.setTimeout(300_000);

/** What OTLP in JSON tells of a span, as far as it is looked at here. */
interface ToldSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status?: { readonly code?: number };
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface Told {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly ToldSpan[] }[];
  }[];
}

/** Of a span's status: opentelemetry-proto, trace.proto. */
const ERROR = 2;
const GIVEN_UP = 'e'.repeat(32);

/** Waits for a request that is like this. */
async function heard({ received }: WebhookReceiver, isIt: (one: Received) => boolean): Promise<Received> {
  for (;;) {
    const found = received.find(isIt);
    if (found !== undefined) return found;
    await later(20);
  }
}

let collector: WebhookReceiver;
let receiver: WebhookReceiver;
let server: TestServer;

beforeAll(async () => {
  [collector, receiver] = await Promise.all([WebhookReceiver.listen(), WebhookReceiver.listen()]);
  server = await startTestServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url(''), SLUICE_TICK_SECONDS: '0.2' });
});
afterAll(() => Promise.all([collector.close(), receiver.close()]));

it('a request, the job that it leads to and the webhook that tells of it are one trace, without secrets', async () => {
  const world = await ReleasesWorld.furnish(server);
  const made = await world.api('POST', '/api/v1/projects/shop/webhooks', { url: receiver.url('/of-ann?key=hush') });
  const { secret } = bodyOf<{ readonly secret: string }>(made);
  const policy = await world.policy({ steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] });
  const flag = await world.flag();
  const caller = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
  const release = { project: 'shop', environment: 'production', policy, start: true };
  const changes = [{ kind: 'flag', flag, ramp: { variation: 'on' } }];
  const answer = await world.api(
    'POST',
    '/api/v1/releases?because=ann@example.com',
    { ...release, changes },
    { traceparent: `00-${caller.traceId}-${caller.spanId}-01`, baggage: 'user=ann@example.com' },
  );
  expect(answer.status).toBe(201);
  const started = await heard(receiver, ({ body }) => body.includes('release.started'));
  await world.until(bodyOf<{ id: string }>(answer).id, ({ rollout }) => rollout?.share === 10_000);
  const traceparent = `00-${GIVEN_UP}-${caller.spanId}-01`;
  await giveUp(server.url, '/api/v1/projects', server.adminToken, [`traceparent: ${traceparent}`]);
  await heard(collector, ({ body }) => body.includes(GIVEN_UP));
  await server.close();

  const text = collector.received.map(({ body }) => body).join('\n');
  const spans = collector.received.flatMap(({ body }) =>
    (JSON.parse(body) as Told).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans)),
  );
  const request = spans.find(({ name, traceId }) => name === 'POST /api/v1/releases' && traceId === caller.traceId);
  expect(request?.parentSpanId).toBe(caller.spanId);
  const givenUp = spans.filter(({ traceId }) => traceId === GIVEN_UP);
  expect(givenUp).toMatchObject([{ name: 'POST /api/v1/projects', status: { code: ERROR } }]);
  const sent = spans.find(({ spanId }) => started.headers['traceparent'] === `00-${caller.traceId}-${spanId}-01`);
  expect(sent?.name).toBe('POST');
  const job = spans.find(({ spanId }) => spanId === sent?.parentSpanId);
  expect(job).toMatchObject({ name: 'job webhook.deliver', traceId: caller.traceId, parentSpanId: request?.spanId });
  expect(started.headers['baggage']).toBeUndefined();

  const ticks = spans.filter(({ name }) => name === 'job rollout.tick');
  expect(ticks.length).toBeGreaterThan(0);
  for (const { traceId, links } of ticks) {
    expect(traceId).not.toBe(caller.traceId);
    expect(links).toMatchObject([{ traceId: caller.traceId, spanId: request?.spanId }]);
  }

  expect(text).toContain('"stringValue":"sluice"');
  for (const hidden of [secret, server.adminToken, 'hush', 'ann', 'shop', flag, policy]) {
    expect(text).not.toContain(hidden);
  }
  expect(spans.map(({ name }) => name)).not.toContain('GET /readyz');
});
