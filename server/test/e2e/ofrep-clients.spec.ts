import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { ClientProviderEvents, type EvaluationContext } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { OFREPApi } from 'ofrep-core-2';
import { ControlPlane, type LiveEnvironment } from '../clients/control-plane.js';

let plane: ControlPlane;
let live: LiveEnvironment;

beforeAll(async () => {
  plane = await ControlPlane.start();
  live = await plane.createEnvironment();
  const on = { on: true, defaultServe: { variation: 'on' } };
  await live.createFlag({ key: 'plain', type: 'boolean' }, on);
  await live.createFlag({ key: 'team/checkout', type: 'boolean' }, on);
  await live.createFlag({ key: 'unset', type: 'boolean' });
  const price = { variations: [{ key: 'low', value: 1.5 }] };
  await live.createFlag(
    { key: 'price', type: 'number', ...price },
    { on: true, defaultServe: { variation: 'low' }, offVariation: 'low' },
  );
  const theme = { variations: [{ key: 'dark', value: { bg: '#000', sizes: [1, 2] } }] };
  await live.createFlag(
    { key: 'theme', type: 'json', ...theme },
    { on: true, defaultServe: { variation: 'dark' }, offVariation: 'dark' },
  );
  await live.createFlag(
    { key: 'by-plan', type: 'boolean' },
    {
      on: true,
      defaultServe: { variation: 'off' },
      rules: [{ clauses: [{ attribute: 'plan', operator: 'in', values: ['pro'] }], serve: { variation: 'on' } }],
    },
  );
  const shares = [{ variation: 'on', share: 100_000 }];
  await live.createFlag({ key: 'split', type: 'boolean' }, { on: true, defaultServe: { split: { shares } } });
}, 60_000);
afterAll(() => plane.close());

const headersOf = (secret: string): [string, string][] => [['Authorization', `Bearer ${secret}`]];

describe('@openfeature/ofrep-provider 0.1.3', () => {
  const provider = (secret = live.tokens.server.secret): OFREPProvider =>
    new OFREPProvider({ baseUrl: plane.url, headers: headersOf(secret) });

  it('gets values of every type', async () => {
    const user = { targetingKey: 'u1' };
    expect(await provider().resolveBooleanEvaluation('plain', false, user)).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'STATIC',
    });
    expect((await provider().resolveNumberEvaluation('price', 0, user)).value).toBe(1.5);
    expect((await provider().resolveObjectEvaluation('theme', {}, user)).value).toEqual({ bg: '#000', sizes: [1, 2] });
  });

  it('gets flags whose keys have slashes, which it does not encode', async () => {
    expect((await provider().resolveBooleanEvaluation('team/checkout', false, {})).value).toBe(true);
  });

  it('is told what is wrong', async () => {
    const codeOf = async (key: string): Promise<unknown> =>
      provider()
        .resolveBooleanEvaluation(key, false, {})
        .then(
          ({ errorCode }) => errorCode,
          (error: { code?: unknown }) => error.code,
        );
    expect([await codeOf('nowhere'), await codeOf('split'), await codeOf('price')]).toEqual([
      'FLAG_NOT_FOUND',
      'TARGETING_KEY_MISSING',
      'TYPE_MISMATCH',
    ]);
    await expect(provider('nonsense').resolveBooleanEvaluation('plain', false, {})).rejects.toMatchObject({
      name: 'OFREPApiUnauthorizedError',
    });
  });
});

describe('@openfeature/ofrep-core 2.3.0', () => {
  const api = (): OFREPApi => new OFREPApi({ baseUrl: plane.url, headers: [['X-API-Key', live.tokens.client.secret]] });

  it('evaluates one flag', async () => {
    const evaluate = async (key: string, context: EvaluationContext = {}): Promise<unknown[]> => {
      const { httpStatus, value } = await api().postEvaluateFlag(key, { context });
      return [httpStatus, value];
    };
    expect(await evaluate('team/checkout')).toEqual([200, expect.objectContaining({ value: true })]);
    expect(await evaluate('by-plan', { plan: 'pro' })).toEqual([200, expect.objectContaining({ value: true })]);
    expect(await evaluate('unset')).toEqual([200, expect.objectContaining({ reason: 'DISABLED' })]);
    expect(await evaluate('nowhere')).toEqual([404, expect.objectContaining({ errorCode: 'FLAG_NOT_FOUND' })]);
    expect(await evaluate('split')).toEqual([400, expect.objectContaining({ errorCode: 'TARGETING_KEY_MISSING' })]);
  });

  it('evaluates all, and is told when nothing is new', async () => {
    const first = await api().postBulkEvaluateFlags({ context: { targetingKey: 'u1' } });
    const etag = first.httpResponse?.headers.get('etag') ?? null;
    expect(first).toMatchObject({ httpStatus: 200, value: { flags: expect.any(Array) } });
    const again = await api().postBulkEvaluateFlags({ context: { targetingKey: 'u1' } }, etag);
    expect(again.httpStatus).toBe(304);
    const metadata = { flagConfigEtag: '999.elsewhere', flagConfigLastModified: 1_771_622_898 };
    const told = await api().postBulkEvaluateFlags({ context: { targetingKey: 'u1' } }, etag, metadata);
    expect(told.httpStatus).toBe(200);
  });
});

