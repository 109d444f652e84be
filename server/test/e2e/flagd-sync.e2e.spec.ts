import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { type Client, OpenFeature, type Provider, ProviderEvents } from '@openfeature/server-sdk';
import { bucketOf } from '@sluice/sdk/evaluation';
import { FlagdProvider as FlagdProvider013 } from '@sluice/flagd-provider-0-13';
import { FlagSyncService } from '../../src/platform/grpc/generated/flagd/sync/v1/sync_pb.js';
import { ControlPlane, LiveEnvironment, type TestToken } from '../clients/control-plane.js';
import { objectionsToFlags } from '../clients/flagd-schema.js';
import { freePort } from '../clients/free-port.js';
import { GrpcClient } from '../clients/grpc-client.js';

const PATTERN = { attribute: 'plan', operator: 'matches', values: ['^pro'] };
const RULE = { attribute: 'plan', operator: 'in', values: ['pro'] };

/** Flags of which one cannot be carried. */
async function createFlags(live: LiveEnvironment): Promise<void> {
  const on = { on: true, offVariation: 'off', defaultServe: { variation: 'off' } };
  await live.createFlag(
    { key: 'cart', type: 'boolean' },
    { ...on, rules: [{ clauses: [RULE], serve: { variation: 'on' } }] },
  );
  await live.createFlag({ key: 'menu', type: 'boolean' }, on);
  await live.createFlag(
    { key: 'odd', type: 'boolean' },
    { ...on, rules: [{ clauses: [PATTERN], serve: { variation: 'on' } }] },
  );
}

