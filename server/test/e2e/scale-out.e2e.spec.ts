import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient, type SluiceClient } from '@sluice/sdk';
import { createClient as createSocket } from 'graphql-ws';
import { Redis } from 'ioredis';
import pg from 'pg';
import { WebSocket } from 'ws';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { EventReader } from '../clients/event-reader.js';
import { ADMIN } from '../clients/killable-server.js';
import { startOwnTime } from '../clients/own-time.js';
import { REDIS_PROGRAM, RedisServer } from '../clients/redis-server.js';
import { type Replica, Replicas } from '../clients/replicas.js';
import { WebhookReceiver } from '../clients/webhook-receiver.js';
import { type Arms, bodyOf, ReleasesWorld } from './releases-world.js';
import { type Api } from './start-test-server.js';

// Starts of whole servers, beside other suites on few cores.
jest.setTimeout(120_000);

const PATIENCE_MS = 20_000;
const CONTEXT = { targetingKey: 'ada' };
const metrics = [{ kind: 'failures', name: 'failures' }];
const good: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 1 } };
const harm: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 60 } };

/** Asks until it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`It did not come true: ${isSo.toString()}`);
    await later(10);
  }
}

/** Three servers on one PostgreSQL, and on a Redis that belongs to this suite and that it takes away. */
function describeScaleOut(databaseServer: string, redisProgram: string): void {
  let redis: RedisServer;
  let replicas: Replicas;
  let admin: readonly Api[];
  let world: ReleasesWorld;
  let sdkToken: string;
  let store: pg.Client;
  beforeAll(async () => {
    redis = await RedisServer.start(redisProgram);
    replicas = await Replicas.start(3, {
      databaseServer,
      redisUrl: redis.url,
      settings: { SLUICE_TICK_SECONDS: '0.2' },
    });
    store = new pg.Client({ connectionString: replicas.databaseUrl });
    await store.connect();
    admin = replicas.each.map((replica) => replica.as(ADMIN));
    const [a] = replicas.each as [Replica]; // three were started
    world = await ReleasesWorld.furnish({ api: a.as(ADMIN), as: (token) => a.as(token) });
    sdkToken = (await aToken()).secret;
  });
  afterAll(async () => {
    await store.end();
    await replicas.close();
    await redis.kill();
  });

  const api = (replica: number): Api => admin[replica] ?? replicas.at(replica).as(ADMIN);
  async function aToken(): Promise<{ readonly id: string; readonly secret: string }> {
    const body = { kind: 'server', name: 'sdk', project: 'shop', environment: 'production' };
    return bodyOf(await api(0)('POST', '/api/v1/tokens', body));
  }
  const clients: SluiceClient[] = [];
  const streams: EventReader[] = [];
  /** An SDK on each of the replicas. */
  const sdks = async (): Promise<readonly SluiceClient[]> => {
    const opened = await Promise.all(
      replicas.each.map(({ url }) =>
        createClient({ url, token: sdkToken, cacheDir: false, telemetryIntervalMs: 3_600_000 }),
      ),
    );
    clients.push(...opened);
    return opened;
  };
  const stream = async (replica: number, token = sdkToken): Promise<EventReader> => {
    const headers = { authorization: `Bearer ${token}` };
    const opened = await EventReader.open(`${replicas.at(replica).url}/sdk/v1/stream`, headers);
    expect(await opened.next()).toMatchObject({ event: 'put' });
    streams.push(opened);
    return opened;
  };
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(streams.splice(0).map((opened) => opened.close()));
  });

  const empty = async (): Promise<void> => {
    const other = new Redis(redis.url);
    await other.flushall();
    other.disconnect();
  };
  const readiness = async (replica: number): Promise<unknown> => {
    const [ready, live] = await Promise.all([api(replica)('GET', '/readyz'), api(replica)('GET', '/healthz')]);
    return [ready.status, (ready.body as { readonly status: string }).status, live.status];
  };
  const allAre = (status: 'ok' | 'degraded') =>
    until(async () => {
      const found = await Promise.all(replicas.each.map((_replica, index) => readiness(index)));
      return found.every((each) => JSON.stringify(each) === JSON.stringify([200, status, 200]));
    });
  const set = async (replica: number, flag: string, on: boolean): Promise<void> => {
    const path = `/api/v1/projects/shop/flags/${flag}/environments/production`;
    const body = { on, defaultServe: { variation: 'on' }, offVariation: 'off' };
    expect(await api(replica)('PATCH', path, body, { 'if-match': '*' })).toMatchObject({ status: 200 });
  };
  const serve = (flag: string, value: boolean, all: readonly SluiceClient[]) =>
    until(() => all.every((client) => client.boolean(flag, CONTEXT, !value) === value));
  const aRamp = async (steps: readonly object[]): Promise<{ release: ReleaseView; flag: string }> => {
    const flag = await world.flag();
    const policy = await world.policy({ steps, metrics });
    return { release: bodyOf<ReleaseView>(await world.release(flag, policy)), flag };
  };
  /** Follows changes at a replica: the first that is told, and how the socket was closed. */
  const follow = (replica: number) => {
    const socket = createSocket({
      url: `${replicas.at(replica).url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${ADMIN}` },
      retryAttempts: 0,
    });
    const closed = new Promise<unknown>((resolve) => socket.on('closed', resolve));
    const changes = socket.iterate<{ readonly changes: { readonly topic: string } }>({
      query: 'subscription { changes(project: "shop") { topic } }',
    });
    return { closed, first: changes.next(), dispose: () => socket.dispose() };
  };
  /** Every tick was made once, by one server, however many were woken for it. */
  const expectEachTickOnce = async ({ rollout }: ReleaseView): Promise<void> => {
    const { rows } = await store.query<{ version: number; tick: number }>(
      `SELECT version, (ramp ->> 'tick')::int AS tick FROM rollout WHERE id = $1`,
      [rollout?.id],
    );
    expect(rows).toEqual([{ version: (rows[0]?.tick ?? 0) + 1, tick: expect.any(Number) }]);
  };

  it('a change made through any of them is applied in SDKs on all', async () => {
    const all = await sdks();
    const flag = await world.flag();
    for (const replica of [0, 1, 2]) {
      for (const on of [true, false]) {
        await set(replica, flag, on);
        await serve(flag, on, all);
      }
    }
  });

  it('one that is cut off alone says so, serves on, and has what it missed', async () => {
    const all = await sdks();
    const flag = await world.flag();
    const { redisLink } = replicas.at(2);
    redisLink.cut();
    await until(async () => JSON.stringify(await readiness(2)) === '[200,"degraded",200]');
    expect(await readiness(0)).toEqual([200, 'ok', 200]);
    await set(0, flag, true);
    await serve(flag, true, all);
    // What was changed through the one that is cut off, the others tell each other: it stands in the outbox of all.
    await set(2, flag, false);
    await serve(flag, false, all);
    redisLink.mend();
    await allAre('ok');
    await set(2, flag, true);
    await serve(flag, true, all);
  });

  it('who follows changes at one that was cut off is told to look anew once it hears the others', async () => {
    const { redisLink } = replicas.at(2);
    const follower = follow(2);
    await until(async () => {
      await world.flag();
      return Promise.race([follower.first.then(() => true), later(100, false)]);
    });
    redisLink.cut();
    await until(async () => JSON.stringify(await readiness(2)) === '[200,"degraded",200]');
    redisLink.mend();
    expect(await follower.closed).toMatchObject({ code: 1013, reason: expect.stringContaining('look anew') });
    await follower.dispose();
  });

  it.each<[string, () => Promise<void>]>([
    ['is emptied', () => empty()],
    [
      'dies and comes back empty',
      async () => {
        await redis.kill();
        await allAre('degraded');
        await redis.start();
      },
    ],
  ])('a ramp goes on when Redis %s in the middle of it, and streams stay up', async (_what, befalls) => {
    const watching = await Promise.all([stream(1), stream(2)]);
    const { release, flag } = await aRamp([20_000, 50_000, 100_000].map((share) => ({ share, holdSeconds: 1 })));
    await world.report(release, `flag/${flag}`, good);
    await world.until(release.id, ({ rollout }) => (rollout?.share ?? 0) >= 20_000);
    await befalls();
    const released = await world.until(release.id, ({ rollout }) => rollout?.status !== 'running');
    expect(released).toMatchObject({ status: 'released', attempt: 1, rollout: { share: 100_000 } });
    await expectEachTickOnce(released);
    await allAre('ok');
    // The same connections all the while, which were brought forward step by step and never anew.
    const { rows } = await store.query<{ revision: string }>('SELECT revision FROM environment');
    await until(() => watching.every(({ text }) => text.includes(`\nid: ${rows[0]?.revision}.`)));
    for (const { text, wasCut } of watching) {
      expect([text.match(/^event: put$/gmu)?.length, wasCut]).toEqual([1, false]);
    }
  });

  it('a Redis that hangs is as one that is away', async () => {
    const all = await sdks();
    const flag = await world.flag();
    for (const { redisLink } of replicas.each) redisLink.hang();
    await set(0, flag, true);
    await serve(flag, true, all);
    await allAre('degraded');
    await set(1, flag, false);
    await serve(flag, false, all);
    for (const { redisLink } of replicas.each) redisLink.mend();
    await allAre('ok');
  });

  describe('while Redis is away', () => {
    beforeAll(async () => {
      await redis.kill();
      await allAre('degraded');
    });
    afterAll(async () => {
      await redis.start();
      await allAre('ok');
    });

    it('changes arrive by way of the database', async () => {
      const all = await sdks();
      const flag = await world.flag();
      for (const on of [true, false]) {
        await set(0, flag, on);
        await serve(flag, on, all);
      }
    });

    it('who follows changes is sent to look anew every few seconds, for nobody tells of any', async () => {
      const followers = [follow(0), follow(1)];
      for (const { first } of followers) first.catch(() => undefined);
      for (const { closed, dispose } of followers) {
        expect(await closed).toMatchObject({ code: 1013, reason: expect.stringContaining('look anew') });
        await dispose();
      }
    });

    it('ramps move, and a harmful one is rolled back', async () => {
      const moving = await aRamp([{ share: 20_000, holdSeconds: 1 }, { share: 100_000 }]);
      const harmful = await aRamp([{ share: 20_000, holdSeconds: 3_600 }, { share: 100_000 }]);
      await world.report(moving.release, `flag/${moving.flag}`, good);
      await world.report(harmful.release, `flag/${harmful.flag}`, harm);
      const isOver = ({ rollout }: ReleaseView): boolean => rollout?.status !== 'running';
      const released = await world.until(moving.release.id, isOver);
      const rolledBack = await world.until(harmful.release.id, isOver);
      expect([released.status, rolledBack.status]).toEqual(['released', 'rolledBack']);
      for (const release of [released, rolledBack]) await expectEachTickOnce(release);
    });

    it('a kill switch and a revocation are heard everywhere within about a second', async () => {
      const { id, secret } = await aToken();
      const [all, watching] = [await sdks(), await stream(1, secret)];
      const flag = await world.flag();
      await set(0, flag, true);
      await serve(flag, true, all);
      const ownTime = startOwnTime();
      await set(0, flag, false);
      await serve(flag, false, all);
      expect(await api(0)('DELETE', `/api/v1/tokens/${id}`)).toMatchObject({ status: 200 });
      await watching.ended();
      // One sweep of a second for the flag and one of half a second for the token, on a machine that has others to serve.
      expect(ownTime()).toBeLessThan(5_000);
      expect((await replicas.at(2).as(secret)('GET', '/sdk/v1/snapshot')).status).toBe(401);
    });

    it('limits hold, of each server alone', async () => {
      const refused = await Promise.all(
        Array.from({ length: 31 }, () => replicas.at(1).as(`slu_server_${'x'.repeat(43)}`)('GET', '/sdk/v1/snapshot')),
      );
      expect(refused.filter(({ status }) => status === 429)).toHaveLength(1);
    });

    it('another one starts, and is ready with the others when Redis is back', async () => {
      const newcomer = await replicas.add();
      expect((await newcomer.as(undefined)('GET', '/readyz')).body).toMatchObject({
        status: 'degraded',
        detail: expect.stringContaining('Redis'),
      });
      expect((await newcomer.as(sdkToken)('GET', '/sdk/v1/snapshot')).status).toBe(200);
      await redis.start();
      await allAre('ok');
      const all = await sdks();
      const flag = await world.flag();
      await set(3, flag, true);
      await serve(flag, true, all);
    });
  });

  it('a token that is revoked on one is refused on all within a second, and its streams end', async () => {
    const { id, secret } = await aToken();
    const watching = await Promise.all([0, 1, 2].map((replica) => stream(replica, secret)));
    const ownTime = startOwnTime();
    expect(await api(0)('DELETE', `/api/v1/tokens/${id}`)).toMatchObject({ status: 200 });
    await Promise.all(watching.map((opened) => opened.ended()));
    expect(ownTime()).toBeLessThan(1_000);
    for (const replica of replicas.each) {
      expect((await replica.as(secret)('GET', '/sdk/v1/snapshot')).status).toBe(401);
    }
  });

  it('a POST that is sent to all of them with one key is done once', async () => {
    const key = { 'idempotency-key': `"${randomUUID()}"` };
    const body = { kind: 'admin', name: `once-${randomUUID()}` };
    const answers = await Promise.all(
      [0, 1, 2, 0, 1, 2].map(async (replica) => {
        for (;;) {
          const answer = await api(replica)('POST', '/api/v1/tokens', body, key);
          // Another one of them is at it.
          if (answer.status !== 409) return answer;
          await later(20);
        }
      }),
    );
    const ids = answers.map((answer) => [answer.status, bodyOf<{ readonly id: string }>(answer).id]);
    expect(new Set(ids.map(String)).size).toBe(1);
    const { rows } = await store.query('SELECT 1 FROM access_token WHERE name = $1', [body.name]);
    expect(rows).toHaveLength(1);
  });

  it('what happens is sent to a webhook once, and a report that comes to all is counted once', async () => {
    const receiver = await WebhookReceiver.listen();
    await api(0)('POST', '/api/v1/projects/shop/webhooks', { url: receiver.url('/once') });
    const { release, flag } = await aRamp([{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }]);
    await until(() => receiver.at('/once').some(({ body }) => body.includes('release.started')));
    const now = new Date().toISOString();
    const batch = {
      batchId: randomUUID(),
      instance: { id: 'i', name: 'shop-1', sdk: 'test', revision: 1_000_000, revisionAppliedAt: now },
      from: now,
      to: now,
      evaluations: [{ flag, variation: 'off', count: 7, lastAt: now }],
      measurements: [],
    };
    const answers = await Promise.all(
      replicas.each.map((replica) => replica.as(sdkToken)('POST', '/sdk/v1/telemetry', batch)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const duplicates = answers.map((answer) => bodyOf<{ readonly duplicate: boolean }>(answer).duplicate);
    expect(duplicates.filter((isDuplicate) => !isDuplicate)).toHaveLength(1);
    // A later event, behind which nothing of the earlier ones can still be under way.
    expect((await world.command(release.id, 'abort', { reason: 'over' })).status).toBeLessThan(300);
    await until(() => receiver.at('/once').some(({ body }) => body.includes('release.aborted')));
    const ids = receiver.at('/once').map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([...new Set(ids)]);
    await receiver.close();
  });

  it('failed attempts are counted together', async () => {
    await empty();
    const guess = (replica: number) =>
      replicas.at(replica).as(`slu_server_${'y'.repeat(43)}`)('GET', '/sdk/v1/snapshot');
    const statuses: number[] = [];
    for (let count = 0; count < 33; count += 1) statuses.push((await guess(count % 3)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    expect(statuses.slice(30)).toEqual([429, 429, 429]);
  });
}

describe('Three servers', () => {
  const databaseServer = process.env['TEST_DATABASE_URL'] ?? '';
  if (databaseServer !== '' && REDIS_PROGRAM !== undefined) describeScaleOut(databaseServer, REDIS_PROGRAM);
  else it.skip('are skipped: TEST_DATABASE_URL is not set, or redis-server is not installed', () => undefined);
});
