import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { aDigest } from '../builders/a-service.js';
import { objectionsToAnswer } from '../clients/openapi-schema.js';
import { measure, type Phase, type WebMetric } from '../traffic/kubernetes/argo-web-metric.js';
import { documentedOf } from '../traffic/kubernetes/documented.js';
import { callWebhook, type CanaryWebhook } from '../traffic/kubernetes/flagger-webhook.js';
import { type Arms, bodyOf, ReleasesWorld } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const TIMEOUT_MS = 120_000;
const good: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 1 } };
const harm: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 60 } };
const place = { project: 'shop', environment: 'production', service: 'checkout' };
const canary = { name: 'checkout', namespace: 'shop', phase: 'Progressing' };

// The page's own: kubernetes-docs.spec.ts holds both against their schemas.
const [metric] = (documentedOf('AnalysisTemplate')['spec'] as { readonly metrics: readonly WebMetric[] }).metrics;
const { webhooks } = (documentedOf('Canary')['spec'] as { analysis: { readonly webhooks: readonly CanaryWebhook[] } })
  .analysis;

let server: TestServer;
let world: ReleasesWorld;
let policy: string;
/** Of the kind `ci`, bound to the project and the environment, as the page says. */
let token: string;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  world = await ReleasesWorld.furnish(server);
  await world.installed('checkout', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'va');
  const steps = [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }];
  policy = await world.policy({ steps, metrics: [{ kind: 'failures', name: 'failures' }] });
  const bound = { kind: 'ci', name: 'flagger', project: 'shop', environment: 'production' };
  token = bodyOf<{ secret: string }>(await server.api('POST', '/api/v1/tokens', bound)).secret;
}, TIMEOUT_MS);
afterAll(() => server.close(), TIMEOUT_MS);

async function release(version: string, more: object = {}): Promise<ReleaseView> {
  const changes = [{ kind: 'service', service: 'checkout', version, digest: aDigest(version.slice(-1)) }];
  const answer = await world.ask({ policy, changes, start: true, ...more });
  expect(answer.status).toBe(201);
  return bodyOf<ReleaseView>(answer);
}

/** One that was reported of, until that was judged. */
async function judged(version: string, arms: Arms): Promise<ReleaseView> {
  const made = await release(version);
  await world.until(made.id, ({ rollout }) => rollout?.phase === 'watching');
  expect((await world.report(made, 'service/checkout', arms)).status).toBe(202);
  return world.until(made.id, ({ rollout, status }) => rollout?.verdict === 'pass' || status === 'rolledBack');
}

const putBack = async ({ id }: ReleaseView): Promise<void> => {
  expect((await world.command(id, 'abort', { reason: 'the test is over' })).status).toBe(200);
};

describe('Argo Rollouts, by the AnalysisTemplate of the documentation', () => {
  const argo = (version: string, changed: Partial<WebMetric> = {}, secret = token): Promise<Phase> => {
    if (metric === undefined) throw new Error('The documented template has no metric.');
    return measure({ ...metric, ...changed }, { version, token: secret }, server.url);
  };
  const short = (): Partial<WebMetric> => {
    if (metric === undefined) throw new Error('The documented template has no metric.');
    const { provider } = metric;
    return { provider: { web: { ...provider.web, jsonPath: '{$.data.ok}' } }, successCondition: 'result == true' };
  };

  it('finds a version successful once it is known to be good, and failed once it is known to be bad', async () => {
    const fresh = await release('v2');
    expect(await argo('v2')).toBe('Inconclusive');
    await putBack(fresh);
    expect(await argo('v2')).toBe('Failed');
    const fine = await judged('v3', good);
    expect(await argo('v3')).toBe('Successful');
    await world.command(fine.id, 'pause', { reason: 'lunch' });
    expect(await argo('v3')).toBe('Inconclusive');
    await putBack(fine);
    expect((await judged('v4', harm)).reason.code).toBe('EVIDENCE_BAD');
    expect(await argo('v4')).toBe('Failed');
  });

  it('knows nothing of a release that waits for its start', async () => {
    const draft = await release('v5', { start: false });
    expect(draft.status).toBe('draft');
    expect(await argo('v5')).toBe('Inconclusive');
    const { failureCondition: _none, ...one } = { ...metric, ...short() };
    expect(await measure({ ...one } as WebMetric, { version: 'v5', token }, server.url)).toBe('Failed');
    await putBack(draft);
  });

  it('gets an error, and never a success, where there is nothing to be told', async () => {
    expect(await argo('v99')).toBe('Error');
    expect(await argo('v2', {}, 'slu_ci_unknown')).toBe('Error');
    expect(await argo('')).toBe('Error');
  });

  it('is answered as the contract says, by the id of a release too', async () => {
    const { id } = await release('v6');
    const byId = await server.api('GET', `/api/v1/releases/${id}/analysis`);
    expect(byId.body).toMatchObject({ data: { ok: false, verdict: 'inconclusive', release: { id, ...at } } });
    const path = '/api/v1/projects/{project}/services/{service}/analysis';
    const url = '/api/v1/projects/shop/services/checkout/analysis?environment=production&version=v6';
    const byVersion = await server.api('GET', url);
    await world.command(id, 'abort', { reason: 'the test is over' });
    expect(objectionsToAnswer({ method: 'GET', path: '/api/v1/releases/{release}/analysis' }, byId)).toEqual([]);
    expect(objectionsToAnswer({ method: 'GET', path }, byVersion)).toEqual([]);
    expect(byVersion.body).toEqual(byId.body);
  });
});

