import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import { type Ask, codesOf, graphqlOf } from './graphql-client.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const BASE = '/api/v1/projects/shop';

let server: TestServer;
let api: Api;
let ask: Ask;

async function ok(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
const edit = (flag: string, environment: string, body: object) =>
  ok(api('PATCH', `${BASE}/flags/${flag}/environments/${environment}`, body, { 'if-match': '*' }));

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
  ask = graphqlOf(api);
  await ok(api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'live' }, { key: 'test' }] }));
  const flags = [
    { key: 'asked', owner: 'carts' },
    { key: 'decided', owner: 'Carts' },
    { key: 'late', dueAt: '2020-01-01T00:00:00Z' },
    { key: 'young', type: 'string', variations: [{ key: 'a', value: 'a' }] },
  ];
  for (const flag of flags) await ok(api('POST', `${BASE}/flags`, { type: 'boolean', ...flag }));
  for (const environment of ['live', 'test']) await edit('decided', environment, { on: true });
  await edit('asked', 'live', { on: true });
  const token = await ok(
    api('POST', '/api/v1/tokens', { kind: 'server', name: 's', project: 'shop', environment: 'live' }),
  );
  const used = (flag: string, agoMs: number) => {
    return { flag, variation: 'on', count: 1, lastAt: new Date(Date.now() - agoMs).toISOString() };
  };
  const batch = aTelemetryBatch({ evaluations: [used('asked', 60_000), used('decided', 30_000)] });
  await ok(server.as((token.body as { readonly secret: string }).secret)('POST', '/sdk/v1/telemetry', batch));
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

interface Listed {
  readonly items: readonly { readonly key: string }[];
  readonly nextCursor: string | null;
}
const rest = async (query: string, of = 'flags'): Promise<Listed> =>
  (await ok(api('GET', `${BASE}/${of}?${query}`))).body as Listed;
const byRest = async (query: string): Promise<readonly string[]> => (await rest(query)).items.map(({ key }) => key);

interface Connected {
  readonly edges: readonly {
    readonly node: { readonly key: string; readonly stage: string };
    readonly cursor: string;
  }[];
  readonly pageInfo: { readonly endCursor: string };
}
const connection = async (args: string, of = 'flags', fields = 'key stage'): Promise<Connected> => {
  const query = `{ project(key: "shop") { list: ${of}(${args}) {
    edges { cursor node { ${fields} } } pageInfo { endCursor } } } }`;
  const { data, errors } = await ask<{ readonly project: { readonly list: Connected } }>(query);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.project.list;
};
const byGraphql = async (args: string): Promise<readonly string[]> =>
  (await connection(args)).edges.map(({ node }) => node.key);

