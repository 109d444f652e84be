import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, codesOf, graphqlOf } from './graphql-client.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const BASE = '/api/v1/projects/shop';
const SETTINGS = {
  on: true,
  offVariation: 'off',
  defaultServe: { variation: 'on' },
  targets: [],
  rules: [],
  prerequisites: [],
};

let server: TestServer;
let api: Api;
let ask: Ask;

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
  ask = graphqlOf(api);
  await ok(api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }, { key: 'staging' }] }));
  for (const key of ['a', 'b', 'c', 'd']) await ok(api('POST', `${BASE}/flags`, { key, type: 'boolean' }));
  await set('a', 'staging', { prerequisites: [{ flag: 'b', variations: ['on'] }] });
  await set('b', 'staging', {});
  await set('c', 'staging', {});
  await set('c', 'production', { on: false, offVariation: 'on' });
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

async function ok(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
const set = (flag: string, environment: string, more: object) =>
  ok(api('PUT', `${BASE}/flags/${flag}/environments/${environment}`, { ...SETTINGS, ...more }, { 'if-match': '*' }));
const rest = async <T = object>(at: string): Promise<T> => (await ok(api('GET', BASE + at))).body as T;

interface Side {
  readonly version: number;
  readonly on: boolean;
}
interface Compared {
  readonly flag: string;
  readonly likeness: string;
  readonly fields: readonly string[];
  readonly left: Side;
  readonly right: Side;
}
interface Comparison {
  readonly flags: {
    readonly edges: readonly { readonly node: Compared }[];
    readonly pageInfo: { readonly endCursor: string };
  };
}

const compare = async (args = ''): Promise<Comparison & Readonly<Record<string, number>>> => {
  const { data, errors } = await ask<{
    readonly project: { readonly compareEnvironments: Comparison & Readonly<Record<string, number>> };
  }>(`{ project(key: "shop") { compareEnvironments(left: "staging", right: "production" ${args}) {
    left right same different onlyLeft onlyRight flags { edges { node { flag likeness fields
      left { flag environment on version prerequisites } right { flag environment on version } } } pageInfo { hasNextPage endCursor } } } } }`);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.project.compareEnvironments;
};
const likenesses = ({ flags }: Comparison) =>
  flags.edges.map(({ node }) => `${node.flag} ${node.likeness} ${node.fields.join()}`);

interface Promoted {
  readonly promoteFlagSettings: {
    readonly node: { readonly changed: readonly string[]; readonly settings: readonly object[] } | null;
    readonly problems: readonly {
      readonly kind: string;
      readonly code: string;
      readonly pointer: string | null;
      readonly message: string;
    }[];
  };
}
const wish = (flag: string, fromVersion: number, toVersion: number) => ({ flag, fromVersion, toVersion });
const promote = async (flags: readonly object[], more: object = {}, as: Ask = ask) => {
  const answer = await as<Promoted>(
    `mutation($input: PromoteFlagSettingsInput!) { promoteFlagSettings(input: $input) {
      node { changed settings { flag environment on version } } problems { kind code pointer message } } }`,
    { input: { project: 'shop', from: 'staging', to: 'production', flags, ...more } },
  );
  return { ...answer, payload: answer.data?.promoteFlagSettings };
};

describe('Two environments', () => {
  it('are compared flag by flag, page by page, as REST does', async () => {
    const all = await compare();
    expect(all).toMatchObject({
      left: 'staging',
      right: 'production',
      same: 1,
      different: 1,
      onlyLeft: 2,
      onlyRight: 0,
    });
    expect(likenesses(all)).toEqual([
      'a onlyLeft on,prerequisites',
      'b onlyLeft on',
      'c different on,offVariation',
      'd same ',
    ]);
    expect(all.flags.edges[0]?.node).toMatchObject({
      left: { flag: 'a', environment: 'staging', on: true, version: 1, prerequisites: [{ flag: 'b' }] },
      right: { flag: 'a', environment: 'production', on: false, version: 0 },
    });
    const first = await compare('first: 1, likeness: [onlyLeft, different]');
    const second = await compare(
      `first: 9, after: "${first.flags.pageInfo.endCursor}", likeness: [onlyLeft, different]`,
    );
    expect([...likenesses(first), ...likenesses(second)]).toEqual(likenesses(all).slice(0, 3));
    const told = await rest<{ readonly items: readonly Compared[]; readonly counts: object }>(
      '/environments/staging/compare/production?likeness=different',
    );
    expect(told).toMatchObject({
      items: [{ flag: 'c', fields: ['on', 'offVariation'] }],
      counts: { same: 1, onlyLeft: 2 },
    });
  });

  it('are not promoted over what changed meanwhile, nor without what is needed', async () => {
    const stale = await promote([wish('a', 1, 0), wish('b', 0, 0), wish('c', 1, 9)]);
    expect(stale.payload).toMatchObject({
      node: null,
      problems: [
        { kind: 'precondition', code: 'VERSION_STALE', pointer: '/flags/1/fromVersion' },
        { kind: 'precondition', code: 'VERSION_STALE', pointer: '/flags/2/toVersion' },
      ],
    });
    const lacking = await promote([wish('a', 1, 0), wish('nobody', 0, 0)]);
    expect(lacking.payload).toMatchObject({
      node: null,
      problems: [
        { kind: 'invalid', code: 'FLAG_UNKNOWN', pointer: '/flags/1/flag' },
        { code: 'PREREQUISITE_UNTOUCHED', pointer: '/flags/0', message: expect.stringContaining('"b"') },
      ],
    });
    expect((await promote([wish('a', 1, 0)], { to: 'staging' })).payload?.problems).toMatchObject([
      { code: 'SAME_ENVIRONMENT' },
    ]);
    expect((await promote([wish('a', 1, 0), wish('a', 1, 0)])).payload?.problems).toMatchObject([
      { pointer: '/flags' },
    ]);
    expect(likenesses(await compare('likeness: [same]'))).toEqual(['d same ']);
  });

  it('are promoted together, on record, and only what was asked for', async () => {
    const before = await rest<{ readonly revision: number }>('/environments/production');
    const { payload } = await promote([wish('a', 1, 0), wish('b', 1, 0), wish('d', 0, 0)]);
    expect(payload).toEqual({
      node: {
        changed: ['a', 'b'],
        settings: [
          { flag: 'a', environment: 'production', on: true, version: 1 },
          { flag: 'b', environment: 'production', on: true, version: 1 },
          { flag: 'd', environment: 'production', on: false, version: 0 },
        ],
      },
      problems: [],
    });
    expect((await rest<{ readonly revision: number }>('/environments/production')).revision).toBeGreaterThan(
      before.revision,
    );
    expect((await ok(api('GET', '/api/v1/audit?limit=3'))).body).toMatchObject({
      items: [
        {
          action: 'environment.promoted',
          subject: 'environment/production',
          after: { from: 'staging', flags: ['a', 'b', 'd'] },
        },
        { action: 'flag.settings.edited', subject: 'flag/b/production' },
        { action: 'flag.settings.edited', subject: 'flag/a/production' },
      ],
    });
    const part = { to: 'production', flags: [wish('c', 1, 1)], fields: ['offVariation'] };
    expect((await ok(api('POST', `${BASE}/environments/staging/promote`, part))).body).toMatchObject({
      items: [{ flag: 'c', isChanged: true, settings: { on: false, offVariation: 'off', version: 2 } }],
    });
    expect(likenesses(await compare('likeness: [different, onlyLeft]'))).toEqual(['c different on']);
  });

  it('are promoted by nobody who may not edit flags', async () => {
    const draft = { kind: 'server', name: 'sdk', project: 'shop', environment: 'production' };
    const { secret } = (await ok(api('POST', '/api/v1/tokens', draft))).body as { readonly secret: string };
    const { payload, ...answer } = await promote([wish('c', 1, 2)], {}, graphqlOf(server.as(secret)));
    expect({ payload: payload ?? null, codes: codesOf(answer) }).toEqual({
      payload: null,
      codes: ['PERMISSION_MISSING'],
    });
  });
});

describe('The system', () => {
  const QUERY = `{ system { version nodeVersion uptimeSeconds residentBytes eventLoop { p50Ms p99Ms maxMs }
    database { kind isReachable answeredMs } redis { isReachable replicas } outbox { waiting oldestAt }
    jobs { name waiting delayed running ended failed lastEndedAt lastFailedAt } sdkStreams eventStreams } }`;
  interface System {
    readonly system: {
      readonly jobs: readonly { readonly name: string; readonly failed: number }[];
      readonly eventStreams: number;
    } | null;
  }

  it('tells those who run it how it is', async () => {
    const opened = await fetch(`${server.url}${BASE}/events`, {
      headers: { authorization: `Bearer ${server.adminToken}`, accept: 'text/event-stream' },
    });
    const { data, errors } = await ask<System>(QUERY);
    await opened.body?.cancel();
    expect(errors).toBeUndefined();
    expect(data.system).toMatchObject({
      nodeVersion: process.versions.node,
      uptimeSeconds: expect.any(Number),
      database: { kind: 'embedded', isReachable: true, answeredMs: expect.any(Number) },
      redis: null,
      outbox: { waiting: expect.any(Number) },
      sdkStreams: 0,
      eventStreams: 1,
    });
    const names = data.system?.jobs.map(({ name }) => name) ?? [];
    expect(names).toContain('rollout.tick');
    expect(names).toEqual([...names].sort());
    expect(data.system?.jobs.every(({ failed }) => failed === 0)).toBe(true);
  });

  it.each<[string, object, string]>([
    ['a pipeline', { kind: 'ci' }, 'PERMISSION_MISSING'],
    ['an admin of one project', { kind: 'admin' }, 'SCOPE_TOO_NARROW'],
  ])('tells %s nothing', async (_name, kind, code) => {
    const draft = { ...kind, name: 'other', project: 'shop' };
    const { secret } = (await ok(api('POST', '/api/v1/tokens', draft))).body as { readonly secret: string };
    const answer = await graphqlOf(server.as(secret))<System>(QUERY);
    expect({ system: answer.data.system, codes: codesOf(answer) }).toEqual({ system: null, codes: [code] });
  });
});
