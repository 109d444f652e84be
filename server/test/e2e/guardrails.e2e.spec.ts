import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as later } from 'node:timers/promises';
import { type MetricHost, replyJson, replyText, startMetricHost } from '../fakes/metric-host.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const BASE = '/api/v1/projects/shop';
const ALL = `${BASE}/guardrails`;
const PRODUCTION = `${BASE}/environments/production/guardrails`;

interface Guardrail {
  readonly id: string;
  readonly key: string;
  readonly environment: string;
  readonly state: string;
  readonly counts: {
    readonly good: number;
    readonly bad: number;
    readonly noData: number;
    readonly couldNotAsk: number;
  };
  readonly lastCheck: { readonly sentence: string };
}

interface Release {
  readonly status: string;
  readonly reason: { readonly code: string; readonly sentence: string };
}

interface Told {
  readonly type: string;
  readonly data: unknown;
}

interface Listed {
  readonly items: readonly Guardrail[];
  readonly nextCursor: string;
}

let server: TestServer;
let api: Api;
let shop: MetricHost;
let made = 0;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  api = server.api;
  await api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }, { key: 'staging' }] });
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

beforeEach(async () => {
  shop = await startMetricHost(replyJson({ perMinute: 100 }));
});
afterEach(() => shop.close());

const good = (): void => void (shop.reply = replyJson({ perMinute: 100 }));
const bad = (): void => void (shop.reply = replyJson({ perMinute: 3 }));
const statement = (more: object = {}) => ({
  kind: 'query',
  query: { kind: 'json', url: `${shop.url}/{{environment}}`, path: '$.perMinute' },
  atLeast: 30,
  ...more,
});
const draft = (more: object = {}) => ({
  key: `orders-${made}`,
  environment: 'production',
  statement: statement(),
  intervalSeconds: 1,
  failureLimit: 2,
  recoveryLimit: 2,
  ...more,
});

/** What the API answers is what its contract says; tests name the type. */
const bodyOf = <T>({ body }: Answer): T => body as T;
const read = async <T>(path: string): Promise<T> => bodyOf<T>(await api('GET', path));

function problemsOf(answer: Answer): readonly string[] {
  const { errors = [] } = bodyOf<{ readonly errors?: readonly { readonly pointer: string; readonly code: string }[] }>(
    answer,
  );
  return errors.map(({ pointer, code }) => `${pointer} ${code}`).sort();
}

/** A guardrail at a key of its own, checked every second. */
async function create(more: object = {}): Promise<string> {
  made += 1;
  const answer = await api('POST', ALL, draft(more));
  expect([answer.status, problemsOf(answer)]).toEqual([201, []]);
  return bodyOf<Guardrail>(answer).key;
}

/** A flag that is on and serves "off" to everybody. */
async function aFlag(): Promise<string> {
  const key = `flag-${(made += 1)}`;
  const { status } = await api('POST', `${BASE}/flags`, { key, type: 'boolean' });
  expect(status).toBe(201);
  const settings = { on: true, defaultServe: { variation: 'off' } };
  const answer = await api('PATCH', `${BASE}/flags/${key}/environments/production`, settings, { 'if-match': '*' });
  expect(answer.status).toBe(200);
  return key;
}

/** Asks again and again until the answer is as expected. */
async function until<T>(path: string, isSo: (body: T) => boolean): Promise<T> {
  let last: T | undefined;
  for (let tries = 0; tries < 400; tries += 1) {
    last = await read<T>(path);
    if (isSo(last)) return last;
    await later(50);
  }
  throw new Error(`Never came to be: ${JSON.stringify(last)}`);
}
const untilChecked = (key: string, isSo: (guardrail: Guardrail) => boolean): Promise<Guardrail> =>
  until(`${PRODUCTION}/${key}`, isSo);
const untilState = (key: string, state: string): Promise<Guardrail> =>
  untilChecked(key, (guardrail) => guardrail.state === state);
const untilRelease = (path: string, status: string): Promise<Release> =>
  until<Release>(path, (release) => release.status === status);

