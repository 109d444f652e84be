import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { status as Status } from '@grpc/grpc-js';
import { FULL_SHARE } from '../../src/kernel/share.js';
import { Transactions } from '../../src/kernel/transactions.js';
import type { RoutedTraffic } from '../../src/rollouts/index.js';
import type { RouteView } from '../../src/traffic/route-view.js';
import { ENDPOINTS, LISTENER, ROUTES } from '../../src/traffic/xds/xds-names.js';
import { eventually } from '../traffic/eventually.js';
import { callerOf } from './start-test-server.js';
import { DiscoveryClient } from '../xds/discovery-client.js';
import type { XdsProcess } from '../xds/xds-process.js';
import { digestOf, VERSION_HEADER, XdsWorld } from '../xds/xds-world.js';

// Whole servers and clients in processes of their own, beside other suites on few cores.
jest.setTimeout(240_000);

const REQUESTS = 1_000;
const SIGMAS = 5;

interface Release {
  readonly id: string;
  readonly status: string;
  readonly rollout: { readonly phase: string; readonly traffic: readonly RoutedTraffic[] };
}

let world: XdsWorld;
beforeAll(async () => {
  world = await XdsWorld.open({ services: 4, changed: [{}, {}, { timeoutMs: 500 }, { open: true }] });
});
afterAll(() => world.close());

const route = async (service: string): Promise<RouteView | undefined> => {
  const { items } = (await world.must('GET', '/api/v1/projects/shop/traffic')) as { items: readonly RouteView[] };
  return items.find((each) => each.service === service);
};
/** Waits until all clients have taken a share. */
const isInPlace = (service: string, share: number): Promise<void> =>
  eventually(async () => {
    const view = await route(service);
    return view?.isInPlace === true && view.share === share;
  });

describe('a release of a service whose callers are led by xDS', () => {
  let client: XdsProcess;
  let id: string;

  const read = async (): Promise<Release> => (await world.must('GET', `/api/v1/releases/${id}`)) as Release;
  const act = (verb: string, body?: object): Promise<unknown> =>
    world.must('POST', `/api/v1/releases/${id}/${verb}`, body);
  /** Sends requests of nobody in particular and expects a share of them at the candidate, and every one answered. */
  const expectShare = async (share: number): Promise<void> => {
    const answers = await client.send(Array.from({ length: REQUESTS }, () => ({})));
    expect(answers.filter((answer) => answer !== 'v1' && answer !== 'v2')).toEqual([]);
    const part = share / FULL_SHARE;
    const candidates = answers.filter((answer) => answer === 'v2').length;
    const deviation = Math.sqrt(REQUESTS * part * (1 - part));
    expect(Math.abs(candidates - REQUESTS * part)).toBeLessThanOrEqual(SIGMAS * deviation);
  };

  beforeAll(async () => {
    for (const version of ['v1', 'v2']) {
      await world.install('shop-0', version);
      await world.register('shop-0', `${version}-0`, await world.startInstance(version));
    }
    const steps = [5_000, 20_000, 80_000].map((share) => ({ share, holdSeconds: 3_600 }));
    const document = { steps: [...steps, { share: FULL_SHARE }] };
    await world.must('POST', '/api/v1/projects/shop/policies', { key: 'steps', name: 'steps', document });
    client = await world.dial('shop-0');
    expect(await client.send([{}])).toEqual(['v1']);
    await isInPlace('shop-0', 0);
    const change = { kind: 'service', service: 'shop-0', version: 'v2', digest: digestOf('v2') };
    const place = { project: 'shop', environment: 'production', policy: 'steps' };
    const made = (await world.must('POST', '/api/v1/releases', {
      ...place,
      changes: [change],
      start: true,
    })) as Release;
    id = made.id;
  });

  it('ramps its callers with it, who say what they did', async () => {
    await isInPlace('shop-0', 5_000);
    await expectShare(5_000);
    await act('promote', { to: 'next' });
    await isInPlace('shop-0', 20_000);
    await expectShare(20_000);
    let traffic: RoutedTraffic | undefined;
    await eventually(async () => {
      [traffic] = (await read()).rollout.traffic;
      return traffic?.requests === REQUESTS;
    });
    expect(traffic).toMatchObject({ service: 'shop-0', asked: 20_000, fits: 'matches' });
  });

  it('leaves those alone who name a version, and counts them to no share', async () => {
    for (const version of ['v1', 'v2']) {
      const answers = await client.send(Array.from({ length: 100 }, () => ({ [VERSION_HEADER]: version })));
      expect(new Set(answers)).toEqual(new Set([version]));
    }
    await expectShare(20_000);
    await eventually(async () => (await read()).rollout.traffic[0]?.requests === 2 * REQUESTS);
  });

  it('goes on where it was after a restart of the server, and no request fails meanwhile', async () => {
    await world.end();
    await expectShare(20_000);
    await world.start();
    await expectShare(20_000);
    await isInPlace('shop-0', 20_000);
    await act('promote', { to: 'next' });
    await isInPlace('shop-0', 80_000);
    await expectShare(80_000);
  });

  it('takes them back when it is rolled back', async () => {
    await act('rollback', { reason: 'it is slow' });
    await isInPlace('shop-0', 0);
    await expectShare(0);
  });
});

