import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorCode, EvaluationContext, JsonValue, Reason, Snapshot } from '@sluice/sdk/evaluation';
import { SnapshotSource } from '../../src/delivery/snapshot-source.js';
import { HttpConfig } from '../../src/platform/config/http.js';
import { bearer, ControlPlane, type LiveEnvironment } from '../clients/control-plane.js';
import { EventReader } from '../clients/event-reader.js';
import { startOwnTime } from '../clients/own-time.js';
import { objectionsTo } from '../clients/ofrep-schema.js';

let plane: ControlPlane;
let live: LiveEnvironment;

beforeAll(async () => {
  plane = await ControlPlane.start();
  live = await plane.createEnvironment();
  const on = { on: true, defaultServe: { variation: 'on' } };
  await live.createFlag({ key: 'plain', type: 'boolean' }, on);
  await live.createFlag({ key: 'team/checkout:v2', type: 'boolean' }, on);
  await live.createFlag({ key: 'switched-off', type: 'boolean' });
  await live.createFlag(
    { key: 'by-plan', type: 'boolean', ...{ metadata: { team: 'growth', tier: 2, live: true } } },
    {
      on: true,
      defaultServe: { variation: 'off' },
      rules: [
        { clauses: [{ attribute: 'plan', operator: 'in', values: ['secret-plan'] }], serve: { variation: 'on' } },
      ],
    },
  );
  const shares = [
    { variation: 'on', share: 50_000 },
    { variation: 'off', share: 50_000 },
  ];
  await live.createFlag({ key: 'half', type: 'boolean' }, { on: true, defaultServe: { split: { shares } } });
}, 60_000);
afterAll(() => plane.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: BulkBody;
}

/** What a bulk answer has; others have less. */
interface BulkBody {
  readonly flags: readonly { readonly key: string }[];
  readonly metadata: unknown;
  readonly eventStreams: readonly [{ readonly url?: string; readonly endpoint: { readonly requestUri: string } }];
}

