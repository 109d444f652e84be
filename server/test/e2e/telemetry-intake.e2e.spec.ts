import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from '@sluice/sdk';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import { onEachDatabase } from '../contracts/databases.js';
import { describeIntake } from '../contracts/telemetry-intake-contract.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;

describe('TelemetryIntake', () => onEachDatabase(describeIntake));

/** What these tests look at of an answer's body; each knows what is there. */
interface Body {
  readonly secret: string;
  readonly duplicate: boolean;
  readonly nextCursor: string | null;
  readonly items: readonly { readonly environment: string; readonly variations: readonly object[] }[];
}
type Call = (...asked: Parameters<Api>) => Promise<Omit<Answer, 'body'> & { readonly body: Body }>;

let server: TestServer;
let api: Call;
let token: string;
let sdk: Call;
let project: string;
let projects = 0;
beforeAll(async () => {
  server = await startTestServer();
  api = server.api;
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

beforeEach(async () => {
  project = `intake-${(projects += 1)}`;
  await api('POST', '/api/v1/projects', { key: project });
  const draft = { kind: 'server', name: 'sdk', project, environment: 'production' };
  token = (await api('POST', '/api/v1/tokens', draft)).body.secret;
  sdk = server.as(token);
});

const report = (overrides: Parameters<typeof aTelemetryBatch>[0]) =>
  sdk('POST', '/sdk/v1/telemetry', aTelemetryBatch(overrides));
const eventsOf = (environment: string, query = '') =>
  api('GET', `/api/v1/projects/${project}/environments/${environment}/events${query}`);
const tracked = (event: string, count = 1, sum = 0, lastAt = '2026-01-01T00:00:09.000Z') => {
  return { event, count, sum, lastAt };
};

it('takes in a fleet that reports at once, exactly', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      report({
        batchId: `batch-${i % 150}`,
        instance: { ...aTelemetryBatch().instance, id: `instance-${i % 150}` },
        tracked: [tracked('bought', 1, 0.5)],
      }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(answers.filter(({ body }) => body.duplicate)).toHaveLength(50);
  const { body: usage } = await api('GET', `/api/v1/projects/${project}/flags/new-cart/usage`);
  expect(usage.items.find(({ environment }) => environment === 'production')?.variations).toMatchObject([
    { variation: 'on', count: 150 },
  ]);
  expect((await eventsOf('production')).body).toMatchObject({ items: [{ event: 'bought', count: 150, sum: 75 }] });
});

it('lists what services tracked, page by page, environment by environment', async () => {
  await report({ batchId: 'a', tracked: [tracked('bought', 2, 20.5), tracked('a/b 🛒')] });
  await report({ batchId: 'b', tracked: [tracked('bought', 1, -0.5, '2026-01-01T00:00:10Z'), tracked('seen', 7)] });
  const first = await eventsOf('production', '?limit=2');
  expect(first.body.items).toEqual([
    { event: 'a/b 🛒', count: 1, sum: 0, lastAt: '2026-01-01T00:00:09.000Z' },
    { event: 'bought', count: 3, sum: 20, lastAt: '2026-01-01T00:00:10.000Z' },
  ]);
  const second = await eventsOf('production', `?limit=2&after=${String(first.body.nextCursor)}`);
  expect(second.body).toEqual({ items: [tracked('seen', 7)], nextCursor: null });
  expect((await eventsOf('development')).body).toEqual({ items: [], nextCursor: null });
});

it('shows events to who may see telemetry', async () => {
  const path = `/api/v1/projects/${project}/environments/production/events`;
  expect((await sdk('GET', path)).status).toBe(403);
  expect((await server.as(undefined)('GET', path)).status).toBe(401);
  expect((await eventsOf('nowhere')).status).toBe(404);
  expect((await eventsOf('production', '?limit=0')).body).toMatchObject({ code: 'LIMIT_OUT_OF_RANGE' });
});

it('refuses a batch whose events cannot be summed, and counts nothing of it', async () => {
  const raw = JSON.stringify(aTelemetryBatch({ tracked: [tracked('bought', 1, 12345)] })).replace('12345', '1e999');
  const refused = await sdk('POST', '/sdk/v1/telemetry', raw);
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ errors: [{ pointer: '/tracked/0/sum' }] });
  expect((await eventsOf('production')).body).toMatchObject({ items: [] });
});

it('sums what the SDK tracks', async () => {
  const client = await createClient({ url: server.url, token, cacheDir: false });
  client.track('bought', { targetingKey: 'u' }, { value: 20 });
  client.track('bought', { targetingKey: 'v' }, { value: 1.5 });
  client.track('bought');
  expect(await client.flush()).toBe(true);
  await client.close();
  expect((await eventsOf('production')).body).toMatchObject({ items: [{ event: 'bought', count: 3, sum: 21.5 }] });
});