describe('flagd.sync.v1', () => {
  let plane: ControlPlane;
  let live: LiveEnvironment;
  let sync: GrpcClient<typeof FlagSyncService>;
  const clients: GrpcClient<typeof FlagSyncService>[] = [];
  const clientOf = (token?: TestToken, more: Record<string, string> = {}): GrpcClient<typeof FlagSyncService> => {
    const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token.secret}` }), ...more };
    const client = new GrpcClient(FlagSyncService, plane.server.grpcAddress, headers);
    clients.push(client);
    return client;
  };
  const flagsIn = (configuration: string): Record<string, unknown> =>
    (JSON.parse(configuration) as { flags: Record<string, unknown> }).flags; // safe: checked by flagd's schema below

  beforeAll(async () => {
    plane = await ControlPlane.start();
    live = await plane.createEnvironment();
    await createFlags(live);
    sync = clientOf(live.tokens.server);
  }, 60_000);
  afterAll(async () => {
    for (const client of clients) client.close();
    await plane.close();
  });

  /** Asks until a change has come by way of the outbox. */
  async function configurationWith(key: string): Promise<string> {
    for (;;) {
      const { flagConfiguration } = await sync.ask('fetchAllFlags', {});
      if (Object.hasOwn(flagsIn(flagConfiguration), key)) return flagConfiguration;
    }
  }

  it('hands out all that can be carried, and names what cannot', async () => {
    const configuration = await configurationWith('menu');
    expect(objectionsToFlags(JSON.parse(configuration))).toEqual([]);
    expect(JSON.parse(configuration)).toMatchObject({
      flags: { cart: { state: 'ENABLED', defaultVariant: 'off' }, menu: {} },
      metadata: { flagSetId: `${live.project}/live`, version: expect.stringMatching(/^\d+$/u) as unknown },
    });
    await live.decide('odd', { on: true });
    const { metadata } = await sync.ask('getMetadata', {});
    expect(metadata).toMatchObject({
      flagSetId: `${live.project}/live`,
      uncarried: [{ flag: 'odd', path: 'rules[0].clauses[0]', reason: 'flagd has no regular expressions.' }],
    });
  });

  it('shows people the same, with what is left out and why', async () => {
    await live.decide('odd', { on: true });
    const shown = await plane.manage('GET', `/projects/${live.project}/environments/live/flagd`);
    expect(shown).toMatchObject({
      document: JSON.parse(await configurationWith('menu')) as object,
      uncarried: [{ flag: 'odd', path: 'rules[0].clauses[0]', reason: 'flagd has no regular expressions.' }],
    });
  });

  it('streams the whole at once, and again when a flag has changed', async () => {
    const stream = sync.follow('syncFlags', { providerId: 'test' });
    const first = await stream.next();
    expect(Object.keys(flagsIn(first.flagConfiguration)).sort()).toEqual(['cart', 'menu']);
    expect(first.syncContext).toMatchObject({ $sluice: { flagSetId: `${live.project}/live`, uncarried: ['odd'] } });
    await live.createFlag({ key: 'new', type: 'boolean' }, { on: true, defaultServe: { variation: 'on' } });
    const seen = [await stream.next()];
    const isServed = (): boolean => /"new":\{[^}]*\},"defaultVariant":"on"/u.test(seen.at(-1)?.flagConfiguration ?? '');
    while (!isServed()) seen.push(await stream.next());
    expect(flagsIn(seen.at(-1)?.flagConfiguration ?? '')).toMatchObject({ new: { defaultVariant: 'on' } });
    stream.call.cancel();
  });

  it.each(['', 'live', 'flagSetId=live'])(
    'takes the selector %p, for it names the environment of the token',
    async (selector) => {
      await expect(sync.ask('fetchAllFlags', { selector })).resolves.toBeDefined();
      const { flagConfiguration } = await clientOf(live.tokens.server, { 'flagd-selector': selector })
        .follow('syncFlags', {})
        .next();
      expect(flagsIn(flagConfiguration)).toHaveProperty('cart');
    },
  );

  it('refuses another selector with a sentence, in the request or in the metadata', async () => {
    const refusal = {
      code: status.INVALID_ARGUMENT,
      details: `This token is for the flags of ${live.project}/live; leave the selector out, or use a token of what "staging" names.`,
    };
    await expect(sync.ask('fetchAllFlags', { selector: 'staging' })).rejects.toMatchObject(refusal);
    const other = clientOf(live.tokens.server, { 'flagd-selector': 'staging' });
    await expect(other.ask('fetchAllFlags', {})).rejects.toMatchObject(refusal);
    expect(await other.follow('syncFlags', {}).ended()).toBe(status.INVALID_ARGUMENT);
  });

  it('gives rules to no token of a browser, and to none at all', async () => {
    await expect(clientOf(live.tokens.client).ask('fetchAllFlags', {})).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
    });
    await expect(clientOf().ask('getMetadata', {})).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await clientOf().follow('syncFlags', {}).ended()).toBe(status.UNAUTHENTICATED);
  });

  it('ends the streams of a token that is revoked', async () => {
    const token = await plane.createToken(live.project, 'server');
    const stream = clientOf(token).follow('syncFlags', {});
    await stream.next();
    await live.revoke(token);
    expect(await stream.ended()).toBe(status.UNAUTHENTICATED);
  });

  it('sends a client that does not read no more than the newest, once it reads again', async () => {
    const filler = Array.from({ length: 100 }, (_, index) => ({ key: `v${index}`, value: 'x'.repeat(10_000) }));
    await live.createFlag({ key: 'large', type: 'string', ...{ variations: filler } });
    await configurationWith('large');
    const stream = sync.follow('syncFlags', {});
    await stream.next();
    stream.call.pause();
    for (let round = 0; round < 12; round += 1) await live.decide('menu', { on: round % 2 === 0 });
    await live.createFlag({ key: 'last', type: 'boolean' });
    await configurationWith('last');
    stream.call.resume();
    const sizes: number[] = [];
    for (;;) {
      const { flagConfiguration } = await stream.next();
      sizes.push(flagConfiguration.length);
      if (Object.hasOwn(flagsIn(flagConfiguration), 'last')) break;
    }
    // Of fourteen revisions of a megabyte each it is sent what was on its way, and the newest.
    expect(sizes.length).toBeLessThan(8);
    stream.call.cancel();
  }, 30_000);
});

type InProcess = new (options: {
  readonly host: string;
  readonly port: number;
  readonly deadlineMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly resolverType: 'in-process';
}) => Provider;

const PROVIDERS: ReadonlyMap<string, InProcess> = new Map<string, InProcess>([
  ['0.16.1', FlagdProvider],
  ['0.13.3', FlagdProvider013],
]);
const VERSIONS = [...PROVIDERS.keys()];

describe('flagd’s providers, evaluating by themselves', () => {
  let folder: string;
  let environment: Record<string, string>;
  let plane: ControlPlane;
  let live: LiveEnvironment;
  const clientOf = (version: string): Client => OpenFeature.getClient(version);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-flagd-'));
    environment = { SLUICE_DATA_DIR: folder, SLUICE_GRPC_PORT: String(await freePort()) };
    plane = await ControlPlane.start(environment);
    live = await plane.createEnvironment();
    await createFlags(live);
    const shares = ['on', 'off'].map((variation) => ({ variation, share: 50_000 }));
    await live.createFlag({ key: 'half', type: 'boolean' }, { on: true, defaultServe: { split: { shares } } });
    // The providers can show no token: the server is told which one such calls count with.
    environment['SLUICE_FLAGD_TOKEN'] = live.tokens.server.secret;
    await plane.close();
    await start();
    const [host = '', port] = plane.server.grpcAddress.split(':');
    const options = { host, port: Number(port), deadlineMs: 20_000, retryBackoffMs: 1_000, retryBackoffMaxMs: 1_000 };
    for (const [version, Provider] of PROVIDERS) {
      await OpenFeature.setProviderAndWait(version, new Provider({ ...options, resolverType: 'in-process' }));
    }
  }, 120_000);
  afterAll(async () => {
    await OpenFeature.clearProviders();
    await plane.close();
    await rm(folder, { recursive: true });
  });

  async function start(): Promise<void> {
    plane = await ControlPlane.start(environment);
    live = new LiveEnvironment(plane, live.project, live.id, live.tokens);
  }

  /** Resolves for each with what has changed when it is told of a flag. */
  const changesOf = (flag: string): Promise<readonly (readonly string[])[]> =>
    Promise.all(
      VERSIONS.map(
        (version) =>
          new Promise<readonly string[]>((resolve) => {
            clientOf(version).addHandler(ProviderEvents.ConfigurationChanged, (details) => {
              if (details?.flagsChanged?.includes(flag) === true) resolve(details.flagsChanged);
            });
          }),
      ),
    );

  it.each(VERSIONS)('%s has the values of what is carried, and the code’s default of what is not', async (version) => {
    const client = clientOf(version);
    expect(await client.getBooleanDetails('cart', false, { plan: 'pro' })).toMatchObject({
      value: true,
      variant: 'on',
    });
    expect(await client.getBooleanDetails('cart', true, { plan: 'basic' })).toMatchObject({
      value: false,
      variant: 'off',
    });
    expect(await client.getBooleanDetails('odd', true, { plan: 'pro' })).toMatchObject({
      value: true,
      errorCode: 'FLAG_NOT_FOUND',
      flagMetadata: { uncarried: 'odd' },
    });
  });

  it('split by the formula of their time: 0.13.3 not as Sluice does', async () => {
    const isOn = (targetingKey: string): boolean => bucketOf('half', targetingKey, 100_000) < 50_000;
    const keys = Array.from({ length: 200 }, (_, index) => `user-${index}`);
    const differing = async (version: string): Promise<number> => {
      const values = await Promise.all(
        keys.map((targetingKey) => clientOf(version).getBooleanValue('half', false, { targetingKey })),
      );
      return keys.filter((key, index) => values[index] !== isOn(key)).length;
    };
    expect(await differing('0.16.1')).toBe(0);
    expect(await differing('0.13.3')).toBeGreaterThan(50);
  });

  it('are told just what has changed', async () => {
    const changed = changesOf('menu');
    await live.decide('menu', { defaultServe: { variation: 'on' } });
    expect(await changed).toEqual([['menu'], ['menu']]);
    for (const version of VERSIONS) expect(await clientOf(version).getBooleanValue('menu', false)).toBe(true);
  });

  it('keep what they have while the server is away, and go on when it is back', async () => {
    const changed = changesOf('cart');
    await plane.close();
    for (const version of VERSIONS) {
      expect(await clientOf(version).getBooleanValue('cart', false, { plan: 'pro' })).toBe(true);
    }
    await start();
    await live.decide('cart', { on: false });
    expect(await changed).toEqual([['cart'], ['cart']]);
    for (const version of VERSIONS) {
      expect(await clientOf(version).getBooleanValue('cart', true, { plan: 'pro' })).toBe(false);
    }
  }, 60_000);
});
