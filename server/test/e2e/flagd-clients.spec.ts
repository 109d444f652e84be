import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { FlagdWebProvider } from '@openfeature/flagd-web-provider';
import { type Client, OpenFeature, type Provider, ProviderEvents } from '@openfeature/server-sdk';
import {
  type Client as WebClient,
  OpenFeature as WebOpenFeature,
  ProviderEvents as WebProviderEvents,
} from '@openfeature/web-sdk';
import { FlagdProvider as FlagdProvider013 } from '@sluice/flagd-provider-0-13';
import { bearer, ControlPlane, LiveEnvironment } from '../clients/control-plane.js';

let dataDir: string;
let plane: ControlPlane;
let live: LiveEnvironment;

// Its providers for Node have no way to send a token, so the server is told which one calls on its gRPC port count with.
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-flagd-'));
  const first = await ControlPlane.start({ SLUICE_DATA_DIR: dataDir });
  const { project, id, tokens } = await first.createEnvironment();
  await first.close();
  plane = await ControlPlane.start({ SLUICE_DATA_DIR: dataDir, SLUICE_FLAGD_TOKEN: tokens.server.secret });
  live = new LiveEnvironment(plane, project, id, tokens);
  const on = { on: true, defaultServe: { variation: 'on' } };
  await live.createFlag({ key: 'plain', type: 'boolean' }, on);
  await live.createFlag({ key: 'unset', type: 'boolean' }, { on: false, offVariation: null });
  const theme = { variations: [{ key: 'dark', value: { bg: '#000', sizes: [1, 2] } }] };
  await live.createFlag(
    { key: 'theme', type: 'json', ...theme },
    { on: true, defaultServe: { variation: 'dark' }, offVariation: 'dark' },
  );
  const clauses = [{ attribute: 'plan', operator: 'in', values: ['pro'] }];
  await live.createFlag(
    { key: 'by-plan', type: 'boolean' },
    { on: true, defaultServe: { variation: 'off' }, rules: [{ clauses, serve: { variation: 'on' } }] },
  );
});
afterAll(async () => {
  await plane.close();
  await rm(dataDir, { recursive: true });
});

const whereGrpc = (): { host: string; port: number; tls: false } => {
  const [host = '', port = ''] = plane.server.grpcAddress.split(':');
  return { host, port: Number(port), tls: false };
};

describe.each<[string, () => Provider]>([
  ['0.16.1', () => new FlagdProvider({ ...whereGrpc(), deadlineMs: 10_000 })],
  ['0.13.3', () => new FlagdProvider013(whereGrpc())],
])('@openfeature/flagd-provider %s', (version, makeProvider) => {
  let client: Client;

  beforeAll(async () => {
    await OpenFeature.setProviderAndWait(version, makeProvider());
    client = OpenFeature.getClient(version);
  });
  afterAll(() => OpenFeature.clearProviders());

  it('gets values, with why', async () => {
    expect(await client.getObjectDetails('theme', {})).toMatchObject({
      value: { bg: '#000', sizes: [1, 2] },
      variant: 'dark',
    });
    expect(await client.getBooleanDetails('by-plan', false, { plan: 'pro' })).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'TARGETING_MATCH',
    });
  });

  it('keeps no answer that depends on the context', async () => {
    for (const plan of ['pro', 'free', 'pro']) {
      expect(await client.getBooleanValue('by-plan', false, { plan })).toBe(plan === 'pro');
    }
  });

  it('takes the default in the code where no value is configured', async () => {
    expect([await client.getBooleanValue('unset', true), await client.getBooleanValue('unset', false)]).toEqual([
      true,
      false,
    ]);
  });

  it('is told what is wrong', async () => {
    expect(await client.getBooleanDetails('nowhere', true)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
    expect(await client.getStringDetails('plain', '')).toMatchObject({ errorCode: 'TYPE_MISMATCH' });
  });

  it('keeps what is static until it hears of a change', async () => {
    expect(await client.getBooleanDetails('plain', false)).toMatchObject({ value: true, reason: 'STATIC' });
    expect(await client.getBooleanDetails('plain', false)).toMatchObject({ value: true, reason: 'CACHED' });
    const changed = new Promise((resolve) => {
      client.addHandler(ProviderEvents.ConfigurationChanged, (details) => resolve(details?.flagsChanged));
    });
    await live.decide('plain', { on: false });
    expect(await changed).toEqual(['plain']);
    expect(await client.getBooleanDetails('plain', true)).toMatchObject({ value: false, reason: 'DISABLED' });
    expect(await client.getBooleanDetails('plain', true)).toMatchObject({ value: false, reason: 'DISABLED' });
    await live.decide('plain', { on: true });
  });
});