/** What was told of a subject, in order. */
async function told(subject: string): Promise<readonly Told[]> {
  const path = `${BASE}/events?subject=${encodeURIComponent(subject)}&limit=200`;
  return (await read<{ readonly items: readonly Told[] }>(path)).items;
}
const typesOf = (events: readonly Told[]) => events.map(({ type }) => type.replace('dev.sluice.', ''));

interface Audited {
  readonly subject: string;
  readonly action: string;
  readonly actor: { readonly kind: string; readonly name: string };
}
const audited = async (): Promise<readonly Audited[]> =>
  (await read<{ readonly items: readonly Audited[] }>('/api/v1/audit?limit=200')).items;

describe('a guardrail over a real endpoint', () => {
  it('holds, alerts when it breaks, is acknowledged and recovers', async () => {
    const key = await create({ name: 'Orders' });
    const holding = await untilState(key, 'holding');
    expect(holding).toMatchObject({ lastCheck: { outcome: 'good', value: 100 }, isHolding: false, version: 1 });
    expect(shop.heard[0]?.path).toBe('/production');

    bad();
    const broken = await untilState(key, 'broken');
    expect(broken).toMatchObject({ reason: '3 is not within at least 30.', version: 1 });
    const path = `${PRODUCTION}/${key}`;
    const seen = await api('POST', `${path}/acknowledge`, { comment: 'the bank is away' });
    expect(seen.body).toMatchObject({
      state: 'acknowledged',
      acknowledgement: { comment: 'the bank is away', release: false },
    });
    expect(seen.headers.get('etag')).toBe('"2"');

    good();
    await untilState(key, 'recovered');
    await untilState(key, 'holding');
    const events = await told(`guardrail/${key}`);
    expect(typesOf(events)).toEqual(['guardrail.broken', 'guardrail.acknowledged', 'guardrail.recovered']);
    expect(events).toMatchObject([
      { data: { key, name: 'Orders', value: 3, isAlert: true, sentence: '3 is not within at least 30.' } },
      { data: { comment: 'the bank is away', release: false } },
      { data: { value: 100 } },
    ]);
    const actions = (await audited())
      .filter(({ subject }) => subject === `guardrail/${key}/production`)
      .map(({ action, actor }) => `${action} by ${actor.kind}`);
    expect(actions.reverse()).toEqual([
      'guardrail.created by token',
      'guardrail.broken by system',
      'guardrail.acknowledged by token',
      'guardrail.recovered by system',
    ]);
  });

  it('breaks nothing when its provider is down, and says so', async () => {
    const key = await create({ failureLimit: 1 });
    await untilState(key, 'holding');
    shop.reply = replyText('away', 503);
    const away = await untilChecked(key, ({ counts }) => counts.couldNotAsk >= 2);
    expect(away).toMatchObject({
      state: 'holding',
      counts: { bad: 0, good: 1 },
      lastCheck: { outcome: 'couldNotAsk' },
    });
    expect(away.lastCheck.sentence).toContain('503');
    expect(await told(`guardrail/${key}`)).toEqual([]);
  });

  it('knows nothing where there is nothing, and breaks nothing by that', async () => {
    shop.reply = replyJson({ other: 1 });
    const key = await create({ failureLimit: 1 });
    const unknown = await untilChecked(key, ({ counts }) => counts.noData >= 2);
    expect(unknown).toMatchObject({ state: 'unknown', lastCheck: { outcome: 'noData', value: null } });
  });

  it('is a synthetic check that passes', async () => {
    const query = { kind: 'synthetic', url: shop.url, intervalMs: 1_000, timeoutMs: 500 };
    const key = await create({ statement: statement({ query, atLeast: 1, windowSeconds: 5 }) });
    await untilState(key, 'holding');
    shop.reply = replyText('sorry', 500);
    expect(await untilState(key, 'broken')).toMatchObject({ reason: '0 is not within at least 1.' });
  });
});

