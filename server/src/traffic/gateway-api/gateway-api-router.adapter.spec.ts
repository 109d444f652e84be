import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeTrafficRouter } from '../../../test/contracts/traffic-router-contract.js';
import { selfSigned } from '../../../test/clients/self-signed.js';
import type { Json } from '../../../test/traffic/kubernetes/field-ownership.js';
import { ACCEPTED, type GatewayInUse, openGateway } from '../../../test/traffic/kubernetes/gateway-in-use.js';
import { refusal } from '../../../test/traffic/kubernetes/kubernetes-server.js';
import { rulesOf } from './http-route.js';

describe('GatewayApiRouter', () =>
  describeTrafficRouter(() => openGateway(), { keepsUsers: false, isCounting: false }));

let inUse: GatewayInUse;
beforeEach(async () => {
  inUse = await openGateway();
});
afterEach(() => inUse.close());

/** Somebody else gives the candidate a share, by hand. */
const editedTo = (share: number, manager = 'kubectl-edit'): void => {
  inUse.cluster.routes.edit('checkout', manager, (route) => {
    const spec = { ...(route['spec'] as Json), rules: rulesOf(inUse.route, share) };
    return { ...route, spec };
  });
};
const managers = (): unknown => {
  const metadata = inUse.cluster.routes.get('checkout')?.['metadata'] as Json;
  return (metadata['managedFields'] as readonly Json[]).map(({ manager, operation }) => [manager, operation]);
};

it('applies a route that was not there, as its only manager', async () => {
  const fresh = await openGateway({ isNew: true });
  try {
    expect(await fresh.router.asked()).toBeUndefined();
    expect(await fresh.router.shift(10_000)).toEqual({ kind: 'shifted', from: undefined, share: 10_000 });
    expect(fresh.cluster.writes).toEqual(['PATCH force=false 201']);
    expect(fresh.cluster.routes.get('checkout')).toMatchObject({
      metadata: { generation: 1, annotations: { 'sluice.dev/route': 'shop/production/checkout' } },
      spec: { parentRefs: [{ name: 'public' }] },
    });
  } finally {
    await fresh.close();
  }
});

it('lets a tester pick an arm by the header, whatever the share', async () => {
  await inUse.router.shift(0);
  expect(inUse.answer({ 'x-sluice-arm': 'candidate' })).toBe('candidate');
  await inUse.router.shift(100_000);
  expect(inUse.answer({ 'x-sluice-arm': 'stable' })).toBe('stable');
  expect(inUse.answer({ 'x-sluice-arm': 'anything' })).toBe('candidate');
});

it('writes nothing while the share is there', async () => {
  await inUse.router.shift(5_000);
  const writes = inUse.cluster.writes.length;
  expect(await inUse.router.shift(5_000)).toEqual({ kind: 'unchanged', share: 5_000 });
  expect(inUse.cluster.writes).toHaveLength(writes);
});

describe('when somebody else changes the route', () => {
  it('sees another weight, and puts it right', async () => {
    await inUse.router.shift(10_000);
    editedTo(75_000);
    expect(await inUse.router.asked()).toBe(75_000);
    expect(await inUse.router.shift(10_000)).toEqual({ kind: 'shifted', from: 75_000, share: 10_000 });
    expect(inUse.cluster.writes.at(-1)).toBe('PATCH force=true 200');
    expect(managers()).toEqual([['sluice', 'Apply']]);
  });

  it('puts rules right that split otherwise with the same weights', async () => {
    await inUse.router.shift(10_000);
    inUse.cluster.routes.edit('checkout', 'kubectl-edit', (route) => {
      const rules = rulesOf({ ...inUse.route, path: '/elsewhere' }, 10_000);
      return { ...route, spec: { ...(route['spec'] as Json), rules } };
    });
    expect(await inUse.router.asked()).toBeUndefined();
    expect(await inUse.router.shift(10_000)).toEqual({ kind: 'shifted', from: undefined, share: 10_000 });
    expect(await inUse.router.asked()).toBe(10_000);
  });

  it('understands weights that add up to something else', async () => {
    inUse.cluster.routes.edit('checkout', 'kubectl-edit', (route) => {
      const [picked, other] = rulesOf(inUse.route, 0);
      const backendRefs = [
        { name: 'checkout-stable', port: 8080, weight: 3 },
        { name: 'checkout-candidate', port: 8080 },
      ];
      const split = { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs };
      return { ...route, spec: { ...(route['spec'] as Json), rules: [picked, other, split] } };
    });
    expect(await inUse.router.asked()).toBe(25_000);
    expect(await inUse.router.shift(25_000)).toEqual({ kind: 'shifted', from: 25_000, share: 25_000 });
  });

  it('creates a deleted route again', async () => {
    await inUse.router.shift(10_000);
    inUse.cluster.routes.remove('checkout');
    expect(await inUse.router.asked()).toBeUndefined();
    expect(await inUse.router.shift(10_000)).toEqual({ kind: 'shifted', from: undefined, share: 10_000 });
  });

  it('leaves what it never applied to who did, and says who that is', async () => {
    const { router, cluster, route, routedBy } = await openGateway({ isNew: true });
    try {
      const manifest = { spec: { rules: rulesOf(route, 0) }, metadata: { name: 'checkout', namespace: 'shop' } };
      const kind = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' };
      cluster.routes.apply('checkout', { ...kind, ...manifest }, { manager: 'argocd', isForced: false });
      const refused = await router.shift(20_000);
      expect(refused).toMatchObject({ kind: 'refused', code: 'CONFIG_REJECTED' });
      expect(refused).toHaveProperty('sentence', expect.stringContaining('"argocd"'));
      expect(await router.asked()).toBe(0);
      expect(cluster.writes).toEqual(['PATCH force=false 409']);
      const taking = routedBy({ conflicts: 'take' });
      expect(await taking.shift(20_000)).toEqual({ kind: 'shifted', from: 0, share: 20_000 });
    } finally {
      await cluster.close();
    }
  });

  it('keeps what others say of the same route', async () => {
    inUse.cluster.routes.edit('checkout', 'kubectl-edit', (route) => {
      return { ...route, spec: { ...(route['spec'] as Json), hostnames: ['shop.example'] } };
    });
    await inUse.router.shift(30_000);
    expect(inUse.cluster.routes.get('checkout')).toMatchObject({ spec: { hostnames: ['shop.example'] } });
    expect(managers()).toEqual([
      ['kubectl-edit', 'Update'],
      ['sluice', 'Apply'],
    ]);
  });
});

