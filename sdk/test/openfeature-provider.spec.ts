import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../src/client.js';
import { SluiceProvider } from '../src/openfeature/index.js';
import { aFlag, aSnapshot } from './builders.js';
import { silentLogger } from './clients.js';
import { FakeControlPlane, TOKEN } from './fake-control-plane.js';
import { until } from './fake-runtime.js';

let plane: FakeControlPlane;
let directory: string;

beforeEach(async () => {
  plane = await new FakeControlPlane(aSnapshot()).start();
  directory = await mkdtemp(join(tmpdir(), 'sluice-openfeature-'));
});

afterEach(async () => {
  await OpenFeature.clearProviders();
  OpenFeature.clearHandlers();
  await plane.stop();
  await rm(directory, { recursive: true, force: true });
});

const options = () => ({ url: plane.url, token: TOKEN, cacheDir: false as const, logger: silentLogger });

it('evaluates, explains and names itself', async () => {
  await OpenFeature.setProviderAndWait(new SluiceProvider(options()));
  const client = OpenFeature.getClient();
  expect(OpenFeature.providerMetadata.name).toBe('sluice');
  expect(await client.getBooleanDetails('new-checkout', false, { targetingKey: 'u' })).toMatchObject({
    value: true,
    variant: 'on',
    reason: 'STATIC',
  });
  expect(await client.getObjectDetails('new-checkout', {})).toMatchObject({ value: {}, errorCode: 'TYPE_MISMATCH' });
});

it('tells which flags changed', async () => {
  await OpenFeature.setProviderAndWait(new SluiceProvider(options()));
  const changes: unknown[] = [];
  OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (details) => void changes.push(details));
  plane.patch({ flags: [aFlag({ on: false, version: 2 })] });
  await until(() => changes.length === 1);
  expect(changes[0]).toMatchObject({ flagsChanged: ['new-checkout'], metadata: { revision: 8 } });
});

it('is ready by itself after an initialisation that timed out', async () => {
  plane.faults.set('*', 'hang');
  const provider = new SluiceProvider({ ...options(), initTimeoutMs: 200 });
  await expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow(/sent no snapshot|cannot be reached/);
  const client = OpenFeature.getClient();
  expect(client.providerStatus).toBe(ProviderStatus.ERROR);
  plane.faults.clear();
  await until(() => client.providerStatus === ProviderStatus.READY);
  expect(await client.getBooleanValue('new-checkout', false)).toBe(true);
}, 30_000);

it.each([
  ['a token that is refused', { token: 'slu_server_wrong' }, /refused the token/],
  ['options that cannot be used', { url: 'nonsense' }, /not an http or https address/],
])('is fatal with %s', async (_name, change, message) => {
  const provider = new SluiceProvider({ ...options(), ...change });
  await expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow(message);
  expect(OpenFeature.getClient().providerStatus).toBe(ProviderStatus.FATAL);
});

it('serves the disk copy while the token is refused, in error but never fatal', async () => {
  const first = await createClient({ ...options(), cacheDir: directory });
  await first.close();
  expect(await readdir(directory)).toHaveLength(1);
  plane.faults.set('*', 'refuse');
  await OpenFeature.setProviderAndWait(new SluiceProvider({ ...options(), cacheDir: directory }));
  const client = OpenFeature.getClient();
  await until(() => client.providerStatus === ProviderStatus.ERROR);
  expect(await client.getBooleanValue('new-checkout', false)).toBe(true);
});

it('leaves a client it was given to its owner, and closes one it opened', async () => {
  const sluice = await createClient(options());
  await OpenFeature.setProviderAndWait(new SluiceProvider(sluice));
  await OpenFeature.clearProviders();
  expect(plane.streams.size).toBe(1);
  const goodbyes = () => plane.received.filter(({ instance }) => instance.leaving).length;
  expect(goodbyes()).toBe(0);
  await sluice.close();
  expect(goodbyes()).toBe(1);

  await OpenFeature.setProviderAndWait(new SluiceProvider(options()));
  await OpenFeature.close();
  expect(goodbyes()).toBe(2);
  await until(() => plane.streams.size === 0);
});

it('can be registered again after it was closed', async () => {
  const provider = new SluiceProvider(options());
  await OpenFeature.setProviderAndWait(provider);
  await OpenFeature.clearProviders();
  await OpenFeature.setProviderAndWait(provider);
  expect(await OpenFeature.getClient().getBooleanValue('new-checkout', false)).toBe(true);
});

it('answers defaults, and does not throw, before it is initialised', async () => {
  const provider = new SluiceProvider(options());
  expect(await provider.resolveBooleanEvaluation('new-checkout', false, {})).toMatchObject({
    value: false,
    errorCode: 'PROVIDER_NOT_READY',
  });
  await provider.onClose();
  await provider.onClose();
});

it('counts tracked events and sums their values', async () => {
  await OpenFeature.setProviderAndWait(new SluiceProvider(options()));
  const client = OpenFeature.getClient();
  client.track('bought', { targetingKey: 'u' }, { value: 20, currency: 'EUR' });
  client.track('bought', {}, { value: 1.5 });
  client.track('bought');
  await OpenFeature.clearProviders();
  await until(() => plane.received.some(({ tracked }) => tracked !== undefined));
  expect(plane.received.flatMap(({ tracked = [] }) => tracked)).toMatchObject([
    { event: 'bought', count: 3, sum: 21.5 },
  ]);
});

it('takes tracking events before it is initialised, and counts none', () => {
  expect(() => new SluiceProvider(options()).track('bought', {}, { value: 1 })).not.toThrow();
});
