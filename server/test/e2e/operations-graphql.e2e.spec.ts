import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDigest } from '../builders/a-service.js';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import { answer as replies, WebhookReceiver } from '../clients/webhook-receiver.js';
import { type Ask, codesOf, graphqlOf } from './graphql-client.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const BASE = '/api/v1/projects/shop';

let server: TestServer;
let receiver: WebhookReceiver;
let api: Api;
let ask: Ask;
let ci: Ask;
let sdk: Api;

beforeAll(async () => {
  receiver = await WebhookReceiver.listen();
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.1' });
  ({ api } = server);
  ask = graphqlOf(api);
  await ok(api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }, { key: 'staging' }] }));
  ci = graphqlOf(server.as(await tokenOf('ci')));
  sdk = server.as(await tokenOf('server'));
}, START_TIMEOUT_MS);
afterAll(async () => {
  await server.close();
  await receiver.close();
}, START_TIMEOUT_MS);

async function ok(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
async function tokenOf(kind: string): Promise<string> {
  const environment = kind === 'ci' ? {} : { environment: 'production' };
  const issued = await ok(api('POST', '/api/v1/tokens', { kind, name: kind, project: 'shop', ...environment }));
  // A token's secret is what the API answers when it is made.
  return (issued.body as { readonly secret: string }).secret;
}

/** What fields of the project show; throws where any of it is refused. */
async function shown<T>(fields: string, variables: object = {}, types = ''): Promise<T> {
  const query = `query${types} { project(key: "shop") { ${fields} } }`;
  const { data, errors } = await ask<{ readonly project: T }>(query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.project;
}
interface Paid<T> {
  readonly node: T;
  readonly problems: readonly { readonly code: string; readonly pointer: string | null }[];
}
async function mutate<T = unknown>(name: string, input: object, fields: string): Promise<Paid<T>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { node { ${fields} } problems { code pointer } } }`;
  const { data, errors } = await ask<Readonly<Record<string, Paid<T>>>>(query, {
    input: { project: 'shop', ...input },
  });
  const payload = data?.[name];
  if (errors !== undefined || payload === undefined) throw new Error(JSON.stringify(errors));
  return payload;
}
const rest = async <T = object>(at: string): Promise<T> => (await ok(api('GET', BASE + at))).body as T;
const nodesOf = <T>({ edges }: { readonly edges: readonly { readonly node: T }[] }): readonly T[] =>
  edges.map(({ node }) => node);

/** Asks again and again until the answer is as expected. */
async function until<T>(look: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  let last: T | undefined;
  for (let tries = 0; tries < 400; tries += 1) {
    last = await look();
    if (isSo(last)) return last;
    await later(25);
  }
  throw new Error(`Never came to be: ${JSON.stringify(last)}`);
}

interface Connected<T> {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

describe('Services', () => {
  const report = (more: object = {}) =>
    mutate<{ readonly id: string }>(
      'reportDeployment',
      { environment: 'production', service: 'checkout', version: 'v1', digest: aDigest('a'), ...more },
      'id service environment version digest state url reportedBy',
    );

  it('are deployed, listed page by page and stand as REST says', async () => {
    expect(await report({ url: 'https://ci.test/1' })).toMatchObject({
      node: { service: 'checkout', version: 'v1', state: 'installed', url: 'https://ci.test/1' },
      problems: [],
    });
    await report({ version: 'v2', digest: aDigest('b') });
    expect(await mutate('createService', { key: 'stock', name: 'Stock' }, 'key name project')).toEqual({
      node: { key: 'stock', name: 'Stock', project: 'shop' },
      problems: [],
    });
    const fields = `services(first: 1, after: $after) { edges { cursor node { key environments { environment production
      stable { version digest share } candidate { version } changedAt installed { version digest url reportedBy at }
      unlisted running { version instances } drift } } } pageInfo { hasNextPage endCursor } }`;
    interface Listed {
      readonly services: Connected<{ readonly key: string; readonly environments: readonly object[] }>;
    }
    const { services: first } = await shown<Listed>(fields, { after: null }, '($after: String)');
    expect(first.pageInfo.hasNextPage).toBe(true);
    const { services: second } = await shown<Listed>(fields, { after: first.pageInfo.endCursor }, '($after: String)');
    expect([...nodesOf(first), ...nodesOf(second)].map(({ key }) => key)).toEqual(['checkout', 'stock']);
    const standing = await rest<{ readonly items: readonly { readonly desired: object | null }[] }>(
      '/services/checkout/environments',
    );
    expect(nodesOf(first)[0]?.environments).toMatchObject(
      standing.items.map(({ desired, ...same }) => ({
        ...same,
        stable: desired && { version: 'v1', digest: aDigest('a'), share: 100_000 },
        candidate: null,
      })),
    );
    expect(nodesOf(first)[0]?.environments).toMatchObject([
      { environment: 'production', installed: [{ version: 'v2' }, { version: 'v1' }] },
      { environment: 'staging', stable: null, changedAt: null },
    ]);
    const { deployments, service } = await shown<{
      readonly deployments: Connected<{ readonly version: string }>;
      readonly service: { readonly name: string };
    }>(
      'deployments(service: "checkout", environment: "production") { edges { node { version } } } service(key: "stock") { name }',
    );
    expect(nodesOf(deployments).map(({ version }) => version)).toEqual(['v2', 'v1']);
    expect(service).toEqual({ name: 'Stock' });
  });

  it('refuse another build under a known version, with a problem', async () => {
    expect(await report({ digest: aDigest('c') })).toMatchObject({
      node: null,
      problems: [{ code: 'ARTIFACT_DIFFERS' }],
    });
    expect(await report({ digest: 'sha256:short' })).toMatchObject({
      problems: [{ pointer: '/digest', code: 'SHAPE' }],
    });
  });

  it('have no routers where none is configured', async () => {
    expect(await shown('trafficRoutes { service share verified { kind } }')).toEqual({ trafficRoutes: [] });
  });
});

it('SDK instances tell what they serve, and who is behind', async () => {
  const said = { id: randomUUID(), name: 'checkout-1', sdk: 'sluice-node/0.1.0', revision: 1 };
  const instance = { ...said, revisionAppliedAt: new Date().toISOString() };
  await ok(
    sdk('POST', '/sdk/v1/telemetry', { ...aTelemetryBatch({ batchId: randomUUID(), evaluations: [] }), instance }),
  );
  await ok(api('POST', `${BASE}/flags`, { key: 'behind', type: 'boolean' }));
  const { sdkInstances, sdkReach } = await shown<{
    readonly sdkInstances: Connected<object>;
    readonly sdkReach: readonly { readonly environment: string; readonly revision: number }[];
  }>(`sdkInstances(environment: "production", first: 1) { edges { node { id name sdk revision isCurrent isSilent lastSeenAt } } }
    sdkReach { environment revision instances current silent laggards { id name revision } }`);
  expect(nodesOf(sdkInstances)).toMatchObject([{ ...said, isCurrent: false, isSilent: false }]);
  expect(sdkReach).toMatchObject([
    { environment: 'production', instances: 1, current: 0, silent: 0, laggards: [{ id: said.id, revision: 1 }] },
    { environment: 'staging', instances: 0, laggards: [] },
  ]);
});

describe('Guardrails', () => {
  const at = { environment: 'production', guardrail: 'orders' };
  const document = {
    key: 'orders',
    environment: 'production',
    statement: { kind: 'query', query: { kind: 'json', url: 'http://127.0.0.1:1/', path: '$.n' }, atLeast: 1 },
    intervalSeconds: 1,
  };

  it('are made, checked, edited and removed, and say what may be done', async () => {
    const made = await mutate('createGuardrail', { document }, 'key state isHolding version');
    expect(made).toEqual({ node: { key: 'orders', state: 'unknown', isHolding: false, version: 1 }, problems: [] });
    const { guardrails } = await until(
      () =>
        shown<{
          readonly guardrails: Connected<{
            readonly lastCheck: object | null;
            readonly recentChecks: readonly object[];
          }>;
        }>(`guardrails(environment: "production", first: 1) { edges { node { key statement onBroken lastCheck { outcome value sentence at }
          recentChecks { outcome value at } counts { couldNotAsk } abilities { action isAllowed reason } } } }`),
      (found) => nodesOf(found.guardrails)[0]?.lastCheck !== null,
    );
    expect(nodesOf(guardrails)).toMatchObject([
      {
        statement: { kind: 'query', atLeast: 1, windowSeconds: 60 },
        onBroken: { alert: true, hold: null, kill: null },
        lastCheck: { outcome: 'couldNotAsk', value: null },
        abilities: [
          {
            action: 'acknowledge',
            isAllowed: false,
            reason: 'The guardrail is unknown; there is nothing to acknowledge.',
          },
          { action: 'edit', isAllowed: true, reason: null },
          { action: 'delete', isAllowed: true, reason: null },
        ],
      },
    ]);
    expect(nodesOf(guardrails)[0]?.recentChecks).toContainEqual(expect.objectContaining({ outcome: 'couldNotAsk' }));
    expect(await mutate('acknowledgeGuardrail', { ...at, comment: 'Seen.' }, 'key')).toEqual({
      node: null,
      problems: [{ code: 'GUARDRAIL_NOT_BROKEN', pointer: null }],
    });
    const edit = { ...at, document: { name: 'Orders', failureLimit: 9 } };
    expect(await mutate('editGuardrail', { ...edit, expectedVersion: 1 }, 'name failureLimit version')).toEqual({
      node: { name: 'Orders', failureLimit: 9, version: 2 },
      problems: [],
    });
    expect(await mutate('editGuardrail', { ...edit, expectedVersion: 1 }, 'name')).toMatchObject({
      problems: [{ code: 'VERSION_STALE' }],
    });
    expect(await mutate('deleteGuardrail', { ...at, expectedVersion: 2 }, 'key name')).toEqual({
      node: { key: 'orders', name: 'Orders' },
      problems: [],
    });
    const { data, errors } = await ask(
      '{ project(key: "shop") { guardrail(environment: "production", key: "orders") { key } } }',
    );
    expect(data).toEqual({ project: { guardrail: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'GUARDRAIL_NOT_FOUND' } }]);
  });

  it('show every problem of a draft at its place', async () => {
    const wrong = {
      ...document,
      statement: { ...document.statement, atLeast: undefined },
      intervalSeconds: 0,
      more: 1,
    };
    const { problems } = await mutate('createGuardrail', { document: wrong }, 'key');
    expect(problems.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/statement', '/intervalSeconds', '/more']),
    );
  });
});

describe('Webhooks', () => {
  it('are made, told, told again, tested, rotated, edited and removed', async () => {
    receiver.play('/hook', replies(200));
    const document = { url: receiver.url('/hook'), types: ['dev.cdevents.*'] };
    const { node: issued } = await mutate<{ readonly secret: string; readonly webhook: { readonly id: string } }>(
      'createWebhook',
      { document },
      'secret webhook { id url types enabled version }',
    );
    expect(issued).toMatchObject({
      secret: expect.stringMatching(/^whsec_/u),
      webhook: { ...document, enabled: true },
    });
    const { id } = issued.webhook;
    const at = { webhook: id };
    const release = { environment: 'staging', service: 'stock', version: 'v1', digest: aDigest('d') };
    await mutate('reportDeployment', release, 'id');
    interface Shown {
      readonly webhook: { readonly deliveries: Connected<{ readonly sequence: string; readonly status: string }> };
    }
    const query =
      'webhook(id: $id) { deliveries(first: 1) { edges { node { sequence status attempts lastStatus lastError deliveredAt event { type subject } } } } }';
    const look = () => shown<Shown>(query, { id }, '($id: ID!)');
    const isDelivered = ({ webhook }: Shown) => nodesOf(webhook.deliveries)[0]?.status === 'delivered';
    const [delivery] = nodesOf((await until(look, isDelivered)).webhook.deliveries);
    expect(delivery).toMatchObject({
      ...{ status: 'delivered', attempts: 1, lastStatus: 200, lastError: null },
      event: { type: 'dev.cdevents.service.deployed.0.2.0', subject: 'service/stock' },
    });
    const sequence = delivery?.sequence;
    expect(await mutate('redeliverWebhook', { ...at, sequence }, 'sequence status')).toEqual({
      node: { sequence, status: 'waiting' },
      problems: [],
    });
    await until(
      () => Promise.resolve(receiver.at('/hook').length),
      (requests) => requests === 2,
    );
    expect(await mutate('redeliverWebhook', { ...at, sequence: 'x' }, 'status')).toMatchObject({
      problems: [{ code: 'DELIVERY_NOT_FOUND' }],
    });
    expect(await mutate('testWebhook', at, 'delivered status error')).toMatchObject({
      node: { delivered: true, status: 200, error: null },
    });
    const rotated = await mutate<{ readonly secret: string }>(
      'rotateWebhook',
      at,
      'secret webhook { version previousSecretUntil }',
    );
    expect(rotated.node).toMatchObject({ webhook: { version: 2, previousSecretUntil: expect.any(String) } });
    expect(rotated.node.secret).not.toBe(issued.secret);
    const edit = { ...at, document: { enabled: false }, expectedVersion: 2 };
    expect(await mutate('editWebhook', edit, 'enabled version')).toMatchObject({
      node: { enabled: false, version: 3 },
    });
    expect(await mutate('deleteWebhook', { ...at, expectedVersion: 2 }, 'id')).toMatchObject({
      problems: [{ code: 'VERSION_STALE' }],
    });
    expect(await mutate('deleteWebhook', { ...at, expectedVersion: 3 }, 'id')).toEqual({ node: { id }, problems: [] });
    expect(await shown('webhooks { edges { node { id } } }')).toEqual({ webhooks: { edges: [] } });
  });

  it.each(['00000000-0000-7000-8000-000000000000', 'none'])('that are not there are null: %s', async (id) => {
    const { data, errors = [] } = await ask('query($id: ID!) { project(key: "shop") { webhook(id: $id) { id } } }', {
      id,
    });
    expect({ data, codes: codesOf({ errors }) }).toEqual({
      data: { project: { webhook: null } },
      codes: ['WEBHOOK_NOT_FOUND'],
    });
  });

  it('are not for pipelines, which see the rest', async () => {
    const { data, errors = [] } = await ci('{ project(key: "shop") { key webhooks { edges { cursor } } } }');
    expect(data).toEqual({ project: { key: 'shop', webhooks: null } });
    expect(codesOf({ errors })).toEqual(['PERMISSION_MISSING']);
  });
});

it('Events are read from the newest back, by type, subject and environment', async () => {
  interface Listed {
    readonly events: Connected<{ readonly sequence: string; readonly type: string }>;
  }
  const query =
    'events(first: 2, after: $after, type: "dev.cdevents.*") { edges { node { id sequence type subject environment data at } } pageInfo { hasNextPage endCursor } }';
  const read = (after: string | null) => shown<Listed>(query, { after }, '($after: String)');
  const { events: first } = await read(null);
  const { events: second } = await read(first.pageInfo.endCursor);
  const { items } = await rest<{ readonly items: readonly { readonly id: string }[] }>('/events?type=dev.cdevents.*');
  expect([...nodesOf(first), ...nodesOf(second)]).toMatchObject(items.toReversed().map(({ id }) => ({ id })));
  expect(nodesOf(first)[0]).toMatchObject({ subject: 'service/stock', environment: 'staging' });
  const { events: ofProduction } = await shown<Listed>(
    'events(environment: "production", subject: "service/checkout") { edges { node { sequence type } } }',
  );
  expect(nodesOf(ofProduction).map(({ type }) => type)).toEqual([
    'dev.cdevents.service.upgraded.0.2.0',
    'dev.cdevents.service.deployed.0.2.0',
  ]);
  const refused = await ask('{ project(key: "shop") { key events(type: "dev.none") { edges { cursor } } } }');
  expect(codesOf(refused)).toEqual(['EVENT_TYPE_UNKNOWN']);
});
