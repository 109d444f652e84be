import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { type Browser, browserAt, told } from '../clients/browser.js';
import { IdentityProvider } from '../clients/identity-provider.js';
import { ADMIN } from '../clients/killable-server.js';
import { type LoggedServer, startLoggedServer } from '../clients/logged-server.js';
import { type MetricHost, replyText, startMetricHost } from '../fakes/metric-host.js';
import { type Ask, graphqlOf } from './graphql-client.js';
import { type Api, callerOf } from './start-test-server.js';

const START_TIMEOUT_MS = 120_000;
const HOME = 'https://sluice.shop.example';
const SHOP = '/api/v1/projects/shop';
const METRIC_SECRET = 'of-metrics-5dQ8';
const CLIENT_SECRET = 'of-the-oidc-client-7vB2';
const CANARY = { name: 'checkout', namespace: 'shop', phase: 'Progressing', checksum: '85d557f47b' };
const WRONG_TOKEN = `slu_server_${'w'.repeat(43)}`;

let server: LoggedServer;
let metrics: MetricHost;
let provider: IdentityProvider;
let api: Api;
let ask: Ask;
/** All that was given away in confidence, either way. */
const secrets = new Set([ADMIN, WRONG_TOKEN, METRIC_SECRET, CLIENT_SECRET]);

function keep(secret: string): string {
  expect(secret.length).toBeGreaterThan(9);
  secrets.add(secret);
  return secret;
}

beforeAll(async () => {
  // It says again whatever it is told, and that it broke.
  metrics = await startMetricHost(({ headers }, response) =>
    replyText(JSON.stringify(headers), 500)({ method: '', path: '', headers, body: '' }, response),
  );
  provider = await IdentityProvider.start({ redirectUri: `${HOME}/api/v1/session/oidc/callback` });
  server = await startLoggedServer({
    SLUICE_METRIC_SECRET_SHOP: `${new URL(metrics.url).host} ${METRIC_SECRET}`,
    SLUICE_PUBLIC_URL: HOME,
    SLUICE_OIDC_ISSUER: provider.issuer,
    SLUICE_OIDC_CLIENT_ID: 'sluice',
    SLUICE_OIDC_CLIENT_SECRET: CLIENT_SECRET,
    SLUICE_TICK_SECONDS: '0.2',
    // Whoever is refused is to be heard again.
    SLUICE_FAILED_AUTH_PER_MINUTE: '1000000',
  });
  api = callerOf(server.url, ADMIN);
  ask = graphqlOf(api);
  await made('/api/v1/projects', { key: 'shop', environments: [{ key: 'live' }] });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await server.end();
  await Promise.all([metrics.close(), provider.close()]);
}, START_TIMEOUT_MS);

async function made(path: string, body: object): Promise<{ readonly id: string; readonly secret: string }> {
  const answer = told(await api('POST', path, body));
  expect({ path, status: answer.status }).toEqual({ path, status: 201 });
  return answer.body;
}

/** Shows a credential in every place where a request has room for one, right or wrong. */
async function showEverywhere(secret: string): Promise<void> {
  const said = encodeURIComponent(secret);
  const requests: readonly Parameters<Api>[] = [
    ['GET', `/nothing/${said}?token=${said}`],
    ['GET', `${SHOP}/flags/${said}?search=${said}`],
    ['GET', `${SHOP}/flags?after=${said}`],
    ['GET', `/%zz?token=${said}`],
    ['GET', `/sdk/v1/snapshot?token=${said}`],
    ['GET', `/ofrep/v1/sse?ticket=${said}`],
    ['POST', `/ofrep/v1/evaluate/flags/${said}`, { context: { targetingKey: secret } }],
    ['POST', `${SHOP}/flags`, { key: secret, type: secret, secret }],
    ['POST', '/api/v1/session', `{"password": "${secret}"`],
    ['POST', '/api/v1/session', { email: secret, password: secret }],
    [
      'POST',
      '/api/v1/session/first',
      { token: secret, email: 'eve@shop.example', name: 'Eve', password: 'long enough' },
    ],
    ['POST', '/api/v1/session/invitation', { secret, password: 'long enough it is' }],
    ['POST', '/sdk/v1/telemetry', { batchId: secret, secret }],
    ['POST', '/api/v1/flagger/event', { ...CANARY, metadata: { token: secret } }],
    ['POST', '/api/v1/flagger/rollout', { ...CANARY, metadata: { token: secret, project: 'shop' } }],
    ['POST', '/graphql', { query: `{ project(key: "${secret}") { key } }` }],
    ['POST', '/graphql', { query: `{ ${secret.replaceAll(/\W/gu, '_')} }`, variables: { secret } }],
    ['POST', '/graphql', { query: '{ __typename ', variables: { secret } }],
  ];
  for (const headers of [
    { authorization: `Bearer ${secret}` },
    { 'x-api-key': secret },
    { cookie: `__Host-sluice=${secret}` },
    {},
  ]) {
    for (const [method, path, body] of requests) {
      const { status } = await callerOf(server.url, undefined)(method, path, body, headers);
      expect({ path, isOurFault: status >= 500 }).toEqual({ path, isOurFault: false });
    }
  }
  await breakOff(secret);
  await knock(secret);
}

