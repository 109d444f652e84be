import { randomUUID } from 'node:crypto';
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from '@sluice/sdk';
import pg from 'pg';
import { PATIENCE } from '../../src/platform/prisma/postgres-connection.js';
import { ADMIN } from '../clients/killable-server.js';
import { BEACON, BEACON_VALUES, FaultWorld, PROJECT } from './fault-world.js';
import { faultsOf } from './history.js';
import { askWith, Observers, SILENT, Writers } from './load.js';
import { Ramp, readyOf, SHARES } from './ramp.js';
import type { Replica } from './replica.js';
import { listAll, StoreRecord } from './store-record.js';
import { recordFaults } from './write-record.js';

// Starts of whole servers, beside other suites on few cores.
jest.setTimeout(240_000);

/** `npm run test:faults` takes the times and numbers that happen to people; `npm test` what shows the same sooner. */
const isFull = process.env['SLUICE_FAULTS'] === 'full';
/** Longer than a job or a lock is held for somebody who says nothing. */
const STOOD_STILL_MS = isFull ? 30_000 : 7_000;
const REDIS_AWAY_MS = isFull ? 60_000 : 4_000;
const CUT_OFF_MS = isFull ? 30_000 : 5_000;
const CROWD = isFull ? 10_000 : 1_500;
const SLOW_READERS = isFull ? 500 : 100;
const OBSERVERS = 6;
const SKEW_MS = 60_000;
const AGREED_MS = 30_000;
/** In which a server answers whatever its database does. */
const ANSWER_MS = 5_000;
const CROWD_BACK_MS = 60_000;
const ROLLED_BACK_MS = 90_000;
/** In which everybody who waited for the store has had a turn. */
const TURN_MS = 10_000;
/** More than a replica needs for everybody who reads nothing; less than what they were sent. */
const SLOW_READERS_BYTES = 300 * 1024 * 1024;

let world: FaultWorld;
let token: string;
let stored: StoreRecord;
let writers: Writers;
let observers: Observers;

beforeAll(async () => {
  world = await FaultWorld.start();
  token = await world.furnish();
  stored = await StoreRecord.open(world.postgres.urlOf('postgres'));
  observers = await Observers.connect(world.balancer.url, token, { flag: BEACON, count: OBSERVERS });
  writers = new Writers(askWith(ADMIN), world.urls, { project: PROJECT, flag: BEACON, values: BEACON_VALUES });
});
afterAll(async () => {
  await writers.stop();
  await observers.close();
  await world.close();
});

/** Begins a ramp and waits until it is in the middle. */
async function aRampUnderWay(key: string): Promise<Ramp> {
  const apis = world.replicas.map((replica) => world.apiOf(replica));
  const ramp = await Ramp.begin(apis, key, world.metrics.url);
  await ramp.until(({ rollout }) => (rollout?.share ?? 0) >= (SHARES[1] ?? 0));
  return ramp;
}

/**
 * Loses a replica's connections to the database while one of them holds what all writers wait for. Its own callers hear of
 * that only when it gives the connections up (`settled`), which takes longer than the others wait.
 */
async function loseAmidWrite({ link, url }: Replica): Promise<{ lostMs: number; settled: Promise<unknown> }> {
  const store = new pg.Client({ connectionString: world.postgres.urlOf('postgres') });
  await store.connect();
  const holds = async (): Promise<boolean> => {
    const { rowCount } = await store.query(
      `SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND granted AND state = 'idle in transaction' AND client_port = ANY ($1)`,
      [link.ports],
    );
    return rowCount !== 0;
  };
  let isLost = false;
  const write = async (): Promise<void> => {
    while (!isLost) {
      const body = { key: `amid-${randomUUID()}`, type: 'boolean' };
      await askWith(ADMIN)(url, 'POST', `/projects/${PROJECT}/flags`, body);
    }
  };
  const writing = Promise.all([write(), write(), write()]);
  for (;;) {
    link.hang();
    // What was under way to the database has arrived by then.
    await later(50);
    if (await holds()) break;
    link.mend();
    await later(20);
  }
  isLost = true;
  link.lose();
  link.mend();
  const lostMs = Date.now();
  await store.end();
  return { lostMs, settled: writing };
}

