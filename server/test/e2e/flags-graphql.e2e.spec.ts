import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, codesOf, type GraphqlAnswer, graphqlOf } from './graphql-client.js';
import { type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;

let server: TestServer;
let api: Api;
let ask: Ask;

interface Outcome<T> {
  readonly node: T;
  readonly problems: readonly { readonly code: string; readonly pointer: string | null }[];
}
const mutate = async <T>(name: string, input: object, fields: string, as: Ask = ask): Promise<Outcome<T>> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { node { ${fields} } problems { code pointer } } }`;
  const { data, errors } = await as<Readonly<Record<string, Outcome<T>>>>(query, { input });
  const outcome = data?.[name];
  if (outcome === undefined || outcome === null) throw new Error(JSON.stringify(errors));
  return outcome;
};
/** What is asked of the project; throws where any of it is refused. */
const inShop = async <T>(fields: string, variables: object = {}, head = ''): Promise<T> => {
  const { data, errors } = await ask<{ readonly project: T }>(
    `query${head} { project(key: "shop") { ${fields} } }`,
    variables,
  );
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.project;
};
const made = async (key: string, document: object = {}) => {
  const draft = { type: 'boolean', ...document, key };
  const { node, problems } = await mutate<object>('createFlag', { project: 'shop', document: draft }, 'key version');
  expect({ node, problems }).toEqual({ node: { key, version: 1 }, problems: [] });
};
const at = (flag: string, more: object = {}) => ({ project: 'shop', environment: 'production', flag, ...more });

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
  ask = graphqlOf(api);
  const document = { key: 'shop', environments: [{ key: 'production', production: true }, { key: 'staging' }] };
  expect(await mutate('createProject', { document }, 'key version environments { key production }')).toEqual({
    problems: [],
    node: {
      ...{ key: 'shop', version: 1 },
      environments: [
        { key: 'production', production: true },
        { key: 'staging', production: false },
      ],
    },
  });
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

describe('Projects and environments', () => {
  it('are listed page by page, named, and changed', async () => {
    await mutate('createProject', { document: { key: 'bakery' } }, 'key');
    const page = 'edges { node { key environments { key } } cursor } pageInfo { hasNextPage endCursor }';
    const first = await ask<{ readonly projects: { readonly pageInfo: { readonly endCursor: string } } }>(
      `{ projects(first: 1) { ${page} } }`,
    );
    expect(first.data.projects).toMatchObject({
      edges: [{ node: { key: 'bakery', environments: [{ key: 'development' }, { key: 'production' }] } }],
      pageInfo: { hasNextPage: true },
    });
    const after = first.data.projects.pageInfo.endCursor;
    const second = await ask(`{ projects(first: 1, after: "${after}") { ${page} } }`);
    expect(second.data).toMatchObject({
      projects: { edges: [{ node: { key: 'shop' } }], pageInfo: { hasNextPage: false } },
    });
    const renamed = { project: 'bakery', name: 'Bakery', expectedVersion: 1 };
    expect(await mutate('renameProject', renamed, 'name version')).toMatchObject({
      node: { name: 'Bakery', version: 2 },
    });
    expect(await mutate('renameProject', renamed, 'name')).toMatchObject({
      node: null,
      problems: [{ code: 'VERSION_STALE' }],
    });
    const draft = { project: 'bakery', document: { key: 'canary' } };
    expect(await mutate('createEnvironment', draft, 'key version')).toMatchObject({
      node: { key: 'canary', version: 1 },
    });
    const edit = { project: 'bakery', environment: 'canary', expectedVersion: 1, document: { production: true } };
    expect(await mutate('editEnvironment', edit, 'production')).toMatchObject({ node: { production: true } });
    const { data } = await ask('{ project(key: "bakery") { environment(key: "canary") { production revision } } }');
    expect(data).toEqual({ project: { environment: { production: true, revision: 0 } } });
  });
});

describe('Flags', () => {
  it('are narrowed, paged, and tell their state everywhere', async () => {
    await made('list/a', { tags: ['cart', 'q3'], dueAt: '2020-01-01T00:00:00Z' });
    await made('list/b', { tags: ['cart'], purpose: 'operational' });
    await made('list/c', { name: 'List of c' });
    const keys = async (filter: string) => {
      const { flags } = await inShop<{
        readonly flags: { readonly edges: readonly { readonly node: { readonly key: string } }[] };
      }>(`flags(${filter}) { edges { node { key } } }`);
      return flags.edges.map(({ node }) => node.key);
    };
    expect(await keys('search: "LIST", first: 2')).toEqual(['list/a', 'list/b']);
    expect(await keys('tags: ["cart", "q3"]')).toEqual(['list/a']);
    expect(await keys('overdue: true')).toEqual(['list/a']);
    expect(await keys('purpose: operational')).toEqual(['list/b']);
    expect(await keys('overdue: false, search: "list"')).toEqual(['list/b', 'list/c']);
    expect(await inShop('flagTags')).toEqual({ flagTags: ['cart', 'q3'] });
    const listed = await inShop<{ readonly flags: { readonly edges: readonly object[] } }>(
      `flags(search: "list/a") { edges { node { isOverdue project variations { key value } usage { environment lastEvaluatedAt }
        environments { environment on offVariation defaultServe ruleCount targetCount prerequisiteFlags version } } } }`,
    );
    const state = { on: false, offVariation: 'off', defaultServe: { variation: 'on' }, version: 0 };
    const counts = { ruleCount: 0, targetCount: 0, prerequisiteFlags: [] };
    expect(listed.flags.edges).toEqual([
      {
        node: {
          ...{ isOverdue: true, project: 'shop' },
          variations: [
            { key: 'on', value: true },
            { key: 'off', value: false },
          ],
          usage: ['production', 'staging'].map((environment) => ({ environment, lastEvaluatedAt: null })),
          environments: ['production', 'staging'].map((environment) => ({ environment, ...state, ...counts })),
        },
      },
    ]);
    const rest = await api('GET', '/api/v1/projects/shop/flags?tag=cart&tag=q3&overdue=true');
    expect((rest.body as { readonly items: readonly object[] }).items).toMatchObject([{ key: 'list/a' }]);
  });

  it('are edited, switched, put back, and deleted', async () => {
    await made('life');
    const edit = { project: 'shop', flag: 'life', expectedVersion: 1, document: { owner: 'payments' } };
    expect(await mutate('editFlag', edit, 'owner version')).toMatchObject({ node: { owner: 'payments', version: 2 } });
    const rules = [
      { id: 'staff', clauses: [{ attribute: 'plan', operator: 'in', values: ['staff'] }], serve: { variation: 'off' } },
    ];
    const fields = 'on version rules abilities { action isAllowed reason } hold { releaseId }';
    const edited = await mutate(
      'editFlagSettings',
      at('life', { expectedVersion: 0, document: { on: true, rules } }),
      fields,
    );
    expect(edited).toMatchObject({
      problems: [],
      node: { on: true, version: 1, hold: null, rules: [{ id: 'staff' }] },
    });
    const killed = at('life', { on: false, takeOver: 'Prices are wrong.' });
    expect(await mutate('switchFlag', killed, 'on version')).toMatchObject({ node: { on: false, version: 2 } });
    const { flag } = await inShop<{
      readonly flag: {
        readonly settings: {
          readonly revisions: { readonly edges: readonly { readonly node: { readonly sequence: number } }[] };
        };
      };
    }>(
      `flag(key: "life") { settings(environment: "production") { version rules
        revisions { edges { node { sequence action actor { name } before after } } } } }`,
    );
    const revisions = flag.settings.revisions.edges.map(({ node }) => node);
    expect(revisions).toMatchObject([
      {
        action: 'flag.settings.edited',
        before: { on: true, version: 1 },
        after: { on: false, version: 2, reason: 'Prices are wrong.' },
      },
      { action: 'flag.settings.edited', before: { on: false, version: 0 }, after: { on: true, version: 1 } },
    ]);
    const back = at('life', { revision: revisions[1]?.sequence, expectedVersion: 2 });
    expect(await mutate('revertFlagSettings', back, 'on version')).toMatchObject({ node: { on: true, version: 3 } });
    expect(await mutate('revertFlagSettings', { ...back, expectedVersion: 3, revision: 1 }, 'on')).toMatchObject({
      node: null,
      problems: [{ code: 'REVISION_NOT_FOUND' }],
    });
    const gone = { project: 'shop', flag: 'life', expectedVersion: 2 };
    expect(await mutate('deleteFlag', gone, 'key')).toEqual({ node: { key: 'life' }, problems: [] });
    expect(codesOf(await ask('{ project(key: "shop") { flag(key: "life") { key } } }'))).toEqual(['FLAG_NOT_FOUND']);
  });

  it('tell all that is wrong with a document at once, and change nothing', async () => {
    await made('wrong');
    const document = {
      offVariation: 'none',
      rules: [{ clauses: [{ attribute: '', operator: 'inSegment', values: ['none'] }], serve: { variation: 'gone' } }],
    };
    const { node, problems } = await mutate(
      'editFlagSettings',
      at('wrong', { expectedVersion: 0, document }),
      'version',
    );
    expect(node).toBeNull();
    expect(problems).toEqual(
      expect.arrayContaining([
        { code: 'VARIATION_UNKNOWN', pointer: '/offVariation' },
        { code: 'VARIATION_UNKNOWN', pointer: '/rules/0/serve/variation' },
        { code: 'SEGMENT_UNKNOWN', pointer: '/rules/0/clauses/0/values/0' },
      ]),
    );
  });

  it('explain who gets what, under what is stored and under what is not yet', async () => {
    await made('why');
    await mutate('switchFlag', at('why', { on: true }), 'on');
    const fields =
      'value variation reason decision ruleIndex bucket { bucket total } rules { match isReached clauses { match value } }';
    const ofContext = (context: unknown, draft?: object) =>
      ask<{ readonly project: { readonly flag: { readonly explanation: object | null } } }>(
        `query($context: JSON!, $draft: JSON) { project(key: "shop") { flag(key: "why") {
          explanation(environment: "production", context: $context, draft: $draft) { ${fields} } } } }`,
        { context, draft },
      );
    const { data } = await ofContext({ targetingKey: 'ada' });
    const stored = {
      value: true,
      variation: 'on',
      reason: 'STATIC',
      decision: 'default',
      ruleIndex: null,
      bucket: null,
      rules: [],
    };
    expect(data.project.flag.explanation).toEqual(stored);
    const rule = { clauses: [{ attribute: 'plan', operator: 'in', values: ['staff'] }] };
    const split = {
      shares: [
        { variation: 'on', share: 0 },
        { variation: 'off', share: 100_000 },
      ],
    };
    const drafted = await ofContext({ targetingKey: 'ada', plan: 'staff' }, { rules: [{ ...rule, serve: { split } }] });
    expect(drafted.data.project.flag.explanation).toEqual({
      ...{ value: false, variation: 'off', reason: 'SPLIT', decision: 'rule', ruleIndex: 0 },
      bucket: { bucket: expect.any(Number), total: 100_000 },
      rules: [{ match: 'yes', isReached: true, clauses: [{ match: 'yes', value: 'staff' }] }],
    });
    expect(codesOf(await ofContext([1]))).toEqual(['VALIDATION_FAILED']);
    expect(codesOf(await ofContext({}, { offVariation: 'none' }))).toEqual(['VALIDATION_FAILED']);
  });

  it('are not written by who may only read', async () => {
    const issued = await api('POST', '/api/v1/tokens', {
      kind: 'server',
      name: 's',
      project: 'shop',
      environment: 'production',
    });
    const { secret } = issued.body as { readonly secret: string };
    const query = 'mutation($input: SwitchFlagInput!) { switchFlag(input: $input) { problems { code } } }';
    const answer: GraphqlAnswer = await graphqlOf(server.as(secret))(query, { input: at('wrong', { on: true }) });
    expect(codesOf(answer)).toEqual(['PERMISSION_MISSING']);
  });
});

describe('Segments', () => {
  it('are created, listed, edited, told their uses, and kept while there are any', async () => {
    const document = {
      key: 'staff',
      included: ['ada'],
      rules: [{ clauses: [{ attribute: 'plan', operator: 'in', values: ['staff'] }] }],
    };
    const created = await mutate('createSegment', { project: 'shop', document }, 'key includedCount ruleCount version');
    expect(created).toEqual({ problems: [], node: { key: 'staff', includedCount: 1, ruleCount: 1, version: 1 } });
    await made('for-staff');
    const rules = [
      { clauses: [{ attribute: '', operator: 'inSegment', values: ['staff'] }], serve: { variation: 'on' } },
    ];
    await mutate('editFlagSettings', at('for-staff', { expectedVersion: 0, document: { rules } }), 'version');
    expect(
      await inShop(
        'segments(first: 5) { edges { node { key usedBy } } } segment(key: "staff") { name included rules }',
      ),
    ).toEqual({
      segments: { edges: [{ node: { key: 'staff', usedBy: ['flag/for-staff in production'] } }] },
      segment: {
        name: 'staff',
        included: ['ada'],
        rules: [{ clauses: [{ ...document.rules[0]?.clauses[0], negate: false }] }],
      },
    });
    const known = { project: 'shop', segment: 'staff', expectedVersion: 1 };
    expect(await mutate('deleteSegment', known, 'key')).toMatchObject({
      node: null,
      problems: [{ code: 'SEGMENT_IN_USE' }],
    });
    const edit = { ...known, document: { name: 'Staff' } };
    expect(await mutate('editSegment', edit, 'name version')).toMatchObject({ node: { name: 'Staff', version: 2 } });
    await mutate('editFlagSettings', at('for-staff', { expectedVersion: 1, document: { rules: [] } }), 'version');
    expect(await mutate('deleteSegment', { ...known, expectedVersion: 2 }, 'key')).toMatchObject({
      node: { key: 'staff' },
    });
  });
});

describe('The audit log', () => {
  const entries = async (filter: string) => {
    type Node = Readonly<Record<string, unknown>>;
    const { audit } = await inShop<{ readonly audit: { readonly edges: readonly { readonly node: Node }[] } }>(
      `audit(${filter}) { edges { node { sequence action subject actor { id name } before after } } }`,
    );
    return audit.edges.map(({ node }) => node);
  };

  it('is narrowed by subject, action, actor and time, as REST does', async () => {
    await made('logged');
    await mutate('switchFlag', at('logged', { on: true }), 'on');
    const both = await entries('subject: "flag/logged"');
    expect(both.map(({ action }) => action)).toEqual(['flag.settings.edited', 'flag.created']);
    expect(both[0]).toMatchObject({ subject: 'flag/logged/production', before: { on: false }, after: { on: true } });
    expect(await entries('subject: "flag/log"')).toEqual([]);
    expect((await entries('action: "flag.settings", first: 1')).map(({ subject }) => subject)).toEqual([
      'flag/logged/production',
    ]);
    const { id } = both[0]?.['actor'] as { readonly id: string };
    expect(await entries(`actor: "${id}", subject: "flag/logged"`)).toHaveLength(2);
    expect(await entries('actor: "nobody"')).toEqual([]);
    expect(await entries('from: "2999-01-01T00:00:00Z"')).toEqual([]);
    const rest = await api('GET', '/api/v1/audit?subject=flag%2Flogged&action=flag.created&to=2999-01-01T00:00:00Z');
    expect((rest.body as { readonly items: readonly object[] }).items).toMatchObject([{ subject: 'flag/logged' }]);
  });

  it('is whole', async () => {
    const { data } = await ask<{ readonly audit: object; readonly auditChain: { readonly entries: number } }>(
      '{ audit(first: 1) { edges { node { sequence } } } auditChain { isIntact entries headHash firstBreak { sequence problem } } }',
    );
    expect(data.auditChain).toMatchObject({ isIntact: true, firstBreak: null });
    expect(data.audit).toEqual({ edges: [{ node: { sequence: data.auditChain.entries } }] });
    expect(codesOf(await ask('{ one: auditChain { isIntact } two: auditChain { isIntact } }'))).toEqual([
      'QUERY_TOO_COSTLY',
    ]);
  });
});