describe('an instance', () => {
  it('gets no more requests once it has left, and none fails', async () => {
    await world.install('shop-1', 'v1');
    const instances = [await world.startInstance('v1'), await world.startInstance('v1')] as const;
    for (const [index, instance] of instances.entries()) await world.register('shop-1', `i${index}`, instance);
    const client = await world.dial('shop-1');
    const answers: string[] = [];
    const sendSome = async (): Promise<void> => {
      answers.push(...(await client.send(Array.from({ length: 50 }, () => ({})))));
    };
    await eventually(async () => {
      await sendSome();
      return instances.every((instance) => instance.answered() > 0);
    });
    const left = await world.api('DELETE', `${world.instancesOf('shop-1')}/i0`);
    expect(left.status).toBe(204);
    await eventually(async () => {
      const before = instances[0].answered();
      await sendSome();
      return instances[0].answered() === before;
    });
    expect(new Set(answers)).toEqual(new Set(['v1']));
  });

  it('is that of the token that registered it: another service can neither move it nor take it out', async () => {
    const path = `${world.instancesOf('shop-2')}/mine`;
    const place = { version: 'v1', address: '127.0.0.1', port: 1 };
    const [mine, other] = [world.token, await world.issue('server')].map((token) => callerOf(world.server.url, token));
    if (mine === undefined || other === undefined) throw new Error('There are two tokens.');
    expect((await mine('PUT', path, place)).status).toBe(200);
    const taken = { status: 409, body: { code: 'INSTANCE_TAKEN' } };
    expect(await other('PUT', path, { ...place, port: 2 })).toMatchObject(taken);
    expect(await other('DELETE', path)).toMatchObject(taken);
    expect(await mine('PUT', path, place)).toMatchObject({ status: 200, body: place });
    expect((await world.api('DELETE', path)).status).toBe(204);
    expect((await other('PUT', path, place)).status).toBe(200);
    expect((await other('DELETE', path)).status).toBe(204);
  });
});

describe('a client that refuses what it is told', () => {
  it('is named where the route stands, until it takes it', async () => {
    await world.install('shop-2', 'v1');
    const client = new DiscoveryClient(world.server.grpcAddress, { token: world.token });
    const names = { typeUrl: ROUTES, resourceNames: ['shop/production/shop-2'] };
    client.say(names);
    await eventually(async () => client.last(ROUTES) !== undefined);
    const responseNonce = client.last(ROUTES)?.nonce ?? '';
    client.say({ ...names, responseNonce, errorDetail: { code: 3, message: 'no route\u0000for me' } });
    await eventually(async () => (await route('shop-2'))?.sentence?.includes('no route for me') ?? false);
    expect((await route('shop-2'))?.sentence).toContain('1 of 1 xDS clients has not taken the route. a-test refuses');
    expect(await route('shop-2')).toMatchObject({ isInPlace: false });
    client.close();
    await eventually(async () => (await route('shop-2'))?.sentence?.startsWith('No xDS client of shop-2') ?? false);
  });
});