async function post(path: string, request?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${plane.url}/ofrep/v1/evaluate/flags${path}`, {
    method: 'POST',
    headers: { ...bearer(live.tokens.client), 'content-type': 'application/json', ...headers },
    ...(request === undefined ? {} : { body: typeof request === 'string' ? request : JSON.stringify(request) }),
  });
  const text = await response.text();
  // Tests look into it before they rely on it.
  const body = (text === '' ? undefined : JSON.parse(text)) as BulkBody;
  return { status: response.status, headers: response.headers, body };
}

const bulk = (context: EvaluationContext, headers: Record<string, string> = {}, query = ''): Promise<Answer> =>
  post(query, { context }, headers);

describe('POST /ofrep/v1/evaluate/flags/{key}', () => {
  it.each(['%zz', 'team%2', '%c3%28'])('tells web pages too that the key %s is badly encoded', async (key) => {
    const { status, headers, body } = await post(`/${key}`, { context: {} });
    expect([status, body]).toEqual([400, { key: '', errorCode: 'PARSE_ERROR', errorDetails: expect.any(String) }]);
    expect(objectionsTo(body, 'evaluationFailure')).toEqual([]);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(`${plane.url}/ofrep/v1/evaluate/flags/${key}`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });

  it('tells that a compressed body is not read', async () => {
    const { status, body } = await post('/plain', '{}', { 'content-encoding': 'gzip' });
    const errorDetails = expect.stringContaining('without Content-Encoding');
    expect([status, body]).toEqual([400, { key: 'plain', errorCode: 'PARSE_ERROR', errorDetails }]);
  });

  it.each<[string, EvaluationContext, object]>([
    ['plain', {}, { key: 'plain', value: true, variant: 'on', reason: 'STATIC' }],
    ['by-plan', { plan: 'secret-plan' }, { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['by-plan', {}, { value: false, reason: 'DEFAULT', metadata: { team: 'growth', tier: 2, live: true } }],
    ['half', { targetingKey: 'u1' }, { reason: 'SPLIT' }],
    ['team/checkout:v2', {}, { key: 'team/checkout:v2', value: true }],
    ['team%2Fcheckout%3Av2', {}, { key: 'team/checkout:v2', value: true }],
  ])('evaluates %s for %j', async (key, context, expected) => {
    const { status, headers, body } = await post(`/${key}`, { context });
    expect([status, body]).toEqual([200, expect.objectContaining(expected)]);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(objectionsTo(body, 'serverEvaluationSuccess')).toEqual([]);
  });

  it('takes an empty body for an empty context, with or without a content type', async () => {
    expect((await post('/plain')).body).toMatchObject({ value: true });
    const bare = await fetch(`${plane.url}/ofrep/v1/evaluate/flags/plain`, {
      method: 'POST',
      headers: bearer(live.tokens.client),
    });
    expect(bare.status).toBe(200);
  });

  it('says which flag there is not', async () => {
    const { status, body } = await post('/none/of ours', { context: {} });
    expect([status, body]).toEqual([
      404,
      expect.objectContaining({ key: 'none/of ours', errorCode: 'FLAG_NOT_FOUND' }),
    ]);
    expect(objectionsTo(body, 'flagNotFound')).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['half', { context: { plan: 'x' } }, 'TARGETING_KEY_MISSING'],
    ['plain', '{"context":', 'PARSE_ERROR'],
    ['plain', '[1]', 'PARSE_ERROR'],
    ['plain', 'context=u1', 'PARSE_ERROR'],
    ['plain', { context: 'u1' }, 'INVALID_CONTEXT'],
    ['plain', { context: ['u1'] }, 'INVALID_CONTEXT'],
  ])('refuses %s with %j: %s', async (key, request, errorCode) => {
    const { status, headers, body } = await post(`/${key}`, request);
    expect([status, body]).toEqual([400, { key, errorCode, errorDetails: expect.any(String) }]);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(objectionsTo(body, 'evaluationFailure')).toEqual([]);
  });

  it('lets tokens in by either header, and nobody else', async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${plane.url}/ofrep/v1/evaluate/flags/plain`, { method: 'POST', headers });
    expect((await ask({ 'x-api-key': live.tokens.client.secret })).status).toBe(200);
    expect((await ask(bearer(live.tokens.server))).status).toBe(200);
    for (const headers of [{}, { 'x-api-key': 'nonsense' }, { authorization: `Bearer slu_client_${'x'.repeat(43)}` }]) {
      const refused = await ask(headers);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sluice"']);
      expect(refused.headers.get('access-control-allow-origin')).toBe('*');
      expect(objectionsTo(await refused.json(), 'generalErrorResponse')).toEqual([]);
    }
    expect((await ask({ authorization: `Bearer slu_admin_${'a'.repeat(40)}` })).status).toBe(403);
  });
});

