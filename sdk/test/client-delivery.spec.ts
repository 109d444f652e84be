import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Change } from '../src/delivery/snapshot-store.js';
import { aFlag, aSegment, aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime, until } from './fake-runtime.js';

const stream = '/sdk/v1/stream';
const snapshot = '/sdk/v1/snapshot';

let plane: FakeControlPlane;
let runtime: FakeRuntime;
let clients: Clients;

beforeEach(async () => {
  plane = await new FakeControlPlane(aSnapshot()).start();
  runtime = new FakeRuntime();
  clients = new Clients(plane.url, runtime);
});

afterEach(async () => {
  await clients.closeAll();
  await plane.stop();
});

/** Lets time pass with a heartbeat every 15 s, as the server sends them. */
async function live(ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= 15_000) {
    plane.heartbeat();
    await runtime.advance(Math.min(leftMs, 15_000));
  }
}

const isOn = (client: { boolean(key: string, context: object, fallback: boolean): boolean }) =>
  client.boolean('new-checkout', {}, false);

it('applies patches and puts as they come, and names the flags that changed', async () => {
  const client = await clients.open();
  const changes: Change[] = [];
  client.on('changed', (change) => changes.push(change));
  plane.patch({ flags: [aFlag({ on: false, version: 2 })] });
  await until(() => client.revision === 8);
  expect(isOn(client)).toBe(false);

  const members = { id: 'r', clauses: [{ attribute: '', operator: 'inSegment', values: ['staff'] }] };
  const staffFlag = aFlag({ key: 'staff-only', rules: [{ ...members, serve: { variation: 'on' } }] });
  plane.put(aSnapshot({ revision: 9, flags: [staffFlag], segments: [aSegment()] }));
  await until(() => client.revision === 9);
  plane.patch({ segments: [aSegment({ included: ['u'] })] });
  await until(() => client.revision === 10);
  expect(changes).toEqual([
    { revision: 8, flagsChanged: ['new-checkout'] },
    { revision: 9, flagsChanged: ['new-checkout', 'staff-only'] },
    { revision: 10, flagsChanged: ['staff-only'] },
  ]);
});

it('stops telling a listener that was removed', async () => {
  const client = await clients.open();
  let calls = 0;
  const remove = client.on('changed', () => (calls += 1));
  remove();
  plane.patch({ flags: [aFlag({ version: 2 })] });
  await until(() => client.revision === 8);
  expect(calls).toBe(0);
});

it('resumes with Last-Event-ID and gets only what it missed', async () => {
  const client = await clients.open();
  plane.endStreams();
  await until(() => plane.streams.size === 0);
  plane.patch({ flags: [aFlag({ on: false, version: 2 })] });
  await runtime.reach(() => client.revision === 8);
  const [first, second] = plane.requestsTo(stream);
  expect(first?.headers['last-event-id']).toBeUndefined();
  expect(second?.headers['last-event-id']).toBe('a:7');
  expect(plane.requestsTo(snapshot)).toHaveLength(0);
});

it('is ready again after resuming although nothing was missed', async () => {
  const client = await clients.open({ staleAfterMs: 5_000 });
  await plane.stop();
  await runtime.reach(() => client.state === 'stale');
  await plane.start();
  await runtime.reach(() => client.state === 'ready');
  expect(client.revision).toBe(7);
});

it('starts over with a whole snapshot after a patch that does not fit', async () => {
  const client = await clients.open();
  plane.pushRaw(
    'patch',
    { from: 99, revision: 100, flags: [], removedFlags: [], segments: [], removedSegments: [] },
    'a:100',
  );
  await runtime.reach(() => plane.requestsTo(stream).length === 2);
  expect(plane.requestsTo(stream)[1]?.headers['last-event-id']).toBeUndefined();
  expect(client).toMatchObject({ revision: 7, state: 'ready' });
});

it('accepts a whole snapshot of a lower revision: the control plane was restored', async () => {
  const client = await clients.open();
  plane.epoch = 'b';
  plane.put(aSnapshot({ revision: 3, flags: [aFlag({ on: false })] }));
  await until(() => client.revision === 3);
  expect(isOn(client)).toBe(false);
});

it('ignores events it does not know', async () => {
  const client = await clients.open();
  plane.pushRaw('later', { anything: true }, 'a:7');
  plane.patch({ flags: [aFlag({ on: false, version: 2 })] });
  await until(() => client.revision === 8);
  expect(plane.requestsTo(stream)).toHaveLength(1);
});

