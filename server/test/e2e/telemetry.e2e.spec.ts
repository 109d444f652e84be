import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;

/** What these tests look at of an answer's body; each knows what is there. */
interface Body {
  readonly secret: string;
  readonly revision: number;
  readonly duplicate: boolean;
  readonly code: string;
  readonly errors: readonly { readonly pointer: string }[];
  readonly summary: object;
  readonly nextCursor: string | null;
  readonly items: readonly {
    readonly environment: string;
    readonly lastEvaluatedAt: string;
    readonly variations: readonly object[];
  }[];
}
type Said = Omit<Answer, 'body'> & { readonly body: Body };
type Call = (...asked: Parameters<Api>) => Promise<Said>;

let server: TestServer;
let api: Call;
let project: string;
let sdk: Call;
const as = (token: string | undefined): Call => server.as(token);
let projects = 0;
beforeAll(async () => {
  server = await startTestServer();
  api = server.api;
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

/** A project of its own for the test, and the API as its production SDK sees it. */
const useProject = async (): Promise<void> => {
  project = `project-${(projects += 1)}`;
  await api('POST', '/api/v1/projects', { key: project });
  sdk = await sdkOf('production');
};
const sdkOf = async (environment: string): Promise<Call> => {
  const draft = { kind: 'server', name: 'sdk', project, environment };
  return as((await api('POST', '/api/v1/tokens', draft)).body.secret);
};
const report = (overrides: Parameters<typeof aTelemetryBatch>[0] = {}, by: Call = sdk) =>
  by('POST', '/sdk/v1/telemetry', aTelemetryBatch(overrides));
const usageOf = async (flag: string) =>
  (await api('GET', `/api/v1/projects/${project}/flags/${encodeURIComponent(flag)}/usage`)).body.items;
const instancesOf = async (environment: string) =>
  (await api('GET', `/api/v1/projects/${project}/environments/${environment}/instances`)).body;
const used = (flag: string, variation: string | null, count: number, lastAt = '2026-01-01T00:00:09.000Z') => {
  return { flag, variation, count, lastAt };
};

it('counts a batch once, however often and however simultaneously it arrives', async () => {
  await useProject();
  const evaluations = [used('team/new-cart', 'on', 3), used('team/new-cart', null, 2, '2026-01-01T00:00:10.000Z')];
  const answers = await Promise.all(Array.from({ length: 10 }, () => report({ evaluations })));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
  expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
  expect((await report({ evaluations })).body).toEqual({ accepted: true, duplicate: true });
  expect(await usageOf('team/new-cart')).toEqual([
    { environment: 'development', lastEvaluatedAt: null, variations: [] },
    {
      environment: 'production',
      lastEvaluatedAt: '2026-01-01T00:00:10.000Z',
      variations: [
        { variation: null, count: 2, lastAt: '2026-01-01T00:00:10.000Z' },
        { variation: 'on', count: 3, lastAt: '2026-01-01T00:00:09.000Z' },
      ],
    },
  ]);
});

it('sums reports of many instances', async () => {
  await useProject();
  const batches = Array.from({ length: 20 }, (_, i) => {
    const instance = { ...aTelemetryBatch().instance, id: `instance-${i}` };
    return report({ batchId: `batch-${i}`, instance, evaluations: [used('a', 'on', 1), used('b', 'on', 2)] });
  });
  expect((await Promise.all(batches)).every(({ body }) => body.duplicate === false)).toBe(true);
  expect((await usageOf('a'))[1]?.variations).toMatchObject([{ count: 20 }]);
  expect((await usageOf('b'))[1]?.variations).toMatchObject([{ count: 40 }]);
  expect((await instancesOf('production')).summary).toMatchObject({ instances: 20 });
});

it('keeps the same batch id of two environments apart', async () => {
  await useProject();
  const development = await sdkOf('development');
  expect((await report()).body.duplicate).toBe(false);
  expect((await report({}, development)).body.duplicate).toBe(false);
});

it('shows which instances serve the revision, and which lag', async () => {
  await useProject();
  const created = await api('POST', `/api/v1/projects/${project}/flags`, {
    key: 'new-cart',
    type: 'boolean',
    variations: [
      { key: 'on', value: true },
      { key: 'off', value: false },
    ],
  });
  expect(created.status).toBe(201);
  const { body: environment } = await api('GET', `/api/v1/projects/${project}/environments/production`);
  const appliedAt = '2026-01-01T00:00:00.000Z';
  const instance = (id: string, revision: number | null) => {
    const revisionAppliedAt = revision === null ? null : appliedAt;
    return { id, name: `pod ${id}`, sdk: 'sluice-node/0.1.0', revision, revisionAppliedAt };
  };
  await report({ batchId: 'a', instance: instance('a', environment.revision) });
  await report({ batchId: 'b', instance: instance('b', environment.revision - 1) });
  await report({ batchId: 'c', instance: instance('c', null) });
  const { items, summary, nextCursor } = await instancesOf('production');
  expect(summary).toEqual({ environmentRevision: environment.revision, instances: 3, current: 1, silent: 0 });
  expect(nextCursor).toBeNull();
  expect(items).toMatchObject([
    { id: 'a', name: 'pod a', isCurrent: true, isSilent: false, revisionAppliedAt: appliedAt },
    { id: 'b', isCurrent: false, revision: environment.revision - 1 },
    { id: 'c', isCurrent: false, revision: null, revisionAppliedAt: null },
  ]);
  expect(items[0]).not.toHaveProperty('environmentId');
});

it('takes what lies in the future for now', async () => {
  await useProject();
  const before = Date.now();
  await report({ evaluations: [used('a', 'on', 1, '2099-01-01T00:00:00.000Z')] });
  const takenFor = Date.parse((await usageOf('a'))[1]?.lastEvaluatedAt ?? 'never');
  expect(takenFor).toBeGreaterThanOrEqual(before);
  expect(takenFor).toBeLessThanOrEqual(Date.now());
});

it('refuses a bad batch whole, with all its problems, and counts nothing of it', async () => {
  await useProject();
  const refused = await sdk('POST', '/sdk/v1/telemetry', {
    ...aTelemetryBatch(),
    from: 'yesterday',
    extra: 1,
    evaluations: [used('a', 'on', 1), used('', 'on', 0), { ...used('b', 'on', 1), lastAt: 5 }],
  });
  expect(refused.status).toBe(400);
  expect(refused.body.errors.map(({ pointer }) => pointer).sort()).toEqual([
    '/evaluations/1/count',
    '/evaluations/1/flag',
    '/evaluations/2/lastAt',
    '/extra',
    '/from',
  ]);
  expect((await usageOf('a'))[1]?.variations).toEqual([]);
  expect((await report()).body.duplicate).toBe(false);
});

it('takes reports from SDKs alone, and shows usage to who may see it', async () => {
  await useProject();
  expect((await report({}, api)).body.code).toBe('PERMISSION_MISSING');
  expect((await report({}, as(undefined))).status).toBe(401);
  expect((await sdk('GET', `/api/v1/projects/${project}/flags/a/usage`)).status).toBe(403);
  const draft = { kind: 'ci', name: 'bound', project, environment: 'production' };
  const bound = as((await api('POST', '/api/v1/tokens', draft)).body.secret);
  const { body } = await bound('GET', `/api/v1/projects/${project}/flags/a/usage`);
  expect(body.items.map(({ environment }) => environment)).toEqual(['production']);
  expect((await bound('GET', `/api/v1/projects/${project}/environments/development/instances`)).status).toBe(403);
});

it('changes neither the audit trail nor any revision', async () => {
  await useProject();
  const look = async () => [
    (await api('GET', '/api/v1/audit/verify')).body,
    (await api('GET', `/api/v1/projects/${project}/environments/production`)).body,
  ];
  const before = await look();
  await report();
  expect(await look()).toEqual(before);
});