describe('POST /ofrep/v1/evaluate/flags', () => {
  it('evaluates every flag, each on its own', async () => {
    const { status, headers, body } = await bulk({ plan: 'free' });
    expect(status).toBe(200);
    expect(objectionsTo(body, 'bulkEvaluationSuccess')).toEqual([]);
    expect(headers.get('etag')).toMatch(/^"[\w-]{43}"$/u);
    expect(body.flags).toEqual([
      expect.objectContaining({ key: 'by-plan', value: false, reason: 'DEFAULT' }),
      { key: 'half', errorCode: 'TARGETING_KEY_MISSING', errorDetails: expect.any(String) },
      { key: 'plain', value: true, variant: 'on', reason: 'STATIC' },
      expect.objectContaining({ key: 'switched-off', reason: 'DISABLED' }),
      expect.objectContaining({ key: 'team/checkout:v2', value: true }),
    ]);
    expect(body.metadata).toEqual({ flagSetId: `${live.project}/live` });
    expect(body.eventStreams).toEqual([
      {
        type: 'sse',
        endpoint: { requestUri: expect.stringMatching(/^\/ofrep\/v1\/sse\?ticket=/u) },
        inactivityDelaySec: 120,
      },
    ]);
  });

  it('shows clients no rules and no token', async () => {
    const text = JSON.stringify((await bulk({ targetingKey: 'u1' })).body);
    expect(text).not.toContain('secret-plan');
    expect(text).not.toContain(live.tokens.client.secret.slice(-20));
  });

  it('answers 304 to who has exactly this, and values to who has those of another context', async () => {
    const free = await bulk({ targetingKey: 'u1', plan: 'free' });
    const etag = String(free.headers.get('etag'));
    const again = await bulk({ targetingKey: 'u1', plan: 'free' }, { 'if-none-match': etag });
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, undefined, etag]);
    const paid = await bulk({ targetingKey: 'u1', plan: 'secret-plan' }, { 'if-none-match': etag });
    expect([paid.status, paid.body.flags[0]]).toEqual([200, expect.objectContaining({ value: true })]);
  });

  it('answers 304 only to who was told of the configuration that is served', async () => {
    const stream = await openStream();
    const { etag: current } = JSON.parse((await stream.next()).data) as { etag: string };
    await stream.close();
    const first = await bulk({});
    const known = { 'if-none-match': String(first.headers.get('etag')) };
    const ask = async (etag: string): Promise<number> => (await bulk({}, known, `?flagConfigEtag=${etag}`)).status;
    expect([await ask(current), await ask('999999.newer'), await ask('0.older'), await ask('')]).toEqual([
      304, 200, 200, 304,
    ]);
  });

  it.each<[unknown, string]>([
    ['{', 'PARSE_ERROR'],
    ['"x"', 'PARSE_ERROR'],
    [{ context: 7 }, 'INVALID_CONTEXT'],
  ])('refuses %j: %s', async (request, errorCode) => {
    const { status, body } = await post('', request);
    expect([status, body]).toEqual([400, { errorCode, errorDetails: expect.any(String) }]);
    expect(objectionsTo(body, 'bulkEvaluationFailure')).toEqual([]);
  });

  it('lets browsers of any origin ask, and read what they need', async () => {
    for (const path of ['/ofrep/v1/evaluate/flags', '/ofrep/v1/evaluate/flags/a/b', '/ofrep/v1/sse']) {
      const preflight = await fetch(plane.url + path, {
        method: 'OPTIONS',
        headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
      });
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
      const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase().split(', ');
      expect(allowed).toEqual(expect.arrayContaining(['authorization', 'x-api-key', 'content-type', 'if-none-match']));
    }
    const { headers } = await bulk({});
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toMatch(/ETag.*Retry-After/u);
  });
});

async function streamUri(token = live.tokens.client): Promise<string> {
  const { body } = await post('', {}, bearer(token));
  return body.eventStreams[0].endpoint.requestUri;
}
async function openStream(headers: Record<string, string> = {}, token = live.tokens.client): Promise<EventReader> {
  return EventReader.open(plane.url + (await streamUri(token)), headers);
}