describe('A list of flags', () => {
  it.each<[string, string, readonly string[]]>([
    ['stage=settled', 'stage: settled', ['decided']],
    ['stale=true', 'stale: true', ['decided', 'late']],
    ['stale=false&sort=evaluated', 'stale: false, sort: evaluated', ['asked', 'young']],
    ['type=string', 'type: string', ['young']],
    ['environment=live&on=true', 'environment: "live", on: true', ['asked', 'decided']],
    ['environment=test&on=false', 'environment: "test", on: false', ['asked', 'late', 'young']],
    ['sort=key&descending=true', 'sort: key, descending: true', ['young', 'late', 'decided', 'asked']],
    ['sort=updated', 'sort: updated', ['asked', 'decided', 'late', 'young']],
    ['sort=due', 'sort: due', ['late', 'asked', 'decided', 'young']],
    ['sort=stage', 'sort: stage', ['young', 'asked', 'decided', 'late']],
    [
      'sort=evaluated&descending=true&environment=live',
      'sort: evaluated, descending: true, environment: "live"',
      ['decided', 'asked', 'late', 'young'],
    ],
    ['sort=state&environment=test', 'sort: state, environment: "test"', ['asked', 'late', 'young', 'decided']],
  ])('is the same by REST (?%s) and by GraphQL', async (query, args, expected) => {
    expect(await byRest(query)).toEqual(expected);
    expect(await byGraphql(args)).toEqual(expected);
  });

  it('tells the stage of each, of all in one question', async () => {
    const { edges } = await connection('first: 10');
    expect(edges.map(({ node }) => node.stage)).toEqual(['live', 'settled', 'overdue', 'new']);
    const { data } = await ask('{ project(key: "shop") { flag(key: "late") { stage isOverdue } } }');
    expect(data).toEqual({ project: { flag: { stage: 'overdue', isOverdue: true } } });
  });

  it('goes on behind a cursor in the same list alone, by either API', async () => {
    const first = await rest('sort=stage&descending=true&limit=2');
    expect(first.items.map(({ key }) => key)).toEqual(['late', 'decided']);
    const { edges, pageInfo } = await connection('sort: stage, descending: true, first: 2');
    expect([edges[1]?.cursor, pageInfo.endCursor]).toEqual([first.nextCursor, first.nextCursor]);
    const after = String(first.nextCursor);
    expect(await byRest(`sort=stage&descending=true&after=${after}`)).toEqual(['asked', 'young']);
    expect(await byGraphql(`sort: stage, descending: true, after: "${edges[0]?.cursor}"`)).toEqual([
      ...['decided', 'asked', 'young'],
    ]);
    const codeOf = async (query: string) => (await api('GET', `${BASE}/flags?${query}`)).body as { code: string };
    expect(await codeOf(`sort=stage&after=${after}`)).toMatchObject({ status: 400, code: 'CURSOR_OF_ANOTHER_LIST' });
    expect(await codeOf(`sort=stage&descending=true&stale=true&after=${after}`)).toMatchObject({
      code: 'CURSOR_OF_ANOTHER_LIST',
    });
    expect(await codeOf('after=YQ')).toMatchObject({ code: 'CURSOR_UNKNOWN' });
    expect(await codeOf('on=true')).toMatchObject({ code: 'ENVIRONMENT_MISSING' });
    expect(await codeOf('sort=colour')).toMatchObject({ code: 'VALIDATION_FAILED' });
    const query = `{ project(key: "shop") { flags(after: "${after}") { edges { cursor } } } }`;
    expect(codesOf(await ask(query))).toEqual(['CURSOR_OF_ANOTHER_LIST']);
  });
});

describe('What lists of flags cost', () => {
  const often = async (args: string) => {
    const lists = Array.from({ length: 28 }, (_, i) => `a${i}: flags(first: 1, ${args}) { edges { cursor } }`);
    return codesOf(await ask(`{ project(key: "shop") { ${lists.join(' ')} } }`));
  };

  it.each(['sort: stage', 'sort: state, environment: "test"', 'sort: evaluated', 'stage: live', 'stale: false'])(
    'is much where all flags of the project are read: %s',
    async (args) => expect(await often(args)).toEqual(['QUERY_TOO_COSTLY']),
  );

  it('is little where the store puts them in order, and a page of the console in any order is within bounds', async () => {
    expect(await often('sort: name, stage: null')).toEqual([]);
    const fields = `key name tags owner dueAt stage usage(environment: "test") { lastEvaluatedAt }
      environments { environment on defaultServe offVariation ruleCount targetCount }`;
    const { edges } = await connection('sort: state, environment: "test", stale: true, first: 100', 'flags', fields);
    expect(edges.map(({ node }) => node.key)).toEqual(['late', 'decided']);
  });
});

