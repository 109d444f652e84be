import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { createClient } from 'graphql-ws';
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { FittingValues } from '../fuzz/fitting-values.js';
import { furnishShop, type Shop } from '../fuzz/furnished-shop.js';
import { bodiesFor, documentOf, type RootField } from '../fuzz/graphql-requests.js';
import { ODD_TEXTS } from '../fuzz/odd-values.js';
import { type OpenApi, operationsOf, requestsOf, type RestRequest } from '../fuzz/rest-requests.js';
import type { GraphqlFailure } from './graphql-client.js';
import { bodyOf } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 120_000;
/** Longer than any answer takes on a busy machine. */
const PATIENCE_MS = 30_000;
/** All routes together are asked in every way; raise these, with another seed, to look for more by hand. */
const REST_RUNS = { numRuns: 8 };
const GRAPHQL_RUNS = { numRuns: 4 };
/** What queries call a key may be that of any of these. */
const KEYS = ['project', 'flag', 'segment', 'run', 'policy', 'service'];

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
// What the contract check keeps in git is an OpenAPI document.
const openApi = JSON.parse(read('openapi.json')) as OpenApi;
const graphql = buildSchema(read('schema.graphql'));
const isDeletion = (name: string): boolean => /^(?:delete|remove|revoke|disable)/u.test(name);
const [queries, mutations, subscriptions] = [
  graphql.getQueryType(),
  graphql.getMutationType(),
  graphql.getSubscriptionType(),
].map((type) => Object.values(type?.getFields() ?? {}) as readonly RootField[]);

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  // A webhook's receiver that says nothing is not waited for.
  server = await startTestServer({ SLUICE_WEBHOOK_TIMEOUT_MS: '500' });
  shop = await furnishShop(server);
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

async function send(method: string, { url, headers, body }: RestRequest): Promise<Response> {
  return await fetch(server.url + url, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${url.startsWith('/sdk/') ? shop.serverToken : server.adminToken}`, ...headers },
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined ? {} : { body }),
  });
}

/** A failure that its caller can act on: it has a code and a sentence, and is not the server's own fault. */
function expectToTell({ code, sentence, status }: { code: string; sentence: string; status: number }): void {
  expect({ code, isOurFault: status >= 500 }).toEqual({ code, isOurFault: false });
  expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/u);
  expect(sentence).toMatch(/^\S[^]*[.?!]$/u);
}

/** What requests did, by the record that every change leaves. */
async function expectNothingDoneBy(requestIds: ReadonlySet<string | null>): Promise<void> {
  const { items } = bodyOf<{ readonly items: readonly { readonly requestId: string; readonly action: string }[] }>(
    await server.api('GET', '/api/v1/audit?limit=200'),
  );
  expect(items.filter(({ requestId }) => requestIds.has(requestId)).map(({ action }) => action)).toEqual([]);
}

describe('every route of the contract', () => {
  const operations = operationsOf(openApi);

  it.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    'answers as documented whatever it is sent, and what it refuses leaves nothing: %s',
    async (_name, operation) => {
      const refused = new Set<string | null>();
      const requests = requestsOf(operation, new FittingValues(openApi.components.schemas, shop.names));
      const property = fc.asyncProperty(requests, async (request) => {
        const response = await send(operation.method, request);
        const { status, headers } = response;
        if (status < 400) {
          // Streams do not end by themselves.
          await response.body?.cancel();
          return expect(operation.statuses).toContain(status);
        }
        refused.add(headers.get('x-request-id'));
        expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        const problem = (await response.json()) as { readonly code: string; readonly detail: string };
        expect(problem).toMatchObject({ status, requestId: headers.get('x-request-id') });
        expectToTell({ ...problem, sentence: problem.detail, status });
      });
      await fc.assert(property, REST_RUNS);
      if (operation.method !== 'GET') await expectNothingDoneBy(refused);
    },
  );
});

interface Refusals {
  readonly errors?: readonly GraphqlFailure[];
  readonly data?: Readonly<Record<string, { readonly problems?: readonly { code: string; message: string }[] } | null>>;
}

describe('every root field of GraphQL', () => {
  const fields = [
    ...(queries ?? []).map((field) => ['query', field.name, field] as const),
    ...(mutations ?? [])
      .toSorted((one, other) => Number(isDeletion(one.name)) - Number(isDeletion(other.name)))
      .map((field) => ['mutation', field.name, field] as const),
  ];

  it.each(fields)(
    'says what is wrong whatever it is sent, and what it refuses leaves nothing: %s %s',
    async (kind, _name, field) => {
      const refused = new Set<string | null>();
      const keys = kind === 'query' ? { key: KEYS.flatMap((name) => shop.names[name] ?? []) } : {};

      const bodies = bodiesFor(kind, field, new FittingValues({}, { ...shop.names, ...keys }));
      const property = fc.asyncProperty(bodies, async (body) => {
        const response = await send('POST', { url: '/graphql', headers: { 'content-type': 'application/json' }, body });
        expect([200, 400]).toContain(response.status);
        const answer = (await response.json()) as Refusals;
        const problems = answer.data?.[field.name]?.problems ?? [];
        for (const { message, extensions } of answer.errors ?? []) expectToTell({ ...extensions, sentence: message });
        // They say what is wrong of what their pointers name, which is no sentence of its own.
        for (const problem of problems)
          expect(problem).toMatchObject({
            code: expect.stringMatching(/^[A-Z_]+$/u),
            message: expect.stringMatching(/\S/u),
          });
        if ((answer.errors ?? problems).length > 0) refused.add(response.headers.get('x-request-id'));
      });
      await fc.assert(property, GRAPHQL_RUNS);
      if (kind === 'mutation') await expectNothingDoneBy(refused);
    },
  );

  it.each((subscriptions ?? []).map((field) => [field.name, field] as const))(
    'refuses a subscription to what there is not: %s',
    async (_name, field) => {
      const client = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${server.adminToken}` },
        retryAttempts: 0,
      });
      const query = documentOf('subscription', field);
      const ask = (variables: Record<string, unknown>): Promise<readonly GraphqlFailure[]> =>
        new Promise((resolve, reject) => {
          client.subscribe(
            { query, variables },
            {
              next: ({ errors }) => resolve((errors ?? []) as unknown as readonly GraphqlFailure[]),
              error: (thrown) =>
                Array.isArray(thrown) ? resolve(thrown as readonly GraphqlFailure[]) : reject(thrown as Error),
              complete: () => resolve([]),
            },
          );
        });
      for (const project of [...ODD_TEXTS, null, 1, [], {}]) {
        const errors = await ask({ project, environment: 'live' });
        expect(errors).not.toEqual([]);
        for (const { message, extensions } of errors) expectToTell({ ...extensions, sentence: message });
      }
      await client.dispose();
    },
  );
});
