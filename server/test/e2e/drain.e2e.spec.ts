import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createClient, type SluiceClient } from '@sluice/sdk';
import { parseConfig } from '../../src/platform/config/config.js';
import { bearer, ControlPlane, type LiveEnvironment } from '../clients/control-plane.js';
import { EventReader } from '../clients/event-reader.js';
import { SwitchingProxy } from '../clients/switching-proxy.js';
import { createDatabase } from '../contracts/databases.js';

const STREAMS = 200;
const LEAD_SECONDS = 1;
const DRAIN_SECONDS = 5;
/** Of 200 in five seconds four leave in a tenth of a second; a busy machine, and pauses of clients, bring some together. */
const MOST_AT_ONCE = 50;
const STREAM = '/sdk/v1/stream';
const CONTEXT = { targetingKey: 'ann' };

/** The most of them in a tenth of a second, wherever that begins. */
function peak(timesMs: readonly number[]): number {
  const sorted = [...timesMs].sort((one, other) => one - other);
  return Math.max(...sorted.map((start, index) => sorted.slice(index).filter((time) => time < start + 100).length));
}

/** Many services that ask a flag all the time, and what they met. */
class Fleet {
  readonly answers = new Map<unknown, number>();
  readonly troubles: string[] = [];
  private isOver = false;

  private constructor(
    readonly clients: readonly SluiceClient[],
    private readonly asking: { done: Promise<void> | undefined },
  ) {}

  static async start(url: string, live: LiveEnvironment): Promise<Fleet> {
    const options = { url, token: live.tokens.server.secret, cacheDir: false, initTimeoutMs: 60_000 } as const;
    const clients = await Promise.all(Array.from({ length: STREAMS }, () => createClient(options)));
    const fleet = new Fleet(clients, { done: undefined });
    for (const client of clients) {
      for (const trouble of ['error', 'stale'] as const) client.on(trouble, () => fleet.troubles.push(trouble));
    }
    fleet.asking.done = fleet.ask();
    return fleet;
  }

  async until(isSo: (client: SluiceClient) => boolean): Promise<void> {
    const end = Date.now() + 60_000;
    while (!this.clients.every(isSo)) {
      if (Date.now() > end) throw new Error(`Only ${this.clients.filter(isSo).length} of ${STREAMS} came to it.`);
      await later(20);
    }
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.asking.done;
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private async ask(): Promise<void> {
    for (; !this.isOver; await later(10)) {
      for (const client of this.clients) {
        const value = client.boolean('on-for-all', CONTEXT, false);
        this.answers.set(value, (this.answers.get(value) ?? 0) + 1);
      }
    }
  }
}

describe('A server of two that is told to end', () => {
  const databaseServer = process.env['TEST_DATABASE_URL'] ?? '';
  const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
  if (databaseServer === '' || redisUrl === '') {
    it.skip('is skipped: TEST_DATABASE_URL or TEST_REDIS_URL is not set', () => undefined);
    return;
  }

  it('sends its streams to the other one by and by, and no service notices', async () => {
    const database = await createDatabase(databaseServer);
    const settings = {
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      SLUICE_SHUTDOWN_LEAD_SECONDS: String(LEAD_SECONDS),
      SLUICE_SHUTDOWN_DRAIN_SECONDS: String(DRAIN_SECONDS),
    };
    const a = await ControlPlane.start(settings);
    const b = await ControlPlane.start(settings);
    const live = await a.createEnvironment();
    await live.createFlag({ key: 'on-for-all', type: 'boolean' }, { on: true, defaultServe: { variation: 'on' } });
    const proxy = await SwitchingProxy.open([a.url, b.url], STREAM);
    const fleet = await Fleet.start(proxy.url, live);
    const on = (server: string): number =>
      proxy.streams.filter((stream) => stream.server === server && stream.endedMs === undefined).length;
    await fleet.until(() => on(a.url) === STREAMS);

    const startMs = performance.now();
    const drained = a.server.drain();
    expect((await fetch(`${a.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${a.url}/healthz`)).status).toBe(200);
    await drained;
    await a.close();
    await fleet.until(() => on(b.url) === STREAMS);
    const tookMs = performance.now() - startMs;

    const moved = proxy.streams.filter(({ server, openedMs }) => server === b.url && openedMs > startMs);
    const left = proxy.streams.filter(({ server }) => server === a.url).map(({ endedMs = 0 }) => endedMs - startMs);
    expect(moved).toHaveLength(STREAMS);
    expect(Math.min(...left)).toBeGreaterThanOrEqual(LEAD_SECONDS * 1_000 - 20);
    expect(tookMs).toBeLessThan((LEAD_SECONDS + DRAIN_SECONDS + 30) * 1_000);
    expect(peak(left)).toBeLessThanOrEqual(MOST_AT_ONCE);
    expect(peak(moved.map(({ openedMs }) => openedMs))).toBeLessThanOrEqual(MOST_AT_ONCE);
    expect(proxy.refused).toEqual([]);
    expect(fleet.troubles).toEqual([]);
    expect([...fleet.answers.keys()]).toEqual([true]);

    // They hear the other one.
    await b.manage('PATCH', `/projects/${live.project}/flags/on-for-all/environments/live`, { on: false });
    await fleet.until((client) => !client.boolean('on-for-all', CONTEXT, true));
    expect(fleet.troubles).toEqual([]);
    await fleet.close();
    await proxy.close();
    await b.close();
    await database.drop();
  }, 240_000);
});

describe('A server that sends its streams away', () => {
  it('says so to SDKs, opens no more, takes telemetry to the end, and keeps no connection', async () => {
    const plane = await ControlPlane.start({ SLUICE_SHUTDOWN_DRAIN_SECONDS: '0.5' });
    const live = await plane.createEnvironment();
    const headers = bearer(live.tokens.server);
    const stream = await EventReader.open(plane.url + STREAM, headers);
    await stream.next();
    const drained = plane.server.drain();
    expect(await stream.next()).toEqual({ event: 'reconnect', data: '{}' });
    await stream.ended();
    expect(stream.wasCut).toBe(false);
    const refused = await fetch(plane.url + STREAM, { headers });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('connection')).toBe('close');
    expect(await refused.json()).toMatchObject({ code: 'SHUTTING_DOWN' });
    await drained;
    // A second time there is nothing to do.
    await plane.server.drain();
    const now = new Date().toISOString();
    const batch = {
      batchId: '1',
      instance: { id: 'i', name: 'n', sdk: 'test', revision: null, revisionAppliedAt: null },
      from: now,
      to: now,
      evaluations: [],
    };
    const told = await fetch(`${plane.url}/sdk/v1/telemetry`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    expect(told.status).toBe(202);
    await plane.close();
  }, 60_000);

  it.each<[Readonly<Record<string, string>>, number, number]>([
    [{}, 0, 0],
    [{ REDIS_URL: 'redis://127.0.0.1:1' }, 3_000, 5_000],
    [{ REDIS_URL: 'redis://127.0.0.1:1', SLUICE_SHUTDOWN_LEAD_SECONDS: '10' }, 10_000, 5_000],
    [{ SLUICE_SHUTDOWN_DRAIN_SECONDS: '0.5' }, 0, 500],
  ])('takes its time where others stand in for it: %j', (environment, leadMs, drainMs) =>
    expect(parseConfig(environment).shutdown).toEqual({ leadMs, drainMs }),
  );
});