describe('A list of segments', () => {
  it('is searched by the server', async () => {
    for (const [key, name] of [
      ['beta', 'Testers'],
      ['staff', 'All beta_staff'],
      ['others', 'Others'],
    ]) {
      await ok(api('POST', `${BASE}/segments`, { key, name }));
    }
    const found = async (search: string) => {
      const [one, other] = [
        await rest(`search=${search}`, 'segments'),
        await connection(`search: "${search}"`, 'segments', 'key'),
      ];
      const keys = one.items.map(({ key }) => key);
      expect(other.edges.map(({ node }) => node.key)).toEqual(keys);
      return keys;
    };
    expect(await found('BETA')).toEqual(['beta', 'staff']);
    expect(await found('a_s')).toEqual(['staff']);
    const { nextCursor } = await rest('search=beta&limit=1', 'segments');
    expect((await rest(`search=beta&after=${nextCursor}`, 'segments')).items).toMatchObject([{ key: 'staff' }]);
  });
});

describe('Settings of a flag', () => {
  const at = `${BASE}/flags/asked/environments/live`;

  it('are told change by change, and put back', async () => {
    await edit('asked', 'live', { on: false });
    const { items } = (await ok(api('GET', `${at}/revisions?limit=1`))).body as {
      readonly items: readonly Readonly<Record<string, unknown>>[];
    };
    expect(items).toEqual([
      {
        ...{ sequence: expect.any(Number), at: expect.any(String), action: 'flag.settings.edited' },
        actor: { kind: 'token', id: expect.any(String), name: expect.any(String) },
        before: expect.objectContaining({ on: true, version: 1 }),
        after: expect.objectContaining({ on: false, version: 2, reason: 'switched off by hand' }),
      },
    ]);
    const all = (await ok(api('GET', `${at}/revisions`))).body as { items: readonly { readonly sequence: number }[] };
    expect(all.items).toHaveLength(2);
    const revert = (sequence: string, version: number) =>
      api('POST', `${at}/revisions/${sequence}/revert`, undefined, { 'if-match': `"${version}"` });
    const first = String(all.items[1]?.sequence);
    expect(await revert(first, 1)).toMatchObject({ status: 412, body: { code: 'VERSION_STALE' } });
    expect(await revert(first, 2)).toMatchObject({ status: 200, body: { on: true, version: 3 } });
    for (const none of ['999999', 'x', '-1', '1.5', '12345678901234567890']) {
      const refusal = { code: 'REVISION_NOT_FOUND', detail: expect.stringContaining(`no revision "${none}" in live`) };
      expect(await revert(none, 3)).toMatchObject({ status: 404, body: refusal });
    }
    expect(await api('GET', `${at}/revisions?after=YQ`)).toMatchObject({ status: 400 });
  });

  it('are explained to a context, as they are and as they would be', async () => {
    const explain = (body: unknown) => api('POST', `${at}/explanation`, body);
    expect(await explain({ context: { targetingKey: 'ada' } })).toMatchObject({
      status: 200,
      body: {
        ...{ value: true, variation: 'on', reason: 'STATIC', decision: 'default', ruleIndex: null, bucket: null },
        ...{ errorCode: null, errorMessage: null, prerequisites: [], rules: [] },
      },
    });
    const clauses = [{ attribute: 'plan', operator: 'in', values: ['staff'] }];
    const split = { shares: [{ variation: 'off', share: 100_000 }] };
    const draft = { rules: [{ id: 'r', clauses, serve: { split } }] };
    expect((await explain({ context: { targetingKey: 'ada', plan: 'staff' }, draft })).body).toMatchObject({
      ...{ value: false, decision: 'rule', ruleIndex: 0, bucket: { bucketBy: 'targetingKey', total: 100_000 } },
      rules: [{ id: 'r', match: 'yes', isReached: true, clauses: [{ match: 'yes', value: 'staff', problem: null }] }],
    });
    expect(await explain({ context: [], extra: 1 })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/extra' }, { pointer: '/context' }] },
    });
    expect((await explain({ context: {}, draft: { offVariation: 'none' } })).body).toMatchObject({
      errors: [{ pointer: '/draft/offVariation', code: 'VARIATION_UNKNOWN' }],
    });
  });
});