describe('a kill switch', () => {
  it('is pulled once per breaking, on record, and ends a running ramp', async () => {
    const flag = await aFlag();
    const settings = `${BASE}/flags/${flag}/environments/production`;
    await policy('long', { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] });
    const changes = [{ kind: 'flag', flag, ramp: { variation: 'on' } }];
    const release = await api('POST', '/api/v1/releases', {
      project: 'shop',
      environment: 'production',
      changes,
      policy: 'long',
      start: true,
    });
    const { id, status } = bodyOf<Release & { readonly id: string }>(release);
    expect([release.status, status]).toEqual([201, 'running']);

    const key = await create({ failureLimit: 1, recoveryLimit: 1, onBroken: { alert: false, kill: { flag } } });
    await untilState(key, 'holding');
    bad();
    await untilState(key, 'broken');
    expect(await read(settings)).toMatchObject({ on: false });
    const ended = await read<Release>(`/api/v1/releases/${id}`);
    expect(ended).toMatchObject({ status: 'rolledBack', reason: { code: 'GUARDRAIL_BROKEN' } });
    expect(ended.reason.sentence).toContain(`guardrail "${key}" is broken: 3 is not within at least 30.`);

    // Somebody switches it on again although it is broken: that is theirs to decide, and more bad checks change nothing.
    await api('PATCH', settings, { on: true });
    const { counts } = await read<Guardrail>(`${PRODUCTION}/${key}`);
    await untilChecked(key, (checked) => checked.counts.bad >= counts.bad + 2);
    expect(await read(settings)).toMatchObject({ on: true });
    expect(await told(`flag/${flag}`)).toMatchObject([
      { type: 'dev.sluice.flag.killed', data: { flag, guardrail: key, environment: 'production' } },
    ]);
    await api('PATCH', settings, { on: false });
    const sentence = expect.stringMatching(/^Switched off by .+: switched off by hand\.$/u);
    const byHand = { flag, guardrail: null, environment: 'production', sentence };
    expect((await told(`flag/${flag}`)).slice(1)).toMatchObject([{ type: 'dev.sluice.flag.killed', data: byHand }]);
    const events = await told(`guardrail/${key}`);
    expect(events).toMatchObject([{ data: { kill: 'killed', isAlert: false } }]);
    const edits = (await audited()).filter(({ subject }) => subject === `flag/${flag}/production`);
    expect(edits.map(({ action, actor }) => `${action} by ${actor.name}`)).toContain(
      'flag.settings.edited by Guardrails',
    );

    good();
    await untilState(key, 'recovered');
    bad();
    await untilState(key, 'broken');
    expect(await read(settings)).toMatchObject({ on: false });
    expect(await told(`flag/${flag}`)).toHaveLength(2);
  });
});

async function policy(key: string, document: object): Promise<void> {
  const { status } = await api('POST', `${BASE}/policies`, { key, name: key, document });
  expect(status).toBe(201);
}

describe('a running release', () => {
  const start = async (flag: string): Promise<string> => {
    const changes = [{ kind: 'flag', flag, ramp: { variation: 'on' } }];
    const release = { project: 'shop', environment: 'production', changes, policy: 'two-steps', start: true };
    const answer = await api('POST', '/api/v1/releases', release);
    expect([answer.status, problemsOf(answer)]).toEqual([201, []]);
    return `/api/v1/releases/${bodyOf<{ readonly id: string }>(answer).id}`;
  };
  const hold = (...flags: readonly string[]) => {
    return { hold: { covers: flags.map((flag) => `flag/${flag}`) } };
  };

  beforeAll(() => policy('two-steps', { steps: [{ share: 10_000, holdSeconds: 2 }, { share: 100_000 }] }));

  it('holds while a guardrail that covers it is broken, and goes on when it has recovered', async () => {
    const [covered, other] = [await aFlag(), await aFlag()];
    bad();
    const key = await create({ name: 'Orders per minute', failureLimit: 1, onBroken: hold(covered) });
    expect(await untilState(key, 'broken')).toMatchObject({ isHolding: true });
    const [held, free] = [await start(covered), await start(other)];
    const holding = await untilRelease(held, 'holding');
    expect(holding.reason).toMatchObject({
      code: 'GUARDRAIL_BROKEN',
      sentence: 'Broken: Orders per minute (3 is not within at least 30).',
    });
    // The other release goes all its way meanwhile.
    await untilRelease(free, 'released');
    expect(await read(held)).toMatchObject({ status: 'holding', rollout: { share: 10_000 } });
    good();
    await untilRelease(held, 'released');
  });

  it('goes on when whoever acknowledges it lets it go', async () => {
    const flag = await aFlag();
    bad();
    const key = await create({ failureLimit: 1, onBroken: hold(flag) });
    await untilState(key, 'broken');
    const release = await start(flag);
    await untilRelease(release, 'holding');
    const acknowledge = (body: object) => api('POST', `${PRODUCTION}/${key}/acknowledge`, body);
    expect((await acknowledge({ comment: 'looking' })).body).toMatchObject({ state: 'acknowledged', isHolding: true });
    expect(await read(release)).toMatchObject({ status: 'holding' });
    expect((await acknowledge({ comment: 'go', release: true })).body).toMatchObject({ isHolding: false });
    await untilRelease(release, 'released');
    expect(await read(`${PRODUCTION}/${key}`)).toMatchObject({ state: 'acknowledged' });
  });
});

