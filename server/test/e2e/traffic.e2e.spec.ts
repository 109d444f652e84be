import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrafficRoute } from '../../src/platform/config/traffic.js';
import type { RoutedTraffic } from '../../src/rollouts/index.js';
import type { RouteView } from '../../src/traffic/route-view.js';
import type { RouterInUse } from '../contracts/traffic-router-contract.js';
import { aDigest } from '../builders/a-service.js';
import { eventually } from '../traffic/eventually.js';
import { openHaproxy } from '../traffic/haproxy-in-use.js';
import { openNginx } from '../traffic/nginx-in-use.js';
import { type Api, startTestServer } from './start-test-server.js';

const TIMEOUT_MS = 120_000;
const REQUESTS = 2_000;
/** As many as the product asks for: 200 ms of them, where nginx keeps its old workers for 100 ms. */
const ANSWERS_IN_A_ROW = 10;

/** What these tests look at of answers. */
interface Release {
  readonly status: string;
  readonly rollout: {
    readonly phase: string;
    readonly reason: { readonly sentence: string };
    readonly traffic: readonly RoutedTraffic[];
  };
}
interface Said {
  readonly id: string;
  readonly detail?: string;
  readonly items: readonly RouteView[];
}

type RoutedInUse = RouterInUse & { readonly route: TrafficRoute };

const programs: readonly (readonly [string, string, (program: string) => Promise<RoutedInUse>])[] = [
  ['HAProxy', 'TEST_HAPROXY', (program) => openHaproxy(program)],
  ['nginx', 'TEST_NGINX', (program) => openNginx(program)],
];