/** It reached everybody, by every step once and in order, on verdicts that anybody finds again. */
async function expectReleased(ramp: Ramp): Promise<void> {
  const released = await ramp.until(({ status }) => status !== 'running' && status !== 'holding');
  expect(released).toMatchObject({ status: 'released', attempt: 1, reason: { code: 'PROMOTED_ON_EVIDENCE' } });
  expect(await ramp.raised()).toEqual(SHARES.slice(1));
  expect(await ramp.differences()).toEqual([]);
}

/** So far everybody saw what is stored, at the revision that it was stored at. */
async function expectWholeHistory(): Promise<void> {
  // First, for whatever was seen is stored, and more is with every moment.
  const sightings = [...observers.sightings];
  const api = await readyOf(world.replicas.map((replica) => world.apiOf(replica)));
  const changes = await stored.changes(api);
  expect(faultsOf({ initial: 0, stored: changes, newest: await stored.newest(), sightings })).toEqual([]);
}

describe('three replicas under load', () => {
  it('one is killed in the middle of a ramp and of writes: the others carry on, and it comes back', async () => {
    const ramp = await aRampUnderWay('killed');
    await world.replicas[0].kill();
    await expectReleased(ramp);
    await world.replicas[0].start();
    await expectWholeHistory();
  });

  it('PostgreSQL crashes and comes back: nothing that was accepted is lost', async () => {
    const ramp = await aRampUnderWay('postgres-crashed');
    await world.postgres.stop('SIGQUIT');
    await later(1_000);
    await world.postgres.start();
    await expectReleased(ramp);
    await Promise.all(world.replicas.map((replica) => replica.ready()));
    await expectWholeHistory();
  });

  it('Redis is away and comes back empty: ramps move and changes arrive meanwhile', async () => {
    const ramp = await aRampUnderWay('redis-away');
    await world.redis.kill();
    const seen = observers.sightings.length;
    await later(REDIS_AWAY_MS);
    expect(observers.sightings.length).toBeGreaterThan(seen);
    await world.redis.start();
    await expectReleased(ramp);
    await expectWholeHistory();
  });

  it('one stands still and wakes with what it knew: it moves nothing back, and repeats nothing', async () => {
    const ramp = await aRampUnderWay('stood-still');
    world.replicas[1].pause();
    await later(STOOD_STILL_MS);
    world.replicas[1].resume();
    await expectReleased(ramp);
    await expectWholeHistory();
  });

  it('a roll back that everybody asks for, one of them late, is done once', async () => {
    const ramp = await aRampUnderWay('rolled-back');
    // Where the one that stands still holds what writers wait for, they are told to come again, and do.
    const end = Date.now() + ROLLED_BACK_MS;
    const rollBack = async (replica: Replica): Promise<number> => {
      for (;;) {
        const reason = 'carts are empty';
        const answer = await world.apiOf(replica)('POST', `/api/v1/releases/${ramp.id}/rollback`, { reason });
        const isBusy = answer.status === 503 && (answer.body as { readonly code: string }).code === 'STORE_BUSY';
        if (!isBusy || Date.now() > end) return answer.status;
        await later(100);
      }
    };
    world.replicas[2].pause();
    const asked = Promise.all(world.replicas.map(rollBack));
    const rolled = await ramp.until(({ status }) => status === 'rolledBack').finally(() => world.replicas[2].resume());
    const statuses = await asked;
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    const ends = (await ramp.record()).filter(({ action }) => action === 'release.rolledBack');
    expect(ends).toHaveLength(1);
    expect(rolled.attempt).toBe(1);
    const raised = await ramp.raised();
    expect(raised).toEqual(SHARES.slice(1, 1 + raised.length));
    expect(await ramp.differences()).toEqual([]);
    const flag = await world.apiOf(world.replicas[0])(
      'GET',
      `/api/v1/projects/${PROJECT}/flags/rolled-back/environments/production`,
    );
    expect(flag.body).toMatchObject({ on: false });
    await expectWholeHistory();
  });

  it('one’s clock is a minute ahead and another’s a minute behind: they keep to the database’s', async () => {
    const [ahead, behind] = world.replicas;
    await Promise.all([ahead.kill(), behind.kill()]);
    await Promise.all([ahead.start({ skewMs: SKEW_MS }), behind.start({ skewMs: -SKEW_MS })]);
    const begunMs = Date.now();
    const ramp = await aRampUnderWay('skewed');
    await expectReleased(ramp);
    for (const { at } of await ramp.record()) {
      expect(Date.parse(at)).toBeGreaterThan(begunMs - SKEW_MS / 2);
      expect(Date.parse(at)).toBeLessThan(Date.now() + SKEW_MS / 2);
    }
    // All steps but the last are held for a second, by the clock of somebody who has no part in it.
    expect(Date.now() - begunMs).toBeGreaterThan(1_000 * (SHARES.length - 1));
    await Promise.all([ahead.kill(), behind.kill()]);
    await Promise.all([ahead.start(), behind.start()]);
    await expectWholeHistory();
  });

  it('one is cut off from the database, silently: the others move, and it serves what it has', async () => {
    const ramp = await aRampUnderWay('cut-off');
    const { link, url } = world.replicas[2];
    const asked = async (path: string): Promise<number> => {
      const signal = AbortSignal.timeout(ANSWER_MS);
      return (await fetch(url + path, { headers: { authorization: `Bearer ${token}` }, signal })).status;
    };
    expect([await asked('/readyz'), await asked('/sdk/v1/snapshot')]).toEqual([200, 200]);
    link.hang();
    for (const end = Date.now() + CUT_OFF_MS; Date.now() < end; await later(500)) {
      expect([await asked('/readyz'), await asked('/sdk/v1/snapshot')]).toEqual([503, 200]);
    }
    link.cut();
    link.mend();
    await expectReleased(ramp);
    await world.replicas[2].ready();
    await expectWholeHistory();
  });

  it('one vanishes in the middle of a write: the others write on within the bound, and it comes back', async () => {
    const [vanished, ...others] = world.replicas;
    const { lostMs, settled } = await loseAmidWrite(vanished);
    const write = (replica: Replica): Promise<number | undefined> =>
      askWith(ADMIN)(replica.url, 'POST', `/projects/${PROJECT}/flags`, {
        key: `after-${randomUUID()}`,
        type: 'boolean',
      });
    for (const replica of others) while ((await write(replica)) !== 201) await later(100);
    expect(Date.now() - lostMs).toBeLessThan(PATIENCE.statementMs + PATIENCE.idleTransactionMs + TURN_MS);
    await settled;
    await vanished.ready();
    while ((await write(vanished)) !== 201) await later(100);
    await expectWholeHistory();
  });

  it('nothing is known of the candidate while a replica ends: no share is raised until something is', async () => {
    const ramp = await aRampUnderWay('not-known');
    world.metricsKnown = false;
    const held = await ramp.until(({ reason, status }) => status === 'holding' && reason.code === 'COULD_NOT_ASK');
    const before = await ramp.raised();
    await world.replicas[1].kill();
    await later(2_000);
    expect(await ramp.raised()).toEqual(before);
    expect((await ramp.read()).rollout?.share).toBe(held.rollout?.share);
    world.metricsKnown = true;
    await world.replicas[1].start();
    await expectReleased(ramp);
    await expectWholeHistory();
  });

  it('many read nothing of their streams: they cost no more than a bound, and nobody else anything', async () => {
    const [replica] = world.replicas;
    const before = replica.residentBytes();
    const sockets: Socket[] = [];
    const { host, hostname, port } = new URL(replica.url);
    for (let n = 0; n < SLOW_READERS; n += 1) {
      const socket = connect(Number(port), hostname);
      socket.pause();
      socket.on('error', () => undefined);
      socket.write(`GET /sdk/v1/stream HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      sockets.push(socket);
    }
    const seen = observers.sightings.length;
    await later(5_000);
    expect(observers.sightings.length).toBeGreaterThan(seen);
    expect(replica.residentBytes() - before).toBeLessThan(SLOW_READERS_BYTES);
    for (const socket of sockets) socket.destroy();
    await expectWholeHistory();
  });

  it('a crowd of SDKs loses its replica and comes back at once to another: all are served, and others still are', async () => {
    const [lost, other] = world.replicas;
    const program = fileURLToPath(new URL('sdk-crowd.ts', import.meta.url));
    const crowd = fork(program, [token, String(CROWD), lost.url, other.url], { execArgv: [] });
    try {
      await heard(crowd, ({ connected }) => connected === CROWD);
      await lost.kill();
      await heard(crowd, ({ connected }) => connected < CROWD / 2);
      await heard(crowd, ({ connected }) => connected === CROWD);
      const answer = await world.apiOf(other)('GET', `/api/v1/projects/${PROJECT}/flags/${BEACON}`);
      expect(answer.status).toBe(200);
    } finally {
      crowd.disconnect();
    }
    await lost.start();
    await expectWholeHistory();
  });

  it('a disk is full where an SDK keeps its snapshot: it serves what it hears, and leaves no half a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-full-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'none', folder]).status === 0;
    try {
      // Of 8 kB nothing is left for a snapshot; who may not mount anything takes a folder that is none.
      const cacheDir = mounted ? folder : '/dev/full/sluice';
      const client = await createClient({ url: world.balancer.url, token, cacheDir, logger: SILENT });
      expect(client.state).toBe('ready');
      const { revision } = client;
      await new Promise<void>((resolve) => client.on('changed', () => resolve()));
      expect(client.revision).toBeGreaterThan(revision ?? 0);
      expect(client.number(BEACON, { targetingKey: 'ada' }, -1)).toBeGreaterThanOrEqual(0);
      await client.close();
      if (mounted) expect(await readdir(folder)).toEqual([]);
    } finally {
      if (mounted) spawnSync('umount', ['-l', folder]);
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('afterwards every accepted write is there, the audit log is whole, and everybody serves the same', async () => {
    await writers.stop();
    const { created, writes } = writers;
    const api = world.apiOf(world.replicas[1]);
    const changes = await stored.changes(api);
    const settings = await api('GET', `/api/v1/projects/${PROJECT}/flags/${BEACON}/environments/production`);
    const { defaultServe } = settings.body as { readonly defaultServe: { readonly variation: string } };
    const value = Number(defaultServe.variation.slice(1));
    expect(value).toBe(changes.at(-1)?.after);
    await observers.agree(value, AGREED_MS);

    const flags = await listAll<{ readonly key: string }>(api, `/api/v1/projects/${PROJECT}/flags`);
    const keys = new Set(flags.map(({ key }) => key));
    expect(created.length).toBeGreaterThan(20);
    expect(created.filter((key) => !keys.has(key))).toEqual([]);
    expect((await api('GET', '/api/v1/audit/verify')).body).toMatchObject({ isIntact: true });
    expect(recordFaults(writes, await stored.entries(api))).toEqual([]);
    await expectWholeHistory();
    expect(observers.sightings.length).toBeGreaterThan(changes.length);
  });
});

interface Crowd {
  readonly connected: number;
}

/** Waits until a crowd tells what is expected of it. */
function heard(crowd: ChildProcess, isSo: (told: Crowd) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: Crowd | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      crowd.off('message', listen);
    };
    const listen = (told: unknown): void => {
      last = told as Crowd; // what sdk-crowd.ts sends
      if (!isSo(last)) return;
      stop();
      resolve();
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`The crowd is ${JSON.stringify(last)}.`));
    }, CROWD_BACK_MS);
    crowd.on('message', listen);
  });
}