describe('@openfeature/ofrep-web-provider 0.4.3', () => {
  const globals = globalThis as { EventSource?: unknown };
  const before = globals.EventSource;
  let provider: OFREPWebProvider;
  let requests: { readonly url: string; readonly ifNoneMatch: string | null; readonly status: number }[];

  beforeAll(() => {
    globals.EventSource = EventSource;
  });
  afterAll(() => {
    globals.EventSource = before;
  });
  beforeEach(() => {
    requests = [];
    provider = new OFREPWebProvider({
      baseUrl: plane.url,
      headers: headersOf(live.tokens.client.secret),
      cacheMode: 'disabled',
      fetchImplementation: async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
        const request = new Request(input, init);
        const response = await fetch(request);
        requests.push({ url: request.url, ifNoneMatch: request.headers.get('if-none-match'), status: response.status });
        return response;
      },
    });
  });
  afterEach(() => provider.onClose?.());

  const isOn = (key: string): boolean => provider.resolveBooleanEvaluation(key, false, {}).value;
  /** Resolves with the keys of the next change. */
  const changed = (): Promise<readonly string[] | undefined> =>
    new Promise((resolve, reject) => {
      const timeout = AbortSignal.timeout(20_000);
      timeout.addEventListener('abort', () => reject(new Error('No change was told.')));
      provider.events?.addHandler(ClientProviderEvents.ConfigurationChanged, (details) =>
        resolve(details?.flagsChanged as readonly string[] | undefined),
      );
    });

  it('gets all flags at once, slashes and all', async () => {
    await provider.initialize({ targetingKey: 'u1', plan: 'pro' });
    expect(['plain', 'team/checkout', 'by-plan', 'split'].map(isOn)).toEqual([true, true, true, true]);
    expect(provider.resolveNumberEvaluation('price', 0, {}).value).toBe(1.5);
    expect(provider.resolveBooleanEvaluation('unset', true, {})).toMatchObject({ reason: 'DISABLED' });
    expect(provider.resolveBooleanEvaluation('nowhere', true, {})).toMatchObject({
      value: true,
      errorCode: 'FLAG_NOT_FOUND',
    });
  });

  it('gets new values when only an attribute changes, though it sends the old tag', async () => {
    await provider.initialize({ targetingKey: 'u1', plan: 'pro' });
    await provider.onContextChange({ targetingKey: 'u1', plan: 'pro' }, { targetingKey: 'u1', plan: 'free' });
    expect(requests.at(-1)).toMatchObject({ ifNoneMatch: expect.any(String), status: 200 });
    expect(isOn('by-plan')).toBe(false);
  });

  it('evaluates again when told of a change, and sends back what it was told', async () => {
    await provider.initialize({ targetingKey: 'u1' });
    const change = changed();
    await live.decide('plain', { on: false });
    expect(await change).toEqual(['plain']);
    expect(isOn('plain')).toBe(false);
    expect(requests.at(-1)?.url).toMatch(/flagConfigEtag=\d+\.[\w-]{16}&flagConfigLastModified=\d+$/u);
    const changeBack = changed();
    await live.decide('plain', { on: true });
    await changeBack;
    expect(isOn('plain')).toBe(true);
  });

  it('refuses to start with a token that does not work', async () => {
    const foreign = new OFREPWebProvider({
      baseUrl: plane.url,
      headers: headersOf('nonsense'),
      cacheMode: 'disabled',
    });
    await expect(foreign.initialize({})).rejects.toThrow();
  });
});
