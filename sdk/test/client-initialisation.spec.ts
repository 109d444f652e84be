import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../src/client.js';
import { aFlag, aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime, until } from './fake-runtime.js';

let plane: FakeControlPlane;
let runtime: FakeRuntime;
let clients: Clients;
let directory: string;

beforeEach(async () => {
  plane = await new FakeControlPlane(aSnapshot()).start();
  runtime = new FakeRuntime();
  clients = new Clients(plane.url, runtime);
  directory = await mkdtemp(join(tmpdir(), 'sluice-init-'));
});

afterEach(async () => {
  await clients.closeAll();
  await plane.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Leaves a disk copy behind, as an earlier run of the service would. */
async function leaveDiskCopy(): Promise<void> {
  const client = await clients.open({ cacheDir: directory });
  let isClosed = false;
  void client.close().then(() => (isClosed = true));
  await until(() => isClosed);
  expect(await readdir(directory)).toHaveLength(1);
}

it('resolves at the first snapshot and serves it', async () => {
  const client = await clients.open();
  expect(client).toMatchObject({ state: 'ready', revision: 7, problem: undefined });
  expect(client.boolean('new-checkout', { targetingKey: 'u' }, false)).toBe(true);
  expect(runtime.elapsedMs()).toBeLessThan(2_000);
  expect(plane.requestsTo('/sdk/v1/snapshot')).toHaveLength(0);
});

it('says who it is with every request', async () => {
  const client = await clients.open({ instanceName: 'checkout-1' });
  void client.flush();
  await until(() => plane.received.length === 1);
  for (const { headers } of plane.requests) {
    expect(headers).toMatchObject({
      authorization: 'Bearer slu_server_test',
      'user-agent': expect.stringMatching(/^sluice-node\/\d/),
      'sluice-sdk': expect.stringMatching(/^sluice-node\/\d/),
      'sluice-instance': plane.received[0]?.instance.id,
    });
  }
  expect(plane.received[0]?.instance).toMatchObject({ name: 'checkout-1', revision: 7 });
});

it('rejects options that cannot be used, and says what to do', async () => {
  await expect(createClient({ url: 'nonsense', token: 'x' })).rejects.toThrow(/not an http or https address/);
});

it('resolves at the timeout with code defaults while the server hangs, and becomes ready once it answers', async () => {
  plane.faults.set('*', 'hang');
  const heard: string[] = [];
  const listeners = { error: () => heard.push('error'), ready: () => heard.push('ready') };
  const client = await clients.open({ listeners });
  expect(runtime.elapsedMs()).toBeGreaterThanOrEqual(5_000);
  expect(runtime.elapsedMs()).toBeLessThan(5_200);
  expect(client).toMatchObject({ state: 'error', revision: null, problem: { code: 'UNREACHABLE' } });
  expect(client.boolean('new-checkout', {}, false)).toBe(false);
  expect(client.boolean.details('new-checkout', {}, false)).toMatchObject({
    value: false,
    reason: 'ERROR',
    errorCode: 'PROVIDER_NOT_READY',
  });

  plane.faults.clear();
  await runtime.reach(() => client.state === 'ready');
  expect(client.boolean('new-checkout', {}, false)).toBe(true);
  expect(heard).toEqual(['error', 'ready']);
});

it('starts from disk while the control plane is down, and catches up', async () => {
  await leaveDiskCopy();
  await plane.stop();
  const { client } = clients.start({ cacheDir: directory, initTimeoutMs: 1_000 });
  // The disk is real and keeps its own time.
  await until(() => client.revision === 7);
  expect(client.state).toBe('initializing');
  await runtime.reach(() => client.state !== 'initializing');
  expect(client).toMatchObject({ state: 'stale', revision: 7, problem: { code: 'UNREACHABLE' } });
  expect(client.boolean('new-checkout', {}, false)).toBe(true);

  plane.put(aSnapshot({ revision: 8, flags: [aFlag({ on: false })] }));
  await plane.start();
  await runtime.reach(() => client.state === 'ready');
  expect(client.revision).toBe(8);
  expect(client.boolean('new-checkout', {}, true)).toBe(false);
});

it('does not take a stream’s greeting for news while it serves the disk copy', async () => {
  await leaveDiskCopy();
  plane.put(aSnapshot({ revision: 9 }));
  const client = await clients.open({ cacheDir: directory });
  expect(client).toMatchObject({ state: 'ready', revision: 9 });
});

it('keeps no copy of one token’s snapshot for another', async () => {
  await leaveDiskCopy();
  const client = await clients.open({ cacheDir: directory, token: 'slu_server_other' });
  expect(client).toMatchObject({ state: 'error', revision: null });
});

it('resolves at once when the token is refused, asks again slowly, and recovers', async () => {
  plane.faults.set('*', 'refuse');
  const client = await clients.open();
  expect(runtime.elapsedMs()).toBeLessThan(2_000);
  expect(client).toMatchObject({ state: 'error', problem: { code: 'TOKEN_REFUSED' } });
  expect(client.problem?.message).toContain('SLUICE_TOKEN');

  await runtime.advance(45_000);
  expect(plane.requestsTo('/sdk/v1/stream')).toHaveLength(1);
  plane.faults.clear();
  await runtime.reach(() => client.state === 'ready');
  expect(runtime.elapsedMs()).toBeLessThan(80_000);
});

it('serves the disk copy while the token is refused', async () => {
  await leaveDiskCopy();
  plane.faults.set('*', 'refuse');
  const { client, initialized } = clients.start({ cacheDir: directory });
  await initialized;
  expect(client).toMatchObject({ state: 'error', revision: 7, problem: { code: 'TOKEN_REFUSED' } });
  expect(client.boolean('new-checkout', {}, false)).toBe(true);
});

it('gets its first snapshot in time by polling where a proxy holds streams back', async () => {
  plane.faults.set('/sdk/v1/stream', 'buffer');
  const client = await clients.open();
  expect(client).toMatchObject({ state: 'ready', revision: 7 });
  expect(runtime.elapsedMs()).toBeLessThan(5_000);
});

it('says so when something else answers', async () => {
  plane.faults.set('*', 'html');
  const client = await clients.open({ initTimeoutMs: 2_000 });
  expect(client.state).toBe('error');
  expect(client.problem?.message).toMatch(/check/);
});

it('works with a logger and listeners that throw', async () => {
  const explode = () => {
    throw new Error('boom');
  };
  const logger = { debug: explode, info: explode, warn: explode, error: explode };
  const reject = () => Promise.reject(new Error('boom'));
  const client = await clients.open({ logger, listeners: { ready: explode, changed: reject } });
  client.on('changed', explode);
  plane.patch({ flags: [aFlag({ on: false, version: 2 })] });
  await until(() => client.revision === 8);
  expect(client.boolean('new-checkout', {}, true)).toBe(false);
});

it('can be closed while it is still initialising', async () => {
  plane.faults.set('*', 'hang');
  const { client, initialized } = clients.start();
  let isClosed = false;
  void client.close().then(() => (isClosed = true));
  await initialized;
  await runtime.reach(() => isClosed);
  expect(runtime.timers).toBe(0);
});