describe('The API', () => {
  it('lists by environment, in pages', async () => {
    const [here, there] = [await create(), await create({ environment: 'staging' })];
    const keysOf = async (query: string) => {
      const { items } = await read<Listed>(`${ALL}?${query}`);
      return items.map(({ environment, key }) => `${environment}/${key}`);
    };
    expect(await keysOf('limit=200')).toEqual(expect.arrayContaining([`production/${here}`, `staging/${there}`]));
    expect(await keysOf('environment=staging')).toEqual([`staging/${there}`]);
    const first = await read<Listed>(`${ALL}?limit=1`);
    const second = await read<Listed>(`${ALL}?limit=1&after=${first.nextCursor}`);
    const both = [...first.items, ...second.items].map(({ id }) => id);
    expect([both.length, both]).toEqual([2, [...both].sort()]);
  });

  it('edits over the version last seen, and begins anew with a new statement', async () => {
    const key = await create();
    const path = `${PRODUCTION}/${key}`;
    await untilState(key, 'holding');
    expect((await api('PATCH', path, { name: 'x' })).body).toMatchObject({ code: 'IF_MATCH_REQUIRED' });
    const { headers } = await api('GET', path);
    const match = { 'if-match': headers.get('etag') ?? '' };
    // Checks go on meanwhile, and are nobody's edit.
    const { counts } = await read<Guardrail>(path);
    await untilChecked(key, (checked) => checked.counts.good > counts.good);
    const named = await api('PATCH', path, { name: 'Sales', failureLimit: 5 }, match);
    expect(named.body).toMatchObject({ name: 'Sales', failureLimit: 5, state: 'holding', version: 2 });
    expect((await api('PATCH', path, { name: 'y' }, match)).status).toBe(412);
    const same = await api('PATCH', path, { name: 'Sales' }, { 'if-match': '*' });
    expect(same.body).toMatchObject({ version: 2 });
    const anew = await api('PATCH', path, { statement: statement({ atLeast: 1 }) }, { 'if-match': '*' });
    expect(anew.body).toMatchObject({ state: 'unknown', lastCheck: null, counts: { good: 0 }, version: 3 });
    expect((await api('DELETE', path, undefined, { 'if-match': '"3"' })).status).toBe(204);
    expect(await read(path)).toMatchObject({ code: 'GUARDRAIL_NOT_FOUND' });
  });

  it('keeps a token of another environment, and one that may only read, from it', async () => {
    const key = await create();
    const token = async (more: object) => {
      const made = await api('POST', '/api/v1/tokens', { kind: 'ci', name: 't', project: 'shop', ...more });
      return server.as(bodyOf<{ readonly secret: string }>(made).secret);
    };
    const staging = await token({ environment: 'staging' });
    expect((await staging('GET', `${PRODUCTION}/${key}`)).status).toBe(403);
    expect((await staging('POST', ALL, { ...draft(), key: 'mine' })).status).toBe(403);
    const { items } = bodyOf<Listed>(await staging('GET', ALL));
    expect(items.map(({ environment }) => environment)).not.toContain('production');
    expect((await server.as(undefined)('GET', ALL)).status).toBe(401);
  });

  const query = (more: object) => ({ statement: { kind: 'query', atLeast: 1, ...more } });
  const measurement = (more: object) => ({
    statement: { kind: 'measurement', metric: 'orders', what: 'countPerMinute', atLeast: 1, ...more },
  });
  const json = { kind: 'json', url: 'http://x.test', path: '$' };

  it.each<[string, () => object, readonly string[]]>([
    ['no bound', () => ({ statement: statement({ atLeast: undefined }) }), ['/statement SHAPE']],
    ['bounds that nothing lies within', () => ({ statement: statement({ atMost: 1 }) }), ['/statement/atMost SHAPE']],
    ['a query of no kind', () => query({ query: { kind: 'sql' } }), ['/statement/query/kind SHAPE']],
    [
      'a query about a version',
      () => query({ query: { ...json, url: 'http://x.test/{{version}}' } }),
      ['/statement/query SHAPE'],
    ],
    [
      'a synthetic check rarer than its window',
      () => query({ query: { kind: 'synthetic', url: 'http://x.test' }, windowSeconds: 5 }),
      ['/statement/windowSeconds SHAPE'],
    ],
    ['half a minute of measurements', () => measurement({ windowSeconds: 90 }), ['/statement/windowSeconds SHAPE']],
    ['measurements of a flag', () => measurement({ subject: 'flag/a' }), ['/statement/subject SHAPE']],
    ['measurements of no known sort', () => measurement({ what: 'p99' }), ['/statement/what SHAPE']],
    [
      'flags that nobody has',
      () => ({ onBroken: { hold: { covers: ['flag/nobody', 'service/new'] }, kill: { flag: 'none' } } }),
      ['/onBroken/kill/flag FLAG_UNKNOWN', '/onBroken/hold/covers/0 FLAG_UNKNOWN'],
    ],
    ['cover of nothing', () => ({ onBroken: { hold: { covers: [] } } }), ['/onBroken/hold/covers SHAPE']],
    [
      'several problems, all at once',
      () => ({ key: 'No Key', intervalSeconds: 0, failureLimit: 0, strange: 1 }),
      ['/strange UNKNOWN_FIELD', '/key SHAPE', '/intervalSeconds SHAPE', '/failureLimit SHAPE'],
    ],
  ])('refuses %s', async (_name, wrong, expected) => {
    const answer = await api('POST', ALL, { ...draft(), key: 'refused', ...wrong() });
    expect([answer.status, problemsOf(answer)]).toEqual([400, [...expected].sort()]);
  });

  it.each<[string, string, string, unknown, number, string]>([
    ['no environment of that key', 'POST', ALL, { environment: 'moon' }, 404, 'ENVIRONMENT_NOT_FOUND'],
    ['a guardrail that is there', 'POST', ALL, { key: 'there' }, 409, 'GUARDRAIL_EXISTS'],
    ['nobody’s guardrail', 'GET', `${PRODUCTION}/nobody`, undefined, 404, 'GUARDRAIL_NOT_FOUND'],
    ['an odd key', 'GET', `${PRODUCTION}/No%20Key`, undefined, 404, 'GUARDRAIL_NOT_FOUND'],
    ['a foreign cursor', 'GET', `${ALL}?after=x`, undefined, 400, 'CURSOR_UNKNOWN'],
    ['deleting blindly', 'DELETE', `${PRODUCTION}/there`, undefined, 428, 'IF_MATCH_REQUIRED'],
    [
      'to acknowledge what is good',
      'POST',
      `${PRODUCTION}/there/acknowledge`,
      { comment: 'x' },
      412,
      'GUARDRAIL_NOT_BROKEN',
    ],
    ['to acknowledge without a word', 'POST', `${PRODUCTION}/there/acknowledge`, {}, 400, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_name, method, path, body, status, code) => {
    await api('POST', ALL, { ...draft(), key: 'there' });
    const sent = path === ALL ? { ...draft(), ...(body as object) } : body;
    const answer = await api(method, path, sent);
    expect([answer.status, bodyOf<{ readonly code: string }>(answer).code]).toEqual([status, code]);
  });
});