it('keeps the last good snapshot when a bad one comes', async () => {
  const client = await clients.open();
  plane.pushRaw('put', { schemaVersion: 2 }, 'a:8');
  await runtime.reach(() => plane.requestsTo(stream).length >= 2);
  expect(isOn(client)).toBe(true);
  expect(client.revision).toBe(7);
});

it('keeps serving when the token is refused in mid-life, reports it, and recovers', async () => {
  const client = await clients.open();
  const heard: string[] = [];
  client.on('error', ({ problem }) => heard.push(problem.code));
  client.on('ready', () => heard.push('ready'));
  plane.faults.set('*', 'refuse');
  plane.endStreams();
  await runtime.reach(() => client.state === 'error');
  expect(isOn(client)).toBe(true);
  await runtime.advance(600_000);
  expect(plane.requestsTo(stream).length).toBeLessThan(15);
  plane.faults.clear();
  await runtime.reach(() => client.state === 'ready');
  expect(heard).toEqual(['TOKEN_REFUSED', 'ready']);
});

it('stays away as long as Retry-After says', async () => {
  const client = await clients.open();
  plane.faults.set('*', 'limit');
  plane.retryAfter = '120';
  plane.endStreams();
  await runtime.reach(() => plane.requestsTo(stream).length === 2);
  await runtime.advance(119_000);
  expect(plane.requestsTo(stream)).toHaveLength(2);
  expect(plane.requestsTo(snapshot)).toHaveLength(0);
  expect(client.state).toBe('stale');
  plane.faults.clear();
  await runtime.reach(() => client.state === 'ready');
});

it('reconnects when a stream falls silent, and not while heartbeats come', async () => {
  await clients.open();
  await live(600_000);
  expect(plane.requestsTo(stream)).toHaveLength(1);
  await runtime.advance(44_000 - 15_000);
  expect(plane.requestsTo(stream)).toHaveLength(1);
  await runtime.reach(() => plane.requestsTo(stream).length === 2);
});

it('turns stale, keeps its values, and is ready again', async () => {
  const client = await clients.open();
  const heard: string[] = [];
  client.on('stale', ({ revision }) => heard.push(`stale at ${revision}`));
  client.on('ready', ({ revision }) => heard.push(`ready at ${revision}`));
  await plane.stop();
  await runtime.advance(50_000);
  expect(client.state).toBe('ready');
  await runtime.reach(() => client.state === 'stale');
  expect(isOn(client)).toBe(true);
  plane.put(aSnapshot({ revision: 8 }));
  await plane.start();
  await runtime.reach(() => client.state === 'ready' && client.revision === 8);
  expect(heard).toEqual(['stale at 7', expect.stringMatching(/^ready at [78]$/)]);
});

it('polls with an ETag where streams are blocked, and goes back to streaming when it can', async () => {
  plane.faults.set(stream, 'buffer');
  const client = await clients.open();
  await runtime.advance(120_000);
  const before = { polls: plane.requestsTo(snapshot).length, streams: plane.requestsTo(stream).length };
  await runtime.advance(150_000);
  expect(plane.requestsTo(snapshot).length - before.polls).toBeGreaterThanOrEqual(8);
  expect(plane.requestsTo(stream).length - before.streams).toBeLessThanOrEqual(1);
  expect(plane.requestsTo(snapshot).at(-1)?.headers['if-none-match']).toMatch(/^"/);
  expect(client.state).toBe('ready');

  plane.put(aSnapshot({ revision: 8, flags: [aFlag({ on: false })] }));
  await runtime.reach(() => client.revision === 8);
  expect(isOn(client)).toBe(false);

  plane.faults.clear();
  await runtime.reach(() => plane.streams.size === 1);
  await live(60_000);
  const polls = plane.requestsTo(snapshot).length;
  await live(60_000);
  expect(plane.requestsTo(snapshot)).toHaveLength(polls);
});

it('only polls when streaming is off', async () => {
  const client = await clients.open({ streaming: false });
  plane.put(aSnapshot({ revision: 8 }));
  await runtime.reach(() => client.revision === 8);
  expect(runtime.elapsedMs()).toBeLessThan(20_000);
  expect(plane.requestsTo(stream)).toHaveLength(0);
});

it('ends everything at close, twice over, and goes on answering', async () => {
  const client = await clients.open();
  await Promise.all([client.close(), client.close()]);
  await until(() => plane.streams.size === 0);
  expect(runtime.timers).toBe(0);
  expect(isOn(client)).toBe(true);
  const requests = plane.requests.length;
  await runtime.advance(3_600_000);
  expect(plane.requests).toHaveLength(requests);
});
