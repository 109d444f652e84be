import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RouteView } from '../../src/traffic/route-view.js';
import { rulesOf } from '../../src/traffic/gateway-api/http-route.js';
import { aDigest } from '../builders/a-service.js';
import { objectionsToAnswer } from '../clients/openapi-schema.js';
import { eventually } from '../traffic/eventually.js';
import type { Json } from '../traffic/kubernetes/field-ownership.js';
import { type GatewayInUse, openGateway } from '../traffic/kubernetes/gateway-in-use.js';
import { objectionsToRoute } from '../traffic/kubernetes/http-route-schema.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const TIMEOUT_MS = 120_000;
const directory = mkdtempSync(join(tmpdir(), 'sluice-kubernetes-'));
let gateway: GatewayInUse;
let server: TestServer;
let world: ReleasesWorld;
let policy: string;

beforeAll(async () => {
  gateway = await openGateway({ isNew: true });
  const file = join(directory, 'traffic.json');
  writeFileSync(file, JSON.stringify({ routes: [gateway.route] }));
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2', SLUICE_TRAFFIC_FILE: file });
  world = await ReleasesWorld.furnish(server);
  await world.installed('checkout', 'v1', 'v2', 'v3');
  policy = await world.policy({ steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] });
}, TIMEOUT_MS);
afterAll(async () => {
  await server.close();
  await gateway.close();
  rmSync(directory, { recursive: true, force: true });
}, TIMEOUT_MS);

describe('a release of a service behind the Gateway API', () => {
  const asks = (share: number) => eventually(async () => (await gateway.router.asked()) === share);
  const release = async (version: string): Promise<string> => {
    const changes = [{ kind: 'service', service: 'checkout', version, digest: aDigest(version.slice(-1)) }];
    const answer = await world.ask({ policy, changes, start: true });
    expect(answer.status).toBe(201);
    return bodyOf<{ id: string }>(answer).id;
  };

  it('creates the HTTPRoute, ramps by it, heals what others change, and says that nothing is counted', async () => {
    await asks(0);
    const id = await release('v2');
    await asks(10_000);
    const { rollout } = await world.until(id, (each) => each.rollout?.phase === 'watching');
    expect(rollout?.traffic).toEqual([{ service: 'checkout', asked: 10_000, actual: null, requests: 0, fits: null }]);
    gateway.cluster.routes.edit('checkout', 'kubectl-edit', (route) => {
      return { ...route, spec: { ...(route['spec'] as Json), rules: rulesOf(gateway.route, 90_000) } };
    });
    await asks(10_000);
    expect((await world.command(id, 'rollback', { reason: 'it is slow' })).status).toBe(200);
    await asks(0);
    await eventually(async () => {
      const answer = await server.api('GET', '/api/v1/projects/shop/traffic');
      const [view] = bodyOf<{ items: readonly RouteView[] }>(answer).items;
      return view?.share === 0 && view.isInPlace && view.verified === null;
    });
  });

  it('waits while the Gateway has not taken the share', async () => {
    const said = gateway.gateway.conditions;
    gateway.gateway.conditions = [];
    const id = await release('v3');
    await asks(10_000);
    const { rollout } = await world.until(
      id,
      (each) => each.rollout?.reason.sentence.includes('has not said') === true,
    );
    expect(rollout?.phase).toBe('reaching');
    gateway.gateway.conditions = said;
    gateway.gateway.reconcile('checkout');
    await world.until(id, (each) => each.rollout?.phase === 'watching');
    expect((await world.command(id, 'rollback', { reason: 'enough' })).status).toBe(200);
    await asks(0);
  });
});

describe('GET …/http-route', () => {
  const path = '/api/v1/projects/shop/services/checkout/http-route';
  const arms = 'stable=checkout-a&candidate=checkout-b&stableVersion=v1';
  const query = `environment=production&namespace=shop&${arms}&port=8080`;

  it('prints an HTTPRoute that the Gateway API takes, with the share there is', async () => {
    const more = '&gateway=edge/public&gateway=private&hostname=shop.example&armHeader=x-arm&path=/pay';
    const answer = await server.api('GET', `${path}?${query}${more}`);
    expect(answer.status).toBe(200);
    expect(
      objectionsToAnswer({ method: 'GET', path: '/api/v1/projects/{project}/services/{service}/http-route' }, answer),
    ).toEqual([]);
    expect(objectionsToRoute(answer.body)).toEqual([]);
    expect(answer.body).toMatchObject({
      metadata: { name: 'checkout', annotations: { 'sluice.dev/stable-version': 'v1' } },
      spec: {
        parentRefs: [{ name: 'public', namespace: 'edge' }, { name: 'private' }],
        hostnames: ['shop.example'],
        rules: [
          {},
          {},
          {
            backendRefs: [
              { name: 'checkout-a', weight: 100_000 },
              { name: 'checkout-b', weight: 0 },
            ],
          },
        ],
      },
    });
  });

  it.each<[string, string, number, string]>([
    ['a name that Kubernetes would not take', `${path}?${query}&gateway=a/b/c`, 400, 'VALIDATION_FAILED'],
    ['no version', `${path}?${query.replace('&stableVersion=v1', '')}`, 400, 'VALIDATION_FAILED'],
    ['a version that is not the stable one', `${path}?${query.replace('=v1', '=v2')}`, 409, 'STABLE_VERSION_MOVED'],
    ['no port', `${path}?${query.replace('&port=8080', '')}`, 400, 'VALIDATION_FAILED'],
    [
      'a service that was never installed',
      `${path.replace('checkout', 'carts')}?${query}`,
      404,
      'SERVICE_NOT_INSTALLED',
    ],
    [
      'an environment that there is not',
      `${path}?${query.replace('production', 'live')}`,
      404,
      'ENVIRONMENT_NOT_FOUND',
    ],
  ])('refuses %s', async (_what, url, status, code) => {
    expect(await server.api('GET', url)).toMatchObject({ status, body: { code } });
  });
});
