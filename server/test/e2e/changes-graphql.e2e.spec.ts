import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startOwnTime } from '../clients/own-time.js';
import { codesOf, graphqlOf } from './graphql-client.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const FIELDS = 'topic key environment version isGone action actor patch';

let server: TestServer;
let api: Api;
const clients: Client[] = [];
let isStopped = false;

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
  await ok(api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }, { key: 'staging' }] }));
  await ok(api('POST', '/api/v1/projects', { key: 'bakery' }));
}, START_TIMEOUT_MS);
afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => client.dispose()));
});
afterAll(() => (isStopped ? undefined : server.close()), START_TIMEOUT_MS);

async function ok(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
interface Issued {
  readonly secret: string;
  readonly id: string;
}
async function issue(kind: string): Promise<Issued> {
  const bound = { project: 'shop', ...(kind === 'ci' ? {} : { environment: 'production' }) };
  return (await ok(api('POST', '/api/v1/tokens', { kind, name: kind, ...bound }))).body as Issued;
}

interface Closed {
  readonly code: number;
  readonly reason: string;
}
/** A client that we did not write, and how its socket was closed. */
function connect(
  params: object,
  headers: Readonly<Record<string, string>> = {},
): { readonly client: Client; readonly opened: Promise<void>; readonly closed: Promise<Closed> } {
  class WithHeaders extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers });
    }
  }
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WithHeaders,
    connectionParams: { ...params },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
  });
  clients.push(client);
  const opened = new Promise<void>((resolve) => client.on('connected', () => resolve()));
  const closed = new Promise<Closed>((resolve) => client.on('closed', (event) => resolve(event as Closed)));
  return { client, opened, closed };
}
const asAdmin = () => connect({ authorization: `Bearer ${server.adminToken}` });

interface Told {
  readonly topic: string;
  readonly key: string;
  readonly environment: string | null;
  readonly isGone: boolean;
  readonly patch: { readonly status: string } | null;
}
/** Subscribes, and answers the first change that fits; the subscription stands once `ready` says so. */
function follow(client: Client, query: string, variables: Record<string, unknown> = {}) {
  const told: Told[] = [];
  const waiting: { readonly isIt: (change: Told) => boolean; readonly take: (change: Told) => void }[] = [];
  const outcome = new Promise<unknown>((resolve) => {
    client.subscribe<{ readonly changes: Told }>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors !== undefined) return resolve(errors);
          if (data === null || data === undefined) return;
          told.push(data.changes);
          for (const each of waiting) if (each.isIt(data.changes)) each.take(data.changes);
        },
        error: resolve,
        complete: () => resolve('complete'),
      },
    );
  });
  const first = (isIt: (change: Told) => boolean): Promise<Told> => {
    const known = told.find(isIt);
    return known === undefined ? new Promise((take) => waiting.push({ isIt, take })) : Promise.resolve(known);
  };
  return { told, first, outcome };
}
const changesOf = (project: string, more = '') =>
  `subscription { changes(project: "${project}"${more}) { ${FIELDS} } }`;

