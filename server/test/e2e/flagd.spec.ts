import { readdirSync, readFileSync } from 'node:fs';
import { type Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorCode, EvaluationContext, JsonValue, Reason, Snapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import { SnapshotSource } from '../../src/delivery/snapshot-source.js';
import { Service as V1 } from '../../src/platform/grpc/generated/flagd/evaluation/v1/evaluation_pb.js';
import { Service as V2 } from '../../src/platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';
import { bearer, ControlPlane, type LiveEnvironment, type TestToken } from '../clients/control-plane.js';
import { GrpcClient } from '../clients/grpc-client.js';
import { startOwnTime } from '../clients/own-time.js';

let plane: ControlPlane;
let live: LiveEnvironment;
let v1: GrpcClient<typeof V1>;
let v2: GrpcClient<typeof V2>;
/** Both, for what they have in common: their messages differ only in what may be left out. */
let both: readonly GrpcClient<typeof V2>[];
const clients: { close(): void }[] = [];

/** A client of a version of flagd's protocol, with a token or other metadata. */
function clientOf<Service extends typeof V1 | typeof V2>(
  service: Service,
  headers: Readonly<Record<string, string>>,
): GrpcClient<Service> {
  const client = new GrpcClient(service, plane.server.grpcAddress, headers);
  clients.push(client);
  return client;
}

beforeAll(async () => {
  plane = await ControlPlane.start();
  live = await plane.createEnvironment();
  v1 = clientOf(V1, bearer(live.tokens.server));
  v2 = clientOf(V2, bearer(live.tokens.client));
  both = [v1 as unknown as typeof v2, v2];
  const on = { on: true, defaultServe: { variation: 'on' } };
  await live.createFlag({ key: 'plain', type: 'boolean', ...{ metadata: { team: 'growth', tier: 2 } } }, on);
  await live.createFlag({ key: 'unset', type: 'boolean' }, { on: false, offVariation: null });
  await live.createFlag({ key: 'switched', type: 'boolean' }, { on: false, offVariation: 'off' });
  await createConstant('price', 'number', 1.5);
  await createConstant('count', 'number', 3);
  await createConstant('words', 'string', 'hello');
  await createConstant('theme', 'json', { bg: '#000', sizes: [1, 2] });
  await createConstant('list', 'json', [1, 2]);
  const clauses = [{ attribute: 'plan', operator: 'in', values: ['pro'] }];
  await live.createFlag(
    { key: 'by-plan', type: 'boolean' },
    { on: true, defaultServe: { variation: 'off' }, rules: [{ clauses, serve: { variation: 'on' } }] },
  );
  const shares = [{ variation: 'on', share: 100_000 }];
  await live.createFlag({ key: 'split', type: 'boolean' }, { on: true, defaultServe: { split: { shares } } });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await plane.close();
});

async function createConstant(key: string, type: string, value: JsonValue): Promise<void> {
  const flag = { key, type, variations: [{ key: 'only', value }] };
  await live.createFlag(flag, { on: true, defaultServe: { variation: 'only' }, offVariation: 'only' });
}

describe('flagd.evaluation.v1 and v2', () => {
  it('answer each type of value, with why', async () => {
    for (const client of both) {
      const plain = await client.ask('resolveBoolean', { flagKey: 'plain' });
      const metadata = { team: 'growth', tier: 2 };
      expect(plain).toMatchObject({ value: true, variant: 'on', reason: 'STATIC', metadata });
      expect(await client.ask('resolveString', { flagKey: 'words' })).toMatchObject({ value: 'hello' });
      expect(await client.ask('resolveFloat', { flagKey: 'price' })).toMatchObject({ value: 1.5, variant: 'only' });
      expect(await client.ask('resolveInt', { flagKey: 'count' })).toMatchObject({ value: 3n });
      const theme = { value: { bg: '#000', sizes: [1, 2] }, reason: 'STATIC' };
      expect(await client.ask('resolveObject', { flagKey: 'theme' })).toMatchObject(theme);
    }
  });

  it('evaluate for the context', async () => {
    for (const client of both) {
      const pro = await client.ask('resolveBoolean', { flagKey: 'by-plan', context: { plan: 'pro' } });
      expect(pro).toMatchObject({ value: true, reason: 'TARGETING_MATCH' });
      const free = await client.ask('resolveBoolean', { flagKey: 'by-plan', context: { plan: 'free' } });
      expect(free).toMatchObject({ value: false, variant: 'off', reason: 'DEFAULT' });
      const user = await client.ask('resolveBoolean', { flagKey: 'split', context: { targetingKey: 'u1' } });
      expect(user).toMatchObject({ value: true, reason: 'SPLIT' });
      const off = await client.ask('resolveBoolean', { flagKey: 'switched' });
      expect(off).toMatchObject({ value: false, variant: 'off', reason: 'DISABLED' });
    }
  });

  it('leave the value to the code where none is configured, each in its own way', async () => {
    const answer = await v2.ask('resolveBoolean', { flagKey: 'unset' });
    expect([answer.value, answer.variant, answer.reason]).toEqual([undefined, undefined, 'DISABLED']);
    await expect(v1.ask('resolveBoolean', { flagKey: 'unset' })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it.each<[string, string, EvaluationContext, number]>([
    ['resolveBoolean', 'nowhere', {}, status.NOT_FOUND],
    ['resolveBoolean', 'words', {}, status.INVALID_ARGUMENT],
    ['resolveInt', 'price', {}, status.INVALID_ARGUMENT],
    ['resolveObject', 'list', {}, status.INVALID_ARGUMENT],
    ['resolveObject', 'plain', {}, status.INVALID_ARGUMENT],
    ['resolveBoolean', 'split', {}, status.FAILED_PRECONDITION],
  ])('refuse %s of %s with %j by the status that clients know: %d', async (method, flagKey, context, code) => {
    for (const client of both) {
      const asked = client.ask(method as 'resolveBoolean', { flagKey, context: context as Record<string, string> });
      await expect(asked).rejects.toMatchObject({ code });
    }
  });

  it('say in words and by code what is wrong', async () => {
    const refusal = await v2.ask('resolveBoolean', { flagKey: 'words' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ details: 'The value of "words" is a string, not a boolean.' });
    expect((refusal as { metadata: Metadata }).metadata.get('sluice-code')).toEqual(['TYPE_MISMATCH']);
  });

  it('answer all flags that have a value', async () => {
    const { flags, metadata } = await v1.ask('resolveAll', { context: { plan: 'pro' } });
    expect(Object.keys(flags)).toEqual(['by-plan', 'count', 'plain', 'price', 'switched', 'theme', 'words']);
    expect(flags['theme']?.value).toEqual({ case: 'objectValue', value: { bg: '#000', sizes: [1, 2] } });
    expect(flags['by-plan']).toMatchObject({ value: { case: 'boolValue', value: true }, reason: 'TARGETING_MATCH' });
    expect(metadata).toEqual({ flagSetId: `${live.project}/live` });
  });
});

describe('the callers of flagd.evaluation', () => {
  it.each<[string, () => Record<string, string>, number, string]>([
    ['none', () => ({}), status.UNAUTHENTICATED, 'TOKEN_MISSING'],
    ['nonsense', () => ({ authorization: 'Bearer nonsense' }), status.UNAUTHENTICATED, 'TOKEN_REFUSED'],
    [
      'a token of no environment',
      () => ({ authorization: `Bearer slu_admin_${'a'.repeat(40)}` }),
      status.PERMISSION_DENIED,
      'PERMISSION_MISSING',
    ],
  ])('are refused with %s, whether they ask or follow', async (_name, headers, code, sluiceCode) => {
    const client = clientOf(V2, headers());
    const refusal = await client.ask('resolveBoolean', { flagKey: 'plain' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code });
    expect((refusal as { metadata: Metadata }).metadata.get('sluice-code')).toEqual([sluiceCode]);
    expect(await client.follow('eventStream', {}).ended()).toBe(code);
  });

  it('may name the environment of their token by a selector, and no other', async () => {
    const asking = (selector: string): GrpcClient<typeof V2> =>
      clientOf(V2, { ...bearer(live.tokens.client), 'flagd-selector': selector });
    expect(await asking('flagSetId=live').ask('resolveBoolean', { flagKey: 'plain' })).toMatchObject({ value: true });
    const other = asking('staging');
    const refusal = { code: status.INVALID_ARGUMENT, details: expect.stringContaining('"staging"') as unknown };
    await expect(other.ask('resolveBoolean', { flagKey: 'plain' })).rejects.toMatchObject(refusal);
    const old = clientOf(V1, { ...bearer(live.tokens.client), 'flagd-selector': 'staging' });
    await expect(old.ask('resolveAll', {})).rejects.toMatchObject(refusal);
    expect(await other.follow('eventStream', {}).ended()).toBe(status.INVALID_ARGUMENT);
  });

  it('may show their token as x-api-key', async () => {
    const client = clientOf(V2, { 'x-api-key': live.tokens.client.secret });
    expect(await client.ask('resolveBoolean', { flagKey: 'plain' })).toMatchObject({ value: true });
  });
});

describe('EventStream', () => {
  it('is ready at once, then tells of each flag whose answers may differ', async () => {
    for (const stream of [v1.follow('eventStream', {}), v2.follow('eventStream', {})]) {
      expect(await stream.next()).toMatchObject({ type: 'provider_ready' });
      await live.decide('switched', { offVariation: 'on' });
      const change = await stream.next();
      const flags = { switched: { type: 'update', source: `${live.project}/live`, flagKey: 'switched' } };
      expect([change.type, change.data]).toEqual(['configuration_change', { flags }]);
      await live.decide('switched', { offVariation: 'off' });
      expect(await stream.next()).toMatchObject({ type: 'configuration_change' });
      stream.call.cancel();
    }
  });

  it('ends within a second when its token is revoked', async () => {
    const doomed: TestToken = await plane.createToken(live.project, 'server');
    const stream = clientOf(V2, bearer(doomed)).follow('eventStream', {});
    await stream.next();
    const ownTime = startOwnTime();
    await live.revoke(doomed);
    expect(await stream.ended()).toBe(status.UNAUTHENTICATED);
    expect(ownTime()).toBeLessThan(1_000);
  });

  it('gathers what a client that does not read misses', async () => {
    const environment = await plane.createEnvironment();
    await environment.createFlag({ key: 'switch', type: 'boolean' });
    const source = plane.server.app.get(SnapshotSource);
    const stored = source.load.bind(source);
    source.load = async (id) => {
      const snapshot = await stored(id);
      return id === environment.id && snapshot ? { ...snapshot, flags: manyFlags(snapshot.revision) } : snapshot;
    };
    const stream = clientOf(V2, bearer(environment.tokens.server)).follow('eventStream', {});
    await stream.next();
    stream.call.pause();
    const changes = 60;
    for (let count = 0; count < changes; count += 1) {
      await environment.decide('switch', {
        on: count % 2 === 0,
        offVariation: 'off',
        defaultServe: { variation: 'on' },
      });
    }
    await environment.createFlag({ key: 'last', type: 'boolean' });
    source.load = stored;
    await environment.decide('last', { on: true, defaultServe: { variation: 'on' } });
    stream.call.resume();
    let told = 0;
    for (let isOver = false; !isOver; told += 1) {
      const { data } = await stream.next();
      isOver = Object.hasOwn((data?.['flags'] ?? {}) as object, 'last');
    }
    expect(told).toBeLessThan(changes);
    stream.call.cancel();
  });
});

/** So many that few messages about them fit into what gRPC sends to a client that does not read. */
function manyFlags(version: number): readonly SnapshotFlag[] {
  return Array.from({ length: 400 }, (_, index) => ({
    key: `${'k'.repeat(100)}${index}`,
    type: 'boolean',
    version,
    on: true,
    variations: [],
    targets: [],
    rules: [],
    prerequisites: [],
  }));
}

interface Vectors {
  readonly snapshot: Snapshot;
  readonly cases: readonly {
    readonly name: string;
    readonly flag: string;
    readonly context: EvaluationContext;
    readonly expected: {
      readonly value?: JsonValue;
      readonly variant?: string;
      readonly reason: Reason;
      readonly errorCode?: ErrorCode;
    };
  }[];
}

const VECTORS = new URL('../../../sdk/vectors/', import.meta.url);

/** Those of flags; flagd knows nothing of versions of services. */
const FILES = readdirSync(VECTORS).filter((name) => name.endsWith('.json') && name !== 'versions.json');

const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  FLAG_NOT_FOUND: status.NOT_FOUND,
  PARSE_ERROR: status.DATA_LOSS,
};

describe.each(FILES)('the vectors of %s', (file) => {
  const text = readFileSync(new URL(file, VECTORS), 'utf8');
  const { snapshot, cases } = JSON.parse(text) as Vectors; // safe: ours, and read by the SDK's tests too
  let old: GrpcClient<typeof V2>;
  let recent: GrpcClient<typeof V2>;

  beforeAll(async () => {
    const environment = await plane.createEnvironment();
    const source = plane.server.app.get(SnapshotSource);
    const stored = source.load.bind(source);
    source.load = (id) => (id === environment.id ? Promise.resolve(snapshot) : stored(id));
    old = clientOf(V1, bearer(environment.tokens.client)) as unknown as typeof recent; // see `both`
    recent = clientOf(V2, bearer(environment.tokens.client));
  });

  it.each(cases.map((each) => [each.name, each] as const))('%s', async (_name, { flag, context, expected }) => {
    const { value, variant, reason, errorCode } = expected;
    const request = { flagKey: flag, context: context as Record<string, string> };
    const method = methodFor(value);
    const [answer, answerOfOld] = await Promise.all([ask(recent, method, request), ask(old, method, request)]);
    if (errorCode !== undefined) {
      const code = STATUS_OF[errorCode] ?? status.FAILED_PRECONDITION;
      expect([answer, answerOfOld]).toEqual([{ code }, { code }]);
    } else {
      expect(answer).toEqual({ value, variant, reason });
      expect(answerOfOld).toEqual(value === undefined ? { code: status.NOT_FOUND } : answer);
    }
  });
});

type Method = 'resolveBoolean' | 'resolveString' | 'resolveFloat' | 'resolveObject';

function methodFor(value: JsonValue | undefined): Method {
  if (typeof value === 'string') return 'resolveString';
  if (typeof value === 'number') return 'resolveFloat';
  return typeof value === 'object' ? 'resolveObject' : 'resolveBoolean';
}

/** What came of a question: the answer without its metadata, or the status. */
async function ask(
  client: GrpcClient<typeof V2>,
  method: Method,
  request: { readonly flagKey: string; readonly context: Record<string, string> },
): Promise<object> {
  try {
    const { value, variant, reason } = await client.ask(method, request);
    return { value, variant, reason };
  } catch (error) {
    return { code: (error as { code: number }).code };
  }
}