describe('who asks where requests go', () => {
  const listeners = (...names: readonly string[]) => ({ typeUrl: LISTENER, resourceNames: [...names] });
  const told = (client: DiscoveryClient): Promise<number> =>
    eventually(async () => client.last(LISTENER) !== undefined).then(
      () => client.last(LISTENER)?.resources.length ?? 0,
    );

  it('is told with a token of the environment alone', async () => {
    await world.install('shop-2', 'v1');
    const mine = new DiscoveryClient(world.server.grpcAddress, { token: world.token });
    mine.say(listeners('shop-2.example'));
    expect(await told(mine)).toBe(1);
    const others = new DiscoveryClient(world.server.grpcAddress, { token: await world.issue('server', 'development') });
    others.say(listeners('shop-2.example'));
    expect(await told(others)).toBe(0);
    for (const token of ['slu_server_nobody', await world.issue('client')]) {
      const refused = new DiscoveryClient(world.server.grpcAddress, { token });
      refused.say(listeners('shop-2.example'));
      expect([Status.UNAUTHENTICATED, Status.PERMISSION_DENIED]).toContain((await refused.status).code);
      refused.close();
    }
    mine.close();
    others.close();
  });

  it('is refused for a token that is none before it has asked anything', async () => {
    const client = new DiscoveryClient(world.server.grpcAddress, { token: 'slu_server_nobody' });
    expect(await client.status).toMatchObject({ code: Status.UNAUTHENTICATED });
    client.close();
  });

  it('is told of open routes alone without one', async () => {
    await world.install('shop-3', 'v1');
    const client = new DiscoveryClient(world.server.grpcAddress);
    client.say(listeners('shop-2.example', 'shop-3.example'));
    expect(await told(client)).toBe(1);
    client.close();
  });

  it('is sent elsewhere while nobody hears of it, and let in again', async () => {
    await world.install('shop-2', 'v1');
    const follow = (): DiscoveryClient => {
      const client = new DiscoveryClient(world.server.grpcAddress, { token: world.token });
      client.say({ typeUrl: ROUTES, resourceNames: ['shop/production/shop-2'] });
      return client;
    };
    const client = follow();
    await eventually(async () => (await route('shop-2'))?.sentence?.startsWith('1 of 1 xDS clients') ?? false);
    // The store has one connection here: who keeps it keeps everybody else away.
    const kept = world.server.app.get(Transactions).run(() => client.status);
    expect(await kept).toMatchObject({ code: Status.UNAVAILABLE });
    await eventually(async () => {
      const again = follow();
      let isRefused = false;
      void again.status.then(() => (isRefused = true));
      await eventually(async () => isRefused || again.last(ROUTES) !== undefined);
      const isLetIn = !isRefused;
      again.close();
      return isLetIn;
    });
    client.close();
  });

  it('hears nothing more once the token is revoked', async () => {
    const made: unknown = await world.must('POST', '/api/v1/tokens', {
      ...{ kind: 'server', name: 'short-lived', project: 'shop', environment: 'production' },
    });
    const { id, secret } = made as { id: string; secret: string }; // as the API says
    const client = new DiscoveryClient(world.server.grpcAddress, { token: secret });
    client.say({ typeUrl: ENDPOINTS, resourceNames: ['shop/production/shop-2@v1'] });
    await eventually(async () => client.last(ENDPOINTS) !== undefined);
    await world.must('DELETE', `/api/v1/tokens/${id}`);
    expect(await client.status).toMatchObject({ code: Status.UNAUTHENTICATED });
    client.close();
  });
});
