import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { RunningServer } from '../../src/start-server.js';
import { XdsRouter } from '../../src/traffic/xds/xds-router.adapter.js';
import { XdsStates } from '../../src/traffic/xds/xds-states.service.js';
import { CLUSTER, ENDPOINTS, LISTENER, ROUTES } from '../../src/traffic/xds/xds-names.js';
import { createDatabase, onPostgres } from '../contracts/databases.js';
import { eventually } from '../traffic/eventually.js';
import { DiscoveryClient } from '../xds/discovery-client.js';
import { routeOf } from '../xds/xds-in-use.js';
import type { XdsProcess } from '../xds/xds-process.js';
import { XdsWorld } from '../xds/xds-world.js';

// Two servers and two clients, beside other suites on few cores.
jest.setTimeout(240_000);

/** Two servers on one PostgreSQL without Redis: they hear of each other's changes from the store alone. */
onPostgres((databaseServer) => {
  let database: { readonly url: string; readonly drop: () => Promise<void> };
  let world: XdsWorld;
  let replica: RunningServer;
  let router: XdsRouter;
  let clients: readonly XdsProcess[];

  beforeAll(async () => {
    database = await createDatabase(databaseServer);
    world = await XdsWorld.open({ changed: [{ timeoutMs: 20_000 }], settings: { DATABASE_URL: database.url } });
    replica = await world.replica();
    const [route, states] = [routeOf(world, 'shop-0'), world.server.app.get(XdsStates)];
    // Never reported as installed: no release moves it.
    await states.save(route, { arms: { stable: 'v1', candidate: 'v2' }, home: 'stable', share: 0, version: 0 });
    router = new XdsRouter(route, states);
    for (const version of ['v1', 'v2']) {
      await world.register('shop-0', version, await world.startInstance(version));
    }
    clients = await Promise.all([
      world.dial('shop-0', { node: 'of-the-first' }),
      world.dial('shop-0', { node: 'of-the-second', server: replica.grpcAddress }),
    ]);
    await Promise.all(clients.map((client) => client.send([{}])));
  });
  afterAll(async () => {
    await replica.close();
    await world.close();
    await database.drop();
  });

  const versionsOf = async (client: XdsProcess): Promise<ReadonlySet<string>> =>
    new Set(await client.send(Array.from({ length: 60 }, () => ({}))));

  it('a share is in place once the clients of both replicas have it', async () => {
    await eventually(async () => (await router.asked().catch(() => undefined)) === 0);
    expect(await router.shift(100_000)).toEqual({ kind: 'shifted', from: 0, share: 100_000 });
    for (const client of clients) expect(await versionsOf(client)).toEqual(new Set(['v2']));
    expect(await router.shift(0)).toEqual({ kind: 'shifted', from: 100_000, share: 0 });
    for (const client of clients) expect(await versionsOf(client)).toEqual(new Set(['v1']));
  });

  it('both count', async () => {
    // What was sent before may be reported yet; it counts in the generation that it was sent in.
    for (const share of [100_000, 0]) expect(await router.shift(share)).toMatchObject({ kind: 'shifted' });
    for (const client of clients) await versionsOf(client);
    await eventually(async () => (await router.counts()).stable === 120);
  });

  it('both tell the same, to the byte', async () => {
    const both = [world.server.grpcAddress, replica.grpcAddress].map(
      (address) => new DiscoveryClient(address, { token: world.token }),
    );
    const asked = [
      [CLUSTER, []],
      [ENDPOINTS, ['shop/production/shop-0@v1', 'shop/production/shop-0@v2']],
      [LISTENER, ['shop-0.example']],
    ] as const;
    for (const client of both) {
      for (const [typeUrl, names] of asked) client.say({ typeUrl, resourceNames: [...names] });
    }
    for (const [typeUrl] of asked) {
      await eventually(async () => both.every((client) => client.last(typeUrl) !== undefined));
      const [first, second] = both.map((client) => client.last(typeUrl));
      expect(first?.resources.length).toBeGreaterThan(0);
      expect(second).toMatchObject({ versionInfo: first?.versionInfo, resources: first?.resources });
    }
    // Who takes all clusters is told of routes once it has what they lead to.
    for (const client of both) {
      expect(client.last(ROUTES)).toBeUndefined();
      for (const [typeUrl, names] of asked) {
        client.say({ typeUrl, resourceNames: [...names], responseNonce: client.last(typeUrl)?.nonce ?? '' });
      }
      client.say({ typeUrl: ROUTES, resourceNames: ['shop/production/shop-0'] });
    }
    await eventually(async () => both.every((client) => client.last(ROUTES) !== undefined));
    const [first, second] = both.map((client) => client.last(ROUTES));
    expect(second).toMatchObject({ versionInfo: first?.versionInfo, resources: first?.resources });
    for (const client of both) client.close();
  });

  it('one that ends takes nobody along: its clients go on as they were', async () => {
    await replica.close();
    const [, orphan] = clients;
    if (orphan === undefined) throw new Error('There are two clients.');
    expect(await versionsOf(orphan)).toEqual(new Set(['v1']));
    await eventually(async () => (await router.asked().catch(() => undefined)) === 0);
  });
});
