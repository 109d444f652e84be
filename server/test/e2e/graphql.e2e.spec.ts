import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { getIntrospectionQuery } from 'graphql';
import { type Ask, codesOf, type GraphqlAnswer, graphqlOf } from './graphql-client.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const PROJECT = '{ project(key: "shop") { key } }';

let server: TestServer;
let api: Api;
let ask: Ask;

// A GraphQL answer, whatever its status.
const codesIn = (answer: Answer) => codesOf(answer.body as GraphqlAnswer);
const tokenOf = async (kind: string): Promise<string> => {
  const bound = kind === 'admin' ? {} : { project: 'shop', ...(kind === 'ci' ? {} : { environment: 'production' }) };
  const issued = await api('POST', '/api/v1/tokens', { kind, name: kind, ...bound });
  if (issued.status !== 201) throw new Error(JSON.stringify(issued.body));
  // A token's secret is what the API answers when it is made.
  return (issued.body as { readonly secret: string }).secret;
};

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
  ask = graphqlOf(api);
  await api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }, { key: 'staging' }] });
  await api('POST', '/api/v1/projects', { key: 'bakery' });
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({
    url: () => `${server.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = { ...init.headers, authorization: `Bearer ${server.adminToken}` };
      return fetch(url, { ...init, headers });
    },
  });
  /** Optional, and off: nothing is asked by GET. */
  const declined = ['5A70', 'D6D5', '6A70'];

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    'passes audit %s: %s',
    async (id, _name, audit) => {
      const result = await audit.fn();
      expect([id, result.status, 'reason' in result ? result.reason : '']).toEqual(
        declined.includes(id) ? [id, 'notice', expect.any(String)] : [id, 'ok', ''],
      );
    },
  );
});

describe('The door', () => {
  it.each<[string, string | undefined, number, string]>([
    ['nobody', undefined, 401, 'TOKEN_MISSING'],
    ['a token nobody made', `slu_admin_${'x'.repeat(40)}`, 401, 'TOKEN_REFUSED'],
  ])('keeps out %s, also from the schema', async (_name, token, status, code) => {
    for (const query of [PROJECT, '{ __typename }', getIntrospectionQuery()]) {
      const answer = await server.as(token)('POST', '/graphql', { query });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([status, 'Bearer realm="sluice"']);
      expect(answer.body).toMatchObject({ errors: [{ extensions: { code, kind: 'unauthenticated', status } }] });
    }
  });

  it('counts requests as REST does', async () => {
    const slow = await startTestServer({ SLUICE_API_REQUESTS_PER_MINUTE: '2' });
    try {
      const answers = [];
      for (let i = 0; i < 3; i += 1) answers.push(await slow.api('POST', '/graphql', { query: '{ __typename }' }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answers[2]?.body).toMatchObject({
        errors: [{ extensions: { code: 'TOO_MANY_REQUESTS', kind: 'limited' } }],
      });
    } finally {
      await slow.close();
    }
  });

  it.each<[string, string, string, Readonly<Record<string, string>>, number, string]>([
    ['GET', 'GET', `?query=${encodeURIComponent(PROJECT)}`, {}, 405, 'METHOD_NOT_ALLOWED'],
    ['a form', 'POST', '', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['plain text', 'POST', '', { 'content-type': 'text/plain' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['application/graphql', 'POST', '', { 'content-type': 'application/graphql' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
  ])(
    'refuses %s, which other sites can make browsers send or nobody needs',
    async (...[, method, tail, headers, status, code]) => {
      const body = method === 'POST' ? PROJECT : undefined;
      const answer = await api(method, `/graphql${tail}`, body, headers);
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ errors: [{ extensions: { code, kind: 'invalid', status } }] });
    },
  );

  it.each<[string, unknown, string]>([
    ['a batch', [{ query: PROJECT }, { query: PROJECT }], 'VALIDATION_FAILED'],
    ['no query', { operationName: 'x' }, 'VALIDATION_FAILED'],
    ['a number for a query', { query: 1 }, 'VALIDATION_FAILED'],
    ['a list of variables', { query: PROJECT, variables: [1] }, 'VALIDATION_FAILED'],
    ['broken JSON', '{"query":', 'JSON_MALFORMED'],
    ['NUL in variables', '{"query":"{ a }","variables":{"a":"\\u0000"}}', 'JSON_HAS_NUL'],
    ['what would reach a prototype', '{"query":"{ a }","variables":{"__proto__":{}}}', 'JSON_MALFORMED'],
  ])('refuses %s', async (_name, body, code) => {
    const answer = await api('POST', '/graphql', body);
    expect([answer.status, codesIn(answer)]).toEqual([400, [code]]);
  });

  it('has no playground', async () => {
    for (const path of ['/graphiql', '/playground', '/graphql/playground']) {
      expect((await api('GET', path)).status).toBe(404);
    }
  });

  it('tells the schema to whoever was let in', async () => {
    for (const kind of ['admin', 'ci', 'server', 'client']) {
      const { data } = await graphqlOf(server.as(await tokenOf(kind)))(getIntrospectionQuery());
      expect(data).toMatchObject({ __schema: { queryType: { name: 'Query', kind: 'OBJECT' } } });
    }
  });

  it('says who asks what under one request id', async () => {
    const answer = await api(
      'POST',
      '/graphql',
      { query: '{ project(key: "none") { key } }' },
      { 'x-request-id': 'mine-1' },
    );
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect(answer.body).toMatchObject({ data: { project: null }, errors: [{ extensions: { requestId: 'mine-1' } }] });
  });
});

describe('A permission', () => {
  it.each(['server', 'client'])('is asked for at every field: a %s token reads nothing', async (kind) => {
    const answer = await graphqlOf(server.as(await tokenOf(kind)))(PROJECT);
    expect(answer).toMatchObject({
      status: 200,
      data: { project: null },
      errors: [
        {
          message: `Tokens of kind ${kind} lack the permission project.read that this needs.`,
          path: ['project'],
          extensions: { code: 'PERMISSION_MISSING', kind: 'forbidden', status: 403, permission: 'project.read' },
        },
      ],
    });
  });

  it('ends at the project that a token is bound to', async () => {
    const bound = graphqlOf(server.as(await tokenOf('ci')));
    const answer = await bound('{ shop: project(key: "shop") { key } bakery: project(key: "bakery") { key } }');
    expect(answer.data).toEqual({ shop: { key: 'shop' }, bakery: null });
    expect(codesOf(answer)).toEqual(['PROJECT_NOT_FOUND']);
  });
});

describe('A query', () => {
  const nested = (depth: number) => `{ ${'a { '.repeat(depth - 1)} a ${'} '.repeat(depth - 1)} }`;
  const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ')} }`;
  const fields = (count: number) => `{ ${'__typename '.repeat(count)} }`;
  /** Each fragment spreads the one before it ten times: 10^9 fields in some 200 tokens. */
  const bomb = Array.from({ length: 9 }, (_, i) => `fragment f${i + 1} on Query { ${`...f${i} `.repeat(10)} }`).join(
    ' ',
  );
  const runsOf = (first: string) => `{ project(key: "shop") { parallelRuns(first: ${first}) { edges { node {
    standing(environment: "production") { candidates { finding sentence certificate { id } } }
    settings(environment: "production") { version } } } } } }`;

  it.each<[string, string, string, RegExp]>([
    ['too deep', nested(13), 'QUERY_TOO_DEEP', /nests 13 fields deep; 12 is the most/u],
    ['deep beyond reason', nested(1_300), 'QUERY_TOO_DEEP', /nests 1300 fields deep/u],
    [
      'deep by fragments',
      `{ ...a } fragment a on Query { ${'a { '.repeat(7)} ...b ${'} '.repeat(7)} } fragment b on Query ${nested(7)}`,
      'QUERY_TOO_DEEP',
      /nests 14 fields deep/u,
    ],
    ['full of aliases', aliases(31), 'QUERY_HAS_TOO_MANY_ALIASES', /31 aliases; 30 are the most/u],
    ['too large', fields(1_001), 'QUERY_TOO_LARGE', /1001 fields, fragments spread; 1000 are the most/u],
    [
      'a bomb of fragments',
      `{ ...f9 } fragment f0 on Query { __typename } ${bomb}`,
      'QUERY_TOO_LARGE',
      /10{9} fields/u,
    ],
    ['longer than any', fields(4_000), 'QUERY_MALFORMED', /more (than|that) 4000 tokens/u],
    ['padded', `${PROJECT} #${'x'.repeat(50_000)}`, 'QUERY_TOO_LARGE', /50034 characters; 50000 are the most/u],
    ['a fragment of itself', '{ ...a } fragment a on Query { ...a }', 'QUERY_INVALID', /itself/u],
    ['a list of lists of lists', runsOf('200'), 'QUERY_TOO_COSTLY', /costs \d+; 5000 is the most/u],
    ['with a NUL', '{ project(key: "a\\u0000b") { key } }', 'QUERY_HAS_NUL', /NUL/u],
    ['of no known field', '{ projekt { key } }', 'QUERY_INVALID', /Cannot query field "projekt"/u],
    ['cut short', '{', 'QUERY_MALFORMED', /cannot be read/u],
    ['a document as JSON', '{"kind":"Document","definitions":[]}', 'QUERY_MALFORMED', /is JSON/u],
    ['null', 'null', 'QUERY_MALFORMED', /is JSON/u],
  ])('is refused where it is %s, with a sentence', async (_name, query, code, sentence) => {
    const accept = { accept: GRAPHQL_RESPONSE };
    const answer = await api('POST', '/graphql', { query }, accept);
    expect([answer.status, codesIn(answer)[0]]).toEqual([400, code]);
    const [error] = (answer.body as { readonly errors: readonly { readonly message: string }[] }).errors;
    expect(error).toMatchObject({
      message: expect.stringMatching(sentence),
      extensions: { kind: 'invalid', status: 400 },
    });
    expect(answer.body).not.toHaveProperty('data');
    // Those who may not know the newer media type get what it says with 200.
    const old = await api('POST', '/graphql', { query });
    expect([old.status, codesIn(old)[0]]).toEqual([200, code]);
  });

  it('counts what variables ask for, also when the same text was cheap before', async () => {
    const query = `query($n: Int) ${runsOf('$n')}`;
    expect(codesOf(await ask(query, { n: 2 }))).toEqual([]);
    expect(codesOf(await ask(query, { n: 200 }))).toEqual(['QUERY_TOO_COSTLY']);
    expect(codesOf(await ask(query, { n: 2 }))).toEqual([]);
    expect(codesOf(await ask(query.replace('$n: Int', '$n: Int = 200')))).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('may ask for as much as is allowed', async () => {
    expect(codesOf(await ask(aliases(30)))).toEqual([]);
    expect(codesOf(await ask(fields(1_000)))).toEqual([]);
  });

  it('asks for the schema a few times at most', async () => {
    const six = Array.from({ length: 6 }, (_, i) => `a${i}: __schema { queryType { name } }`).join(' ');
    expect(codesOf(await ask(`{ ${six} }`))).toEqual(['QUERY_TOO_COSTLY']);
  });

  it.each<[string, object, string]>([
    ['absent', {}, 'QUERY_INVALID'],
    ['of another type', { key: 7 }, 'QUERY_INVALID'],
  ])('is refused where a variable is %s', async (_name, variables, code) => {
    const answer = await ask('query($key: String!) { project(key: $key) { key } }', variables);
    expect(codesOf(answer)).toEqual([code]);
    expect([answer.status, answer.data]).toEqual([200, undefined]);
  });

  it('is refused where it names no operation of its document', async () => {
    expect(codesOf(await ask(`query a ${PROJECT} query b ${PROJECT}`, undefined, { operationName: 'c' }))).toEqual([
      'QUERY_INVALID',
    ]);
  });
});