describe('GET /ofrep/v1/sse', () => {
  it('tells of each change, with what the client sends back', async () => {
    const stream = await openStream();
    await stream.next();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('access-control-allow-origin')).toBe('*');
    expect(stream.text).toMatch(/^: [^\n]*\nretry: \d+\n\nevent: message\nid: /u);
    await live.decide('switched-off', { on: true });
    const event = await stream.next();
    const data = JSON.parse(event.data) as { type: string; etag: string; lastModified: number };
    expect(objectionsTo(data, 'sseEventData')).toEqual([]);
    expect([event.event, event.id, data.type]).toEqual(['message', data.etag, 'refetchEvaluation']);
    expect(Math.abs(data.lastModified - Date.now() / 1_000)).toBeLessThan(5);
    const { status, body } = await bulk(
      {},
      {},
      `?flagConfigEtag=${data.etag}&flagConfigLastModified=${data.lastModified}`,
    );
    expect([status, body.flags[3]]).toEqual([200, expect.not.objectContaining({ reason: 'DISABLED' })]);
    await live.decide('switched-off', { on: false });
    await stream.next();
    await stream.close();
  });

  it('resumes: silent at the current position, a notice from elsewhere', async () => {
    const first = await openStream();
    const { id } = await first.next();
    await first.close();
    const current = await openStream({ 'last-event-id': String(id) });
    expect(await current.next()).toMatchObject({ id, data: '{"type":"connected"}' });
    const behind = await openStream({ 'last-event-id': '1.0123456789abcdef' });
    expect(JSON.parse((await behind.next()).data)).toMatchObject({ type: 'refetchEvaluation', etag: id });
    await Promise.all([current.close(), behind.close()]);
  });

  it('opens with a genuine ticket only', async () => {
    const genuine = await streamUri();
    const [uuid, end, signature] = String(genuine.split('ticket=')[1]).split('.');
    const forged = [
      '',
      'nonsense',
      `${uuid}.${Number(end) + 60}.${signature}`,
      `${uuid}.${end}.${'A'.repeat(43)}`,
      `${live.tokens.server.id}.${end}.${signature}`,
      `00000000-0000-7000-8000-000000000000.${end}.${signature}`,
    ];
    for (const ticket of forged) {
      const { status } = await fetch(`${plane.url}/ofrep/v1/sse?ticket=${ticket}`);
      expect([ticket, status]).toEqual([ticket, 401]);
    }
    expect((await fetch(`${plane.url}/ofrep/v1/sse`)).status).toBe(401);
    expect(await streamUri()).toBe(genuine);
  });

  it('ends within a second when the token behind its ticket is revoked, for good', async () => {
    const doomed = await plane.createToken(live.project, 'client');
    const uri = await streamUri(doomed);
    const stream = await EventReader.open(plane.url + uri);
    await stream.next();
    const ownTime = startOwnTime();
    await live.revoke(doomed);
    await stream.ended();
    expect(ownTime()).toBeLessThan(1_000);
    expect((await fetch(plane.url + uri)).status).toBe(401);
  });
});

it('names the stream by the address it is reached at, where that is configured', async () => {
  const config: { publicUrl: string | undefined } = plane.server.app.get(HttpConfig);
  config.publicUrl = 'https://flags.example/sluice';
  const { body } = await bulk({});
  config.publicUrl = undefined;
  expect(body.eventStreams[0].url).toMatch(/^https:\/\/flags\.example\/sluice\/ofrep\/v1\/sse\?ticket=/u);
  expect(objectionsTo(body, 'bulkEvaluationSuccess')).toEqual([]);
});

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

/** Those of flags; OFREP knows nothing of versions of services. */
const FILES = readdirSync(VECTORS).filter((name) => name.endsWith('.json') && name !== 'versions.json');

describe.each(FILES)('the vectors of %s', (file) => {
  const text = readFileSync(new URL(file, VECTORS), 'utf8');
  const { snapshot, cases } = JSON.parse(text) as Vectors; // safe: ours, and read by the SDK's tests too
  let environment: LiveEnvironment;

  beforeAll(async () => {
    environment = await plane.createEnvironment();
    const source = plane.server.app.get(SnapshotSource);
    const stored = source.load.bind(source);
    source.load = (id) => (id === environment.id ? Promise.resolve(snapshot) : stored(id));
  });

  // Without a key the URL is the bulk evaluation's.
  it.each(cases.filter(({ flag }) => flag !== '').map((each) => [each.name, each] as const))(
    '%s',
    async (_name, { flag, context, expected }) => {
      const headers = bearer(environment.tokens.client);
      const single = await post(`/${encodeURIComponent(flag)}`, { context }, headers);
      const all = await post('', { context }, headers);
      const { value, variant, reason, errorCode } = expected;
      const onWire = errorCode === undefined ? { value, variant, reason } : { errorCode };
      const status = errorCode === undefined ? 200 : errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
      expect([single.status, single.body]).toEqual([status, expect.objectContaining(withoutUndefined(onWire))]);
      const item = all.body.flags.find(({ key }) => key === flag);
      expect(item).toEqual(errorCode === 'FLAG_NOT_FOUND' ? undefined : single.body);
      if (value === undefined) expect(single.body).not.toHaveProperty('value');
      expect(objectionsTo(all.body, 'bulkEvaluationSuccess')).toEqual([]);
    },
  );
});

function withoutUndefined(object: object): object {
  return JSON.parse(JSON.stringify(object)) as object;
}