const at = { project: 'shop', environment: 'production' };

describe('Flagger, by the Canary of the documentation', () => {
  const call = (type: string, metadata: Readonly<Record<string, string>>) => {
    const webhook = webhooks.find((each) => each.type === type);
    const url = webhook?.url ?? `http://sluice.sluice.svc:7070/api/v1/flagger/${type}`;
    return callWebhook(
      { type, url, metadata: { ...place, ...webhook?.metadata, token, ...metadata } },
      canary,
      server.url,
    );
  };
  /** What is answered of every type, as Flagger takes it. */
  const goes = async (version: string): Promise<readonly string[]> => {
    const answers = new Map<string, boolean>();
    for (const type of TYPES) answers.set(type, (await call(type, { version })).isGo);
    return TYPES.filter((type) => answers.get(type));
  };

  it('is let go on only where it is known to be good, and told to roll back only where it is bad', async () => {
    const fresh = await release('v7');
    expect(await goes('v7')).toEqual(['confirm-rollout', 'pre-rollout', 'post-rollout', 'event']);
    await putBack(fresh);
    const fine = await judged('v8', good);
    expect(await goes('v8')).toEqual(TYPES.filter((type) => type !== 'rollback'));
    await putBack(fine);
    await judged('va', harm);
    expect(await goes('va')).toEqual(['post-rollout', 'rollback', 'event']);
  });

  it('is told why it halts, in words that it may write into its events', async () => {
    const { status, says } = await call('confirm-promotion', { version: 'va' });
    expect(status).toBe(412);
    expect(JSON.parse(says)).toMatchObject({ code: 'CANARY_HALTED', detail: expect.stringContaining('verdict fail') });
    expect(says).not.toContain('slu_ci_');
  });

  it.each<[string, string, Readonly<Record<string, string>>, number, string]>([
    ['an unknown token', 'rollback', { token: 'slu_ci_unknown' }, 401, 'TOKEN_REFUSED'],
    ['no token', 'rollout', { token: '' }, 401, 'TOKEN_REFUSED'],
    ['a version that no release has', 'rollout', { version: 'v99' }, 404, 'RELEASE_NOT_FOUND'],
    ['another project', 'rollout', { project: 'other' }, 404, 'PROJECT_NOT_FOUND'],
    ['a type that Flagger does not have', 'promote', {}, 400, 'VALIDATION_FAILED'],
    ['a release that is no id', 'rollback', { release: 'checkout' }, 400, 'VALIDATION_FAILED'],
  ])('halts, and does not roll back, for %s', async (_what, type, metadata, status, code) => {
    const answer = await call(type, { version: 'v8', ...metadata });
    expect(answer).toMatchObject({ isGo: false, status });
    expect(JSON.parse(answer.says)).toMatchObject({ code });
    for (const secret of [token, 'slu_ci_unknown']) expect(answer.says).not.toContain(secret);
  });

  it('takes no admin token from a file that others read', async () => {
    const answer = await call('rollout', { version: 'v8', token: server.adminToken });
    expect(answer).toMatchObject({ isGo: false, status: 401 });
    expect(answer.says).not.toContain(server.adminToken);
  });

  it('takes a token from a header, as of a proxy that adds it', async () => {
    const body = { ...canary, checksum: '85d557f47b', metadata: { ...place, version: 'va' } };
    const answer = await server.as(token)('POST', '/api/v1/flagger/rollback', body);
    expect(answer.status).toBe(200);
    expect(objectionsToAnswer({ method: 'POST', path: '/api/v1/flagger/{hook}' }, answer)).toEqual([]);
    expect(await server.as(undefined)('POST', '/api/v1/flagger/rollback', body)).toMatchObject({ status: 401 });
  });

  it('says which release it needs, where the metadata names none', async () => {
    const body = { ...canary, checksum: '', metadata: { token } };
    const answer = await server.as(undefined)('POST', '/api/v1/flagger/rollout', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'RELEASE_NOT_NAMED' } });
  });

  it.each(['post-rollout', 'event'])('hears of %s, about whatever release or none, in as few words', async (hook) => {
    const bodies = [{}, { metadata: { ...place, version: 'v99' } }];
    for (const body of bodies) {
      const answer = await server.as(token)('POST', `/api/v1/flagger/${hook}`, body);
      expect(answer).toMatchObject({ status: 200, body: { data: null } });
    }
  });

  it('keeps a token within its environment', async () => {
    await server.api('POST', '/api/v1/projects/shop/environments', { key: 'staging' });
    expect(await call('rollback', { environment: 'staging', version: 'va' })).toMatchObject({ isGo: false });
  });
});

const TYPES = [
  'confirm-rollout',
  'pre-rollout',
  'rollout',
  'confirm-traffic-increase',
  'confirm-promotion',
  'post-rollout',
  'rollback',
  'event',
];