describe('does not call a share done', () => {
  it('that no Gateway has taken, and confirms it once one has', async () => {
    inUse.gateway.conditions = [];
    const impatient = inUse.routedBy({ timeoutMs: 300 });
    const unconfirmed = await impatient.shift(20_000);
    expect(unconfirmed).toMatchObject({ kind: 'unconfirmed', share: 20_000 });
    expect(unconfirmed).toHaveProperty('sentence', expect.stringContaining('has not said Accepted of generation 2'));
    expect(await impatient.shift(20_000)).toMatchObject({ kind: 'unconfirmed', share: 20_000 });
    inUse.gateway.conditions = ACCEPTED;
    inUse.gateway.reconcile('checkout');
    expect(await impatient.shift(20_000)).toEqual({ kind: 'unchanged', share: 20_000 });
  });

  it('that a Gateway refuses', async () => {
    const [accepted] = ACCEPTED;
    const words = {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
      message: 'no such Service',
    } as const;
    inUse.gateway.conditions = accepted === undefined ? [] : [accepted, words];
    const unconfirmed = await inUse.router.shift(20_000);
    expect(unconfirmed).toMatchObject({ kind: 'unconfirmed', share: 20_000 });
    expect(unconfirmed).toHaveProperty('sentence', expect.stringContaining('BackendNotFound: no such Service'));
  });

  it('of a route that belongs to no Gateway', async () => {
    const orphan = inUse.routedBy({ name: 'orphan', gateways: [], timeoutMs: 300 });
    expect(await orphan.shift(20_000)).toMatchObject({ kind: 'unconfirmed', share: 20_000 });
  });
});

describe('cannot ask', () => {
  const unreachable = (words: string): object => ({ kind: 'unreachable', sentence: expect.stringContaining(words) });

  it('an API server that does not know its token, and reads a renewed one', async () => {
    inUse.cluster.token = 'renewed';
    expect(await inUse.router.shift(1_000)).toEqual(unreachable('answers 401: Unauthorized'));
    writeFileSync(inUse.route.tokenFile, 'renewed');
    expect(await inUse.router.shift(1_000)).toMatchObject({ kind: 'shifted' });
  });

  it('one that another authority vouches for', async () => {
    writeFileSync(inUse.route.caFile, selfSigned().cert);
    expect(await inUse.router.shift(1_000)).toEqual(unreachable('cannot be asked'));
    await expect(inUse.router.capacity()).rejects.toMatchObject({ code: 'ROUTER_UNREACHABLE' });
  });

  it('one that does not let it write, and moves nothing', async () => {
    const words = 'httproutes "checkout" is forbidden: User "sluice" cannot patch resource';
    inUse.cluster.instead = (method) => (method === 'PATCH' ? refusal(403, 'Forbidden', words) : undefined);
    expect(await inUse.router.shift(1_000)).toEqual(unreachable(`answers 403: ${words}`));
    expect(await inUse.router.asked()).toBe(0);
  });

  it('one that has no HTTPRoutes, which is not one that lacks this route', async () => {
    inUse.cluster.instead = () => refusal(404, 'NotFound', 'the server could not find the requested resource');
    await expect(inUse.router.asked()).rejects.toMatchObject({ code: 'ROUTER_UNREACHABLE' });
  });

  it('something that speaks no JSON', async () => {
    inUse.cluster.instead = () => ({ status: 502, body: '<html>' });
    expect(await inUse.router.shift(1_000)).toEqual(unreachable('answered 502 with what is not JSON'));
  });
});

it('answers what Kubernetes does not take, in its words', async () => {
  inUse.cluster.instead = (method) =>
    method === 'PATCH' ? refusal(422, 'Invalid', 'HTTPRoute "checkout" is invalid: spec.rules') : undefined;
  const refused = await inUse.router.shift(1_000);
  expect(refused).toMatchObject({ kind: 'refused', code: 'CONFIG_REJECTED' });
  expect(refused).toHaveProperty('sentence', expect.stringContaining('is invalid: spec.rules'));
});

it('asks for as much capacity as the share, where the operator says so', async () => {
  const careful = inUse.routedBy({ capacity: 'proportional' });
  expect(await careful.shift(50_000)).toMatchObject({ kind: 'shifted' });
  expect(await careful.shift(60_000)).toMatchObject({ kind: 'refused', code: 'NO_CAPACITY' });
});