let made = 0;
/** Makes flags until a subscriber hears of one: from then on it hears of all. */
async function standing(...feeds: readonly ReturnType<typeof follow>[]): Promise<void> {
  for (const { first } of feeds) {
    let isHeard = false;
    const heard = first(({ topic }) => topic === 'flag').then(() => (isHeard = true));
    while (!isHeard) {
      await ok(api('POST', '/api/v1/projects/shop/flags', { key: `probe-${(made += 1)}`, type: 'boolean' }));
      await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
  }
}

describe('Changes', () => {
  it('made by REST are seen by every client within a second', async () => {
    const feeds = [asAdmin(), asAdmin()].map(({ client }) => follow(client, changesOf('shop')));
    await standing(...feeds);
    const key = `cart-${(made += 1)}`;
    const isIts = (change: Told) => change.key === key && change.topic === 'flagSettings';
    const seen = Promise.all(feeds.map(async ({ first }) => ({ ...(await first(isIts)), at: Date.now() })));
    await ok(api('POST', '/api/v1/projects/shop/flags', { key, type: 'boolean' }));
    const before = Date.now();
    await ok(api('PATCH', `/api/v1/projects/shop/flags/${key}/environments/production`, { on: true }));
    for (const { at, ...change } of await seen) {
      expect(change).toMatchObject({ environment: 'production', version: 1, isGone: false, patch: null });
      expect(change).toMatchObject({ action: 'flag.settings.edited', actor: expect.any(String) });
      expect(at - before).toBeLessThan(1_000);
    }
    expect(feeds[0]?.told.find((change) => change.key === key && change.topic === 'flag')).toMatchObject({
      environment: null,
      version: 1,
      action: 'flag.created',
    });
    expect(feeds[0]?.told.at(-1)).toBeDefined();
    await ok(api('DELETE', `/api/v1/projects/shop/flags/${key}`, undefined, { 'if-match': '*' }));
    expect(await feeds[1]?.first((change) => change.key === key && change.isGone === true)).toMatchObject({
      topic: 'flag',
      version: null,
    });
  });

  it('of one environment are told without those of others', async () => {
    const { client } = asAdmin();
    const feed = follow(client, changesOf('shop', ', environment: "staging"'));
    await standing(feed);
    const key = `placed-${(made += 1)}`;
    await ok(api('POST', '/api/v1/projects/shop/flags', { key, type: 'boolean' }));
    for (const environment of ['production', 'staging']) {
      await ok(api('PATCH', `/api/v1/projects/shop/flags/${key}/environments/${environment}`, { on: true }));
    }
    await feed.first((change) => change.key === key && change.environment === 'staging');
    expect(feed.told.some(({ environment }) => environment === 'production')).toBe(false);
    const revision = await feed.first(({ topic, key: of }) => topic === 'environment' && of === 'staging');
    expect(revision).toMatchObject({
      environment: 'staging',
      action: 'environment.advanced',
      version: expect.any(Number),
    });
  });

  it('of releases say how they stand', async () => {
    const { client } = asAdmin();
    const feed = follow(client, changesOf('shop'));
    await standing(feed);
    const key = `released-${(made += 1)}`;
    await ok(api('POST', '/api/v1/projects/shop/parallel-runs', { key }));
    const at = `/api/v1/projects/shop/environments/production/parallel-runs/${key}`;
    // What is answered is the release.
    const { id } = (await ok(api('POST', `${at}/start`, {}))).body as { readonly id: string };
    const started = await feed.first((change) => change.key === id && change.patch !== null);
    expect(started).toMatchObject({
      topic: 'release',
      environment: 'production',
      patch: { reason: expect.any(Object) },
    });
    expect(started.patch?.status).toEqual(expect.any(String));
  });

  it('of other projects, and of what a token may not read, are not told', async () => {
    const { secret } = await issue('ci');
    const { client } = connect({ authorization: `Bearer ${secret}` });
    const feed = follow(client, changesOf('shop'));
    await standing(feed);
    await ok(api('POST', '/api/v1/projects/bakery/flags', { key: 'elsewhere', type: 'boolean' }));
    await issue('ci');
    await ok(api('POST', '/api/v1/projects/shop/flags', { key: `last-${(made += 1)}`, type: 'boolean' }));
    await feed.first(({ key }) => key === `last-${made}`);
    expect(feed.told.filter(({ topic, key }) => topic === 'token' || key === 'elsewhere')).toEqual([]);
  });
});

describe('A socket', () => {
  it('is let in by its headers too', async () => {
    const { client } = connect({}, { authorization: `Bearer ${server.adminToken}` });
    await standing(follow(client, changesOf('shop')));
  });

  it.each<[string, object, number]>([
    ['nobody', {}, 4401],
    ['a token nobody made', { authorization: `Bearer slu_admin_${'x'.repeat(40)}` }, 4401],
  ])('keeps out %s', async (_name, params, code) => {
    expect(await connect(params).closed).toMatchObject({ code, reason: expect.stringMatching(/\.$/u) });
  });

  it('ends within a second of its token', async () => {
    const { secret, id } = await issue('ci');
    const { client, closed } = connect({ authorization: `Bearer ${secret}` });
    await standing(follow(client, changesOf('shop')));
    const ownTime = startOwnTime();
    await ok(api('DELETE', `/api/v1/tokens/${id}`));
    expect(await closed).toMatchObject({ code: 4401 });
    expect(ownTime()).toBeLessThan(1_500);
  });

  it.each<[string, string, string]>([
    ['what is no project', changesOf('none'), 'PROJECT_NOT_FOUND'],
    ['what is no environment', changesOf('shop', ', environment: "none"'), 'ENVIRONMENT_NOT_FOUND'],
    ['a query', '{ project(key: "shop") { key } }', 'SOCKET_TAKES_SUBSCRIPTIONS'],
    ['fields that are not there', 'subscription { changes(project: "shop") { color } }', 'QUERY_INVALID'],
    ['what cannot be read', 'subscription {', 'QUERY_MALFORMED'],
    [
      'two at once',
      `subscription { a: changes(project: "shop") { key } b: changes(project: "shop") { key } }`,
      'QUERY_INVALID',
    ],
  ])('refuses %s, and stays', async (_name, query, code) => {
    const { client } = asAdmin();
    const errors = (await follow(client, query).outcome) as Parameters<typeof codesOf>[0]['errors'];
    expect(codesOf({ errors: errors ?? [] })).toEqual([code]);
    await standing(follow(client, changesOf('shop')));
  });

  it('refuses variables with NUL', async () => {
    const { client } = asAdmin();
    const query = 'subscription($project: String!) { changes(project: $project) { key } }';
    const errors = (await follow(client, query, { project: 'a\0' }).outcome) as Parameters<typeof codesOf>[0]['errors'];
    expect(codesOf({ errors: errors ?? [] })).toEqual(['JSON_HAS_NUL']);
  });

  it('refuses who may read no project', async () => {
    const { secret } = await issue('server');
    const { client } = connect({ authorization: `Bearer ${secret}` });
    const errors = (await follow(client, changesOf('shop')).outcome) as Parameters<typeof codesOf>[0]['errors'];
    expect(codesOf({ errors: errors ?? [] })).toEqual(['PERMISSION_MISSING']);
  });

  it('takes no more than twenty subscriptions', async () => {
    const { client, closed } = asAdmin();
    for (let i = 0; i < 21; i += 1) follow(client, changesOf('shop'));
    expect(await closed).toMatchObject({ code: 4429 });
  });

  it('is for this protocol alone', async () => {
    const raw = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-ws');
    const code = await new Promise((resolve) => {
      raw.once('close', resolve);
      raw.once('error', (error) => resolve(error.message));
    });
    expect([4406, 'Server sent no subprotocol']).toContain(code);
  });

  it('is what subscriptions need: POST refuses them', async () => {
    const answer = await graphqlOf(api)(changesOf('shop'));
    expect(codesOf(answer)).toEqual(['SUBSCRIPTION_NEEDS_SOCKET']);
  });
});

describe('A server that stops', () => {
  it('says so on every socket, and waits for none', async () => {
    const raw = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => raw.once('open', resolve));
    const closed = new Promise((resolve) => raw.once('close', resolve));
    isStopped = true;
    await server.close();
    expect(await closed).toBe(1001);
  });
});