describe('@openfeature/flagd-web-provider 0.7.4', () => {
  let client: WebClient;

  beforeEach(async () => {
    const { hostname: host, port } = new URL(plane.url);
    const authorization = `Bearer ${live.tokens.client.secret}`;
    const provider = new FlagdWebProvider({
      host,
      port: Number(port),
      tls: false,
      interceptors: [
        (next) => (request) => {
          request.header.set('authorization', authorization);
          return next(request);
        },
      ],
    });
    await WebOpenFeature.setContext('web', { targetingKey: 'u1', plan: 'pro' });
    await WebOpenFeature.setProviderAndWait('web', provider);
    client = WebOpenFeature.getClient('web');
  });
  afterEach(() => WebOpenFeature.clearProviders());

  it('gets all flags for its context at once', async () => {
    expect(client.getBooleanValue('plain', false)).toBe(true);
    expect(client.getObjectValue('theme', {})).toEqual({ bg: '#000', sizes: [1, 2] });
    expect([client.getBooleanValue('unset', true), client.getBooleanValue('unset', false)]).toEqual([true, false]);
    await WebOpenFeature.setContext('web', { targetingKey: 'u1', plan: 'pro' });
    expect(client.getBooleanDetails('by-plan', false)).toMatchObject({ value: true, reason: 'TARGETING_MATCH' });
    await WebOpenFeature.setContext('web', { targetingKey: 'u1', plan: 'free' });
    expect(client.getBooleanDetails('by-plan', true)).toMatchObject({ value: false, reason: 'DEFAULT' });
  });

  it('evaluates again when told of a change', async () => {
    const changed = new Promise((resolve) => client.addHandler(WebProviderEvents.ConfigurationChanged, resolve));
    await live.decide('plain', { on: false });
    await changed;
    expect(client.getBooleanDetails('plain', true)).toMatchObject({ value: false, reason: 'DISABLED' });
    await live.decide('plain', { on: true });
  });
});

describe('the Connect routes', () => {
  const fromPage = { origin: 'https://shop.example' };
  const call = (method: string, headers: Record<string, string>, body = '{"flagKey":"plain"}'): Promise<Response> =>
    fetch(`${plane.url}/flagd.evaluation.v1.Service/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'connect-protocol-version': '1', ...headers },
      body,
    });
  const follow = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${plane.url}/flagd.evaluation.v1.Service/EventStream`, {
      method: 'POST',
      headers: { 'content-type': 'application/connect+json', ...headers },
      // One message of two bytes (https://connectrpc.com/docs/protocol#streaming-request).
      body: Uint8Array.of(0, 0, 0, 0, 2, ...Buffer.from('{}')),
    });
  const token = (): Record<string, string> => ({ authorization: `Bearer ${live.tokens.client.secret}` });

  it.each<[string, string, () => Record<string, string>, number, string]>([
    ['a flag', '{"flagKey":"nowhere"}', token, 404, 'not_found'],
    ['its type', '{"flagKey":"theme"}', token, 400, 'invalid_argument'],
    ['a token', '{"flagKey":"plain"}', () => fromPage, 401, 'unauthenticated'],
    ['JSON', '{"flagKey":', token, 400, 'invalid_argument'],
  ])('say what is wrong with %s, to web pages too', async (_name, body, headers, httpStatus, code) => {
    const response = await call('ResolveBoolean', headers(), body);
    expect([response.status, await response.json()]).toEqual([httpStatus, expect.objectContaining({ code })]);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('tell browsers that they may ask', async () => {
    const asked = await fetch(`${plane.url}/flagd.evaluation.v1.Service/ResolveAll`, { method: 'OPTIONS' });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/Authorization.*Connect-Protocol-Version/u);
  });

  it('refuse who shows no token: the one in the settings is for the gRPC port', async () => {
    expect(await (await call('ResolveBoolean', {})).json()).toMatchObject({ code: 'unauthenticated' });
    expect(await (await follow({})).text()).toContain('"code":"unauthenticated"');
  });

  it('take a selector that names the environment of the token, and no other', async () => {
    const asking = (selector: string): Promise<Response> =>
      call('ResolveBoolean', { ...token(), 'flagd-selector': selector });
    expect(await (await asking('live')).json()).toMatchObject({ value: true });
    expect(await (await asking('staging')).json()).toMatchObject({ code: 'invalid_argument' });
  });

  it('take no more than other routes', async () => {
    const body = JSON.stringify({ flagKey: 'plain', context: { text: 'x'.repeat(3 * 1024 * 1024) } });
    expect(await (await call('ResolveBoolean', token(), body)).json()).toMatchObject({ code: 'resource_exhausted' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['no token', fromPage, 'unauthenticated'],
    ['a token of no environment', { authorization: `Bearer slu_admin_${'a'.repeat(40)}` }, 'permission_denied'],
  ])('refuse a stream to who shows %s', async (_name, headers, code) => {
    const response = await follow(headers);
    expect(await response.text()).toContain(`"code":"${code}"`);
  });

  it('end a stream within a second when its token is revoked', async () => {
    const doomed = await plane.createToken(live.project, 'client');
    const response = await follow(bearer(doomed));
    // A response of 200 has a body.
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const read = async (): Promise<string> => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await read()).toContain('provider_ready');
    await live.revoke(doomed);
    expect(await read()).toContain('unauthenticated');
  });
});