/** Sends what is no request. */
async function breakOff(secret: string): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET / HTTP/1.1\r\nauthorization: Bearer ${secret}\r\nbroken header ${secret}\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /u);
}

/** Opens a socket of GraphQL and shows a credential there. */
async function knock(secret: string): Promise<void> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  const closed = once(socket, 'close');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } }));
  socket.send(
    JSON.stringify({ type: 'subscribe', id: '1', payload: { query: `{ ${secret} }`, variables: { secret } } }),
  );
  socket.send(`{"type": "${secret}"`);
  await closed;
}

it('says no token that it hands out or is shown, rightly or wrongly', async () => {
  await showEverywhere(WRONG_TOKEN);
  for (const kind of ['server', 'client'] as const) {
    const { id, secret } = await made('/api/v1/tokens', { kind, name: kind, project: 'shop', environment: 'live' });
    await showEverywhere(keep(secret));
    keep((await made(`/api/v1/tokens/${id}/rotate`, {})).secret);
    expect((await api('DELETE', `/api/v1/tokens/${id}`)).status).toBe(200);
    await showEverywhere(secret);
  }
  const create = 'mutation($input: CreateTokenInput!) { createToken(input: $input) { node { secret } } }';
  const { data } = await ask<{ readonly createToken: { readonly node: { readonly secret: string } } }>(create, {
    input: { kind: 'ci', name: 'ci', project: 'shop' },
  });
  await showEverywhere(keep(data.createToken.node.secret));
});

it('says no invitation, password or cookie of people', async () => {
  const invited = await made('/api/v1/people', { email: 'ada@shop.example', name: 'Ada', role: 'viewer' });
  const password = keep('a password of Ada 41');
  const next = keep('her next password 42');
  const ada: Browser = browserAt(server.url, HOME);
  const choice = await ada.api('POST', '/api/v1/session/invitation', { secret: invited.secret, password });
  expect(choice.status).toBe(201);
  await showEverywhere(keep(invited.secret));
  await showEverywhere(password);
  keep(ada.cookie()?.split('=')[1] ?? '');
  const wrong = { currentPassword: keep('not her password 43'), newPassword: next };
  expect((await ada.api('POST', '/api/v1/session/password', wrong)).status).toBe(403);
  const change = 'mutation($input: ChangePasswordInput!) { changePassword(input: $input) { problems { code } } }';
  const input = { currentPassword: password, newPassword: next };
  expect(await ada.api('POST', '/graphql', { query: change, variables: { input } })).toMatchObject({
    status: 200,
    body: { data: { changePassword: { problems: [] } } },
  });
  expect((await ada.api('POST', '/api/v1/session', { email: 'ada@shop.example', password: next })).status).toBe(201);
  keep(ada.cookie()?.split('=')[1] ?? '');
});

it('says no secret of a webhook, and none that a metric is asked with', async () => {
  const hook = await made(`${SHOP}/webhooks`, { url: `${metrics.url}/hook` });
  await showEverywhere(keep(hook.secret));
  keep((await made(`${SHOP}/webhooks/${hook.id}/rotate`, {})).secret);
  expect((await api('POST', `${SHOP}/webhooks/${hook.id}/test`)).status).toBe(200);
  const heardQuery = new Promise<void>((resolve) => {
    const reply = metrics.reply;
    metrics.reply = (request, response) => {
      reply(request, response);
      if (request.path === '/orders' && request.headers.authorization === METRIC_SECRET) resolve();
    };
  });
  const query = {
    kind: 'json',
    url: `${metrics.url}/orders`,
    path: '$.n',
    headers: { authorization: { secret: 'SHOP' } },
  };
  await made(`${SHOP}/guardrails`, {
    environment: 'live',
    key: 'orders',
    statement: { kind: 'query', query, windowSeconds: 60, atLeast: 1 },
    intervalSeconds: 1,
  });
  await heardQuery;
});

it('says nothing that a provider of accounts and this server tell one another', async () => {
  provider.accounts.set('ada', { email: 'ada@shop.example', email_verified: true });
  const browser = browserAt(server.url, HOME);
  const began = await browser.api('POST', '/api/v1/session/oidc', {});
  keep(browser.cookie()?.split('=')[1] ?? '');
  const back = await provider.visit(began.body.url, 'ada', HOME);
  for (const name of ['code', 'state']) keep(back.searchParams.get(name) ?? '');
  // The provider knows the client by another secret.
  const answer = await browser.api('GET', back.pathname + back.search);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toContain('failure=');
});

it('has said a lot by the end, and nothing of that', async () => {
  await server.end();
  const said = server.lines.slice(server.lines.findIndex((line) => line.includes('Sluice is ready')));
  expect(said.join('\n')).toContain('A sign-in by OIDC failed');
  const spelt = [...secrets].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    btoa(secret).replaceAll('=', ''),
  ]);
  expect(server.lines.filter((line) => spelt.some((secret) => line.includes(secret)))).toEqual([]);
});