describe.each(programs)('a release of a service behind %s', (_name, variable, open) => {
  const program = process.env[variable];
  if (program === undefined || program === '') {
    it.skip(`is skipped: ${variable} is not set`, () => undefined);
    return;
  }

  const directory = mkdtempSync(join(tmpdir(), 'sluice-routes-'));
  const closing: (() => Promise<void>)[] = [];
  let inUse: RoutedInUse;
  let api: Api;
  let users = 0;

  beforeAll(async () => {
    inUse = await open(program);
    closing.push(() => inUse.close());
    const file = join(directory, 'traffic.json');
    // Without the map's file HAProxy forgets its share in a restart.
    const { mapFile: _mapFile, ...route } = { mapFile: undefined, ...inUse.route };
    writeFileSync(file, JSON.stringify({ routes: [route] }));
    const server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2', SLUICE_TRAFFIC_FILE: file });
    closing.push(() => server.close());
    api = server.api;
    await api('POST', '/api/v1/projects', { key: 'shop' });
    for (const [version, letter] of [...VERSIONS]) await install(version, letter);
    const document = { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] };
    const { status } = await api('POST', '/api/v1/projects/shop/policies', { key: 'two', name: 'two', document });
    expect(status).toBe(201);
  }, TIMEOUT_MS);
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
    rmSync(directory, { recursive: true, force: true });
  }, TIMEOUT_MS);

  const install = async (version: string, letter: string): Promise<void> => {
    const report = { service: 'checkout', environment: 'production', version, digest: aDigest(letter) };
    expect((await api('POST', '/api/v1/projects/shop/deployments', report)).status).toBe(201);
  };
  const release = async (version: string): Promise<string> => {
    const changes = [{ kind: 'service', service: 'checkout', version, digest: aDigest(VERSIONS.get(version)) }];
    const place = { project: 'shop', environment: 'production', policy: 'two' };
    const answer = await api('POST', '/api/v1/releases', { ...place, changes, start: true });
    const { id, detail } = answer.body as Said;
    expect([answer.status, detail]).toEqual([201, undefined]);
    return id;
  };
  const act = async (id: string, verb: string, body?: object): Promise<void> => {
    expect((await api('POST', `/api/v1/releases/${id}/${verb}`, body)).status).toBe(200);
  };
  const read = async (id: string) => (await api('GET', `/api/v1/releases/${id}`)).body as Release;
  const route = async () => ((await api('GET', '/api/v1/projects/shop/traffic')).body as Said).items[0];
  const counted = async (id: string): Promise<RoutedTraffic | undefined> => {
    let traffic: RoutedTraffic | undefined;
    await eventually(async () => {
      [traffic] = (await read(id)).rollout.traffic;
      return traffic?.requests === REQUESTS;
    });
    return traffic;
  };
  /** Waits until that share alone is answered: nginx's old workers answer beside the new ones for a while. */
  const asks = async (share: number): Promise<void> => {
    let inARow = 0;
    await eventually(async () => {
      inARow = (await inUse.router.asked()) === share ? inARow + 1 : 0;
      return inARow === ANSWERS_IN_A_ROW;
    });
  };
  const isWatched = (id: string) =>
    eventually(async () => {
      const { rollout } = await read(id);
      return rollout.phase === 'watching';
    });
  const waitsFor = (id: string, words: string) =>
    eventually(async () => {
      const { rollout } = await read(id);
      return rollout.phase === 'reaching' && rollout.reason.sentence.includes(words);
    });
  /** What a tenth of the requests and no other share would answer, in thousandths of a percent. */
  const isATenth = (actual: number | null | undefined): boolean =>
    Math.abs((actual ?? 0) - 10_000) < 5 * 100_000 * Math.sqrt(0.09 / REQUESTS);
  const sendAll = () => inUse.send(Array.from({ length: REQUESTS }, () => `user-${(users += 1)}`));

  it('is rolled back within the router too', async () => {
    await asks(0);
    const id = await release('v2');
    await asks(10_000);
    await isWatched(id);
    await sendAll();
    const traffic = await counted(id);
    expect(traffic).toMatchObject({ service: 'checkout', asked: 10_000, fits: 'matches' });
    expect(isATenth(traffic?.actual)).toBe(true);
    await act(id, 'rollback', { reason: 'it is slow' });
    await asks(0);
    expect(new Set(await sendAll())).toEqual(new Set(['stable']));
  });

  it('waits for the candidate to be up, and goes on then', async () => {
    await inUse.setUp('candidate', false);
    const id = await release('v3');
    await waitsFor(id, 'The candidate arm has no capacity: 0 of 1 servers are up');
    expect(await inUse.router.asked()).toBe(0);
    await inUse.setUp('candidate', true);
    await asks(10_000);
    await isWatched(id);
    await act(id, 'rollback', { reason: 'enough' });
    await asks(0);
  });

  it('heals a router that died in the middle, and goes on only then', async () => {
    const id = await release('v4');
    await asks(10_000);
    await isWatched(id);
    await inUse.kill();
    await act(id, 'promote', { to: 'next' });
    await waitsFor(id, 'The router of checkout does not have the share.');
    await inUse.start();
    await asks(100_000);
    await eventually(async () => (await read(id)).status === 'released');
    expect(new Set(await sendAll())).toEqual(new Set(['candidate']));
  });

  it('leaves everybody where the released version is, and ramps the next one on the other side', async () => {
    await eventually(async () => (await route())?.isInPlace === true);
    expect(await route()).toMatchObject({
      arms: { candidate: 'v4' },
      home: 'candidate',
      idle: 'stable',
      share: 100_000,
    });
    expect(await inUse.router.asked()).toBe(100_000);
    const id = await release('v5');
    await asks(90_000);
    await isWatched(id);
    await sendAll();
    const traffic = await counted(id);
    expect(traffic).toMatchObject({ asked: 10_000, fits: 'matches' });
    expect(isATenth(traffic?.actual)).toBe(true);
    await act(id, 'rollback', { reason: 'enough' });
    await asks(100_000);
  });
});

const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['v1', '1'],
  ['v2', '2'],
  ['v3', '3'],
  ['v4', '4'],
  ['v5', '5'],
]);
