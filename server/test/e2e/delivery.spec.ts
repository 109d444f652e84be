import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyPatch, formatSnapshot, type Snapshot, type SnapshotPatch } from '@sluice/sdk/evaluation';
import { bearer, ControlPlane, type LiveEnvironment, type TestToken } from '../clients/control-plane.js';
import { EventReader } from '../clients/event-reader.js';
import { startOwnTime } from '../clients/own-time.js';

let plane: ControlPlane;
let live: LiveEnvironment;

beforeAll(async () => {
  plane = await ControlPlane.start();
  live = await plane.createEnvironment();
  const text = 'Enough text for a body that is worth compressing. '.repeat(40);
  await live.createFlag(
    { key: 'greeting', type: 'string', ...{ variations: [{ key: 'long', value: text }] } },
    { on: true, defaultServe: { variation: 'long' } },
  );
  await live.createFlag({ key: 'dark-mode', type: 'boolean' }, { on: true, defaultServe: { variation: 'on' } });
}, 60_000);
afterAll(() => plane.close());

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** HTTP as it is on the wire: fetch would decode bodies. */
function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  agent: Agent | undefined = undefined,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: { ...bearer(live.tokens.server), ...headers } };
    request(`${plane.url}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Asks until the snapshot is at a revision: changes reach delivery by way of the outbox. */
async function snapshotAt(revision: number): Promise<RawAnswer> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const answer = await get('/sdk/v1/snapshot');
    if (Number(answer.headers['sluice-revision']) >= revision || performance.now() > deadline) return answer;
  }
}

const revisionNow = async (): Promise<number> => {
  const { revision } = await plane.manage<{ revision: number }>('GET', `/projects/${live.project}/environments/live`);
  return revision;
};
const toggle = (on: boolean): Promise<void> => live.decide('dark-mode', { on });
const openStream = (headers: Record<string, string> = {}, token = live.tokens.server): Promise<EventReader> =>
  EventReader.open(`${plane.url}/sdk/v1/stream`, { ...bearer(token), ...headers });

describe('GET /sdk/v1/snapshot', () => {
  it('answers the whole environment with its validator and revision', async () => {
    const { status, headers, body } = await snapshotAt(await revisionNow());
    const snapshot = JSON.parse(body.toString()) as Snapshot;
    expect(status).toBe(200);
    expect(snapshot).toMatchObject({ schemaVersion: 1, project: live.project, environment: 'live' });
    expect(snapshot.flags.map(({ key }) => key)).toEqual(['dark-mode', 'greeting']);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'Accept-Encoding',
      'sluice-revision': String(snapshot.revision),
      etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    });
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('sends the same content as %s', async (encoding, decode) => {
    const plain = await get('/sdk/v1/snapshot');
    const encoded = await get('/sdk/v1/snapshot', { 'accept-encoding': encoding });
    expect(encoded.headers['content-encoding']).toBe(encoding);
    expect(encoded.body.length).toBeLessThan(plain.body.length);
    expect(decode(encoded.body).equals(plain.body)).toBe(true);
    expect(encoded.headers['etag']).toBe(plain.headers['etag']);
  });

  it('answers 304 to whoever has it, also by a list, weakly or by *', async () => {
    const etag = String((await get('/sdk/v1/snapshot')).headers['etag']);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, headers, body } = await get('/sdk/v1/snapshot', { 'if-none-match': known });
      expect([status, body.length, headers['etag']]).toEqual([304, 0, etag]);
    }
    expect((await get('/sdk/v1/snapshot', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('answers from memory as the route does, by which whoever has a query goes', async () => {
    const etag = String((await get('/sdk/v1/snapshot')).headers['etag']);
    const asked = [{}, { 'accept-encoding': 'gzip' }, { 'if-none-match': etag }, { 'if-none-match': '"other"' }];
    for (const headers of asked) {
      const byRoute = await get('/sdk/v1/snapshot?', headers);
      const fromMemory = await get('/sdk/v1/snapshot', headers);
      const own = { date: expect.anything(), 'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/u) };
      expect(fromMemory).toEqual({ ...byRoute, headers: { ...byRoute.headers, ...own } });
    }
    const named = await get('/sdk/v1/snapshot', { 'x-request-id': 'mine' });
    expect(named.headers['x-request-id']).toBe('mine');
  });

  it('asks anew whose token it is when a connection shows another, or one that was revoked', async () => {
    const doomed = await plane.createToken(live.project, 'server');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statusFor = async (token: TestToken): Promise<number> =>
      (await get('/sdk/v1/snapshot', bearer(token), 'GET', agent)).status;
    expect(await statusFor(doomed)).toBe(200);
    expect(await statusFor(live.tokens.client)).toBe(403);
    expect(await statusFor(doomed)).toBe(200);
    expect(await statusFor({ ...doomed, secret: `${doomed.secret}x` })).toBe(401);
    expect(await statusFor(doomed)).toBe(200);
    await live.revoke(doomed);
    for (const end = performance.now() + 5_000; (await statusFor(doomed)) === 200;) {
      expect(performance.now()).toBeLessThan(end);
    }
    expect(await statusFor(doomed)).toBe(401);
    agent.destroy();
  });

  it('answers HEAD with the headers alone', async () => {
    const whole = await get('/sdk/v1/snapshot');
    const head = await get('/sdk/v1/snapshot', {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['etag']).toBe(whole.headers['etag']);
    expect(head.headers['content-length']).toBe(String(whole.body.length));
  });

  it.each(['/sdk/v1/snapshot', '/sdk/v1/stream'])('lets nobody but server tokens into %s', async (path) => {
    const ask = (headers: Record<string, string>) => fetch(plane.url + path, { headers });
    const anonymous = await ask({});
    expect([anonymous.status, anonymous.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await ask({ authorization: `Bearer slu_server_${'x'.repeat(43)}` })).status).toBe(401);
    const client = await ask(bearer(live.tokens.client));
    expect([client.status, await client.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'PERMISSION_MISSING' }),
    ]);
  });
});

describe('GET /sdk/v1/stream', () => {
  it('begins with a comment, a pause to retry and everything, in LF alone', async () => {
    const stream = await openStream();
    const put = await stream.next();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.text).toMatch(/^: [^\n]*\nretry: \d+\n\nevent: put\nid: /u);
    expect(stream.text).not.toContain('\r');
    const { headers, body } = await get('/sdk/v1/snapshot');
    expect(put).toEqual({
      event: 'put',
      id: `${String(headers['sluice-revision'])}.${String(headers['etag']).slice(1, 17)}`,
      data: body.toString(),
    });
    await stream.close();
  });

  it('patches what it put, in order, to exactly what a poll would give', async () => {
    const stream = await openStream();
    let snapshot = JSON.parse((await stream.next()).data) as Snapshot;
    for (const on of [false, true, false]) {
      const from = snapshot.revision;
      await toggle(on);
      const event = await stream.next();
      const patch = JSON.parse(event.data) as SnapshotPatch;
      expect([event.event, patch.from, patch.flags.map(({ key }) => key)]).toEqual(['patch', from, ['dark-mode']]);
      snapshot = applyPatch(snapshot, patch) as Snapshot; // safe: the next line fails on undefined
      expect(snapshot.flags[0]?.on).toBe(on);
    }
    const { body } = await snapshotAt(snapshot.revision);
    expect(formatSnapshot(snapshot)).toBe(body.toString());
    await stream.close();
  });

  it('resumes: nothing at the current position, patches from a known one, everything from elsewhere', async () => {
    const first = await openStream();
    const { id: before } = await first.next();
    await toggle(true);
    const middle = await first.next();
    await toggle(false);
    const last = await first.next();
    await first.close();

    const current = await openStream({ 'last-event-id': String(last.id) });
    await current.arrived(10);
    expect([current.unread, current.text]).toEqual([0, expect.stringMatching(/^: .*\nretry: \d+\n\n$/u)]);
    const behind = await openStream({ 'last-event-id': String(before) });
    expect([await behind.next(), await behind.next()]).toEqual([middle, last]);
    const revision = String(last.id).split('.')[0];
    for (const foreign of [`${revision}.0123456789abcdef`, 'nonsense', `${Number(revision) + 5}.0123456789abcdef`]) {
      const elsewhere = await openStream({ 'last-event-id': foreign });
      expect(await elsewhere.next()).toMatchObject({ event: 'put', id: last.id });
      await elsewhere.close();
    }
    await toggle(true);
    expect((await current.next()).event).toBe('patch');
    await Promise.all([current.close(), behind.close()]);
  });

  it('brings hundreds of streams through a burst of changes, each in order', async () => {
    const streams = await Promise.all(Array.from({ length: 300 }, () => openStream()));
    const states = await Promise.all(streams.map(async (stream) => JSON.parse((await stream.next()).data) as Snapshot));
    for (let count = 0; count < 20; count++) await toggle(count % 2 === 0);
    const revision = await revisionNow();
    await Promise.all(
      streams.map(async (stream, index) => {
        let state = states[index];
        while (state !== undefined && state.revision < revision) {
          const { event, data } = await stream.next();
          const parsed = JSON.parse(data) as Snapshot & SnapshotPatch;
          expect(parsed.revision).toBeGreaterThan(state.revision);
          state = event === 'put' ? parsed : applyPatch(state, parsed);
        }
        expect(state?.revision).toBe(revision);
        await stream.close();
      }),
    );
  }, 30_000);

  it('ends within a second when its token is revoked, and only then', async () => {
    const doomed = await plane.createToken(live.project, 'server');
    const stream = await openStream({}, doomed);
    const other = await openStream();
    await Promise.all([stream.next(), other.next()]);
    const ownTime = startOwnTime();
    await live.revoke(doomed);
    await stream.ended();
    expect(ownTime()).toBeLessThan(1_000);
    await toggle(true); // whichever of the two is a change
    await toggle(false);
    expect((await other.next()).event).toBe('patch');
    await other.close();
    expect((await fetch(`${plane.url}/sdk/v1/stream`, { headers: bearer(doomed) })).status).toBe(401);
  });

  it('ends when its token expires', async () => {
    // Long enough to open the stream in on a busy machine.
    const lifetimeMs = 3_000;
    const expiresAt = new Date(Date.now() + lifetimeMs).toISOString();
    const stream = await openStream({}, await plane.createToken(live.project, 'server', { expiresAt }));
    await stream.next();
    const ownTime = startOwnTime();
    await stream.ended();
    expect(Date.now()).toBeGreaterThan(Date.parse(expiresAt) - 1_000);
    expect(ownTime()).toBeLessThan(lifetimeMs + 1_000);
  });
});
