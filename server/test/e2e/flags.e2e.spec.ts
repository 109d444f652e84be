import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const ENVIRONMENTS = ['development', 'production', 'staging'];

/** What these tests look at of an answer's body, each where it is there. */
interface Body {
  readonly projectId: string;
  readonly updatedAt: string | null;
  readonly environments: Readonly<Record<string, unknown>>;
  readonly variations: readonly { readonly value: unknown }[];
  readonly rules: readonly { readonly id: string }[];
  readonly targets: readonly { readonly values: readonly string[] }[];
  readonly items: readonly (Body & { key: string; revision: number; action: string; sequence: number })[];
  readonly nextCursor: string | null;
  readonly errors: readonly { readonly code: string }[];
}
type Said = Omit<Answer, 'body'> & { readonly body: Body };

let server: TestServer;
let projects = 0;
/** A project of its own for each test: where its flags are, how to call there, and its revisions. */
const newProject = async () => {
  const key = `p${(projects += 1)}`;
  const environments = ENVIRONMENTS.map((name) => ({ key: name, name, production: name === 'production' }));
  expect(await server.api('POST', '/api/v1/projects', { key, environments })).toMatchObject({ status: 201 });
  const base = `/api/v1/projects/${key}`;
  const call = (method: string, path: string, body?: unknown, version?: number): Promise<Said> =>
    server.api(method, base + path, body, version === undefined ? {} : { 'if-match': `"${version}"` });
  const revisions = async (): Promise<readonly number[]> => {
    const { items } = (await call('GET', '/environments')).body;
    return items.map(({ revision }) => revision);
  };
  const create = async (flag: object): Promise<void> => {
    expect(await call('POST', '/flags', { type: 'boolean', ...flag })).toMatchObject({ status: 201 });
  };
  return { key, call, revisions, create };
};
const codesOf = ({ body }: Said): readonly string[] => body.errors.map(({ code }) => code);

beforeAll(async () => {
  server = await startTestServer();
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

describe('A flag', () => {
  it('lives from creation to deletion, one revision per change, each on record', async () => {
    const { call, revisions } = await newProject();
    const created = await call('POST', '/flags', { key: 'cart', type: 'boolean', tags: ['q3'] });
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('"1"');
    expect(Object.keys(created.body.environments)).toEqual(ENVIRONMENTS);
    expect(created.body.environments['production']).toMatchObject({ on: false, offVariation: 'off', version: 0 });
    expect(await revisions()).toEqual([1, 1, 1]);

    const edited = await call('PATCH', '/flags/cart', { name: 'Cart', owner: 'payments' }, 1);
    expect(edited).toMatchObject({ status: 200, body: { name: 'Cart', owner: 'payments', tags: ['q3'], version: 2 } });
    expect(await revisions()).toEqual([2, 2, 2]);

    const settings = '/flags/cart/environments/production';
    const untouched = await call('GET', settings);
    expect([untouched.headers.get('etag'), untouched.body.updatedAt]).toEqual(['"0"', null]);
    const content = { offVariation: 'off', defaultServe: { variation: 'on' }, targets: [], prerequisites: [] };
    expect(untouched.body).toEqual({ ...content, on: false, rules: [], version: 0, updatedAt: null });
    const rules = [{ clauses: [], serve: { split: { shares: [{ variation: 'on', share: 100_000 }] } } }];
    const replaced = await call('PUT', settings, { ...content, on: true, rules }, 0);
    expect(replaced).toMatchObject({ status: 200, body: { on: true, version: 1 } });
    expect(replaced.body.rules[0]?.id).toMatch(/^[0-9a-f-]{36}$/u);
    const patched = await call('PATCH', settings, { rules: [] }, 1);
    expect(patched).toMatchObject({ status: 200, body: { on: true, rules: [], version: 2 } });
    expect(await call('PATCH', settings, { on: false })).toMatchObject({
      status: 200,
      body: { on: false, version: 3 },
    });
    expect(await revisions()).toEqual([2, 5, 2]);
    expect((await call('GET', '/flags/cart')).body.environments['production']).toMatchObject({ on: false, version: 3 });

    expect(await call('DELETE', '/flags/cart', undefined, 2)).toMatchObject({ status: 204, body: '' });
    expect(await call('GET', '/flags/cart')).toMatchObject({ status: 404, body: { code: 'FLAG_NOT_FOUND' } });
    expect(await call('GET', settings)).toMatchObject({ status: 404, body: { code: 'FLAG_NOT_FOUND' } });
    expect(await revisions()).toEqual([3, 6, 3]);

    const audit: Said = await server.api('GET', `/api/v1/audit?projectId=${created.body.projectId}&limit=100`);
    const done = audit.body.items.filter(({ action }) => action.startsWith('flag.'));
    const inOrder = [...done].sort((a, b) => a.sequence - b.sequence);
    expect(inOrder).toMatchObject([
      { action: 'flag.created', subject: 'flag/cart', before: null, after: { key: 'cart', version: 1 } },
      { action: 'flag.edited', before: { name: 'cart', version: 1 }, after: { name: 'Cart', version: 2 } },
      {
        action: 'flag.settings.edited',
        subject: 'flag/cart/production',
        before: { version: 0 },
        after: { version: 1 },
      },
      { action: 'flag.settings.edited', before: { on: true, version: 1 }, after: { rules: [], version: 2 } },
      { action: 'flag.settings.edited', before: { on: true }, after: { on: false, version: 3 } },
      { action: 'flag.deleted', before: { name: 'Cart', environments: { production: { version: 3 } } }, after: null },
    ]);
  });

  it.each<[string, unknown]>([
    ['boolean', true],
    ['string', ''],
    ['number', -0.5],
    ['json', { deep: [[{ a: null }]] }],
  ])('of type %s keeps its values as they are', async (type, value) => {
    const { call } = await newProject();
    const variations = [{ key: 'v', value }];
    expect(await call('POST', '/flags', { key: 'f', type, variations })).toMatchObject({ status: 201 });
    expect((await call('GET', '/flags/f')).body).toMatchObject({ type, variations });
  });

  it.each(['a/b', 'a.b', 'a:b', 'Team/new.cart:v2', 'constructor', 'a'.repeat(128)])(
    'goes by the key %s',
    async (key) => {
      const { call } = await newProject();
      const path = `/flags/${encodeURIComponent(key)}`;
      expect((await call('POST', '/flags', { key, type: 'boolean' })).status).toBe(201);
      expect(await call('GET', path)).toMatchObject({ status: 200, body: { key } });
      expect(await call('PATCH', `${path}/environments/staging`, { on: true })).toMatchObject({ status: 200 });
      expect(await call('DELETE', path, undefined, 1)).toMatchObject({ status: 204 });
    },
  );

  it('with a variation of a megabyte is taken, shown and listed', async () => {
    const { call } = await newProject();
    const value = { blob: 'x'.repeat(1_000_000), list: Array.from({ length: 1_000 }, (_, i) => ({ i })) };
    const created = await call('POST', '/flags', { key: 'big', type: 'json', variations: [{ key: 'v', value }] });
    expect(created.status).toBe(201);
    expect((await call('GET', '/flags/big')).body.variations[0]?.value).toEqual(value);
    expect((await call('GET', '/flags')).body.items[0]?.variations[0]?.value).toEqual(value);
  }, 30_000);

  it('of a key that is taken is a conflict', async () => {
    const { call, create, revisions } = await newProject();
    await create({ key: 'a' });
    const again = await call('POST', '/flags', { key: 'a', type: 'string', variations: [{ key: 'v', value: '' }] });
    expect(again).toMatchObject({ status: 409, body: { code: 'FLAG_EXISTS' } });
    expect(await revisions()).toEqual([1, 1, 1]);
  });

  it('is created once by 10 requests at the same time', async () => {
    const { call, revisions } = await newProject();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('POST', '/flags', { key: 'a', type: 'boolean' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    expect(await revisions()).toEqual([1, 1, 1]);
  });
});

describe('An edit', () => {
  it('needs If-Match, of the present version', async () => {
    const { call, create, revisions } = await newProject();
    await create({ key: 'a' });
    const settings = '/flags/a/environments/staging';
    const edits: readonly (readonly [string, string, unknown])[] = [
      ['PATCH', '/flags/a', { name: 'x' }],
      ['DELETE', '/flags/a', undefined],
      ['PATCH', settings, { on: true, rules: [] }],
      ['PATCH', settings, {}],
      [
        'PUT',
        settings,
        { on: true, offVariation: null, defaultServe: null, targets: [], rules: [], prerequisites: [] },
      ],
    ];
    for (const [method, path, body] of edits) {
      expect(await call(method, path, body)).toMatchObject({ status: 428, body: { code: 'IF_MATCH_REQUIRED' } });
      expect(await call(method, path, body, 7)).toMatchObject({ status: 412, body: { code: 'VERSION_STALE' } });
    }
    expect(await call('PATCH', settings, { on: true }, 7)).toMatchObject({ status: 412 });
    expect(await revisions()).toEqual([1, 1, 1]);
  });

  it('cannot take a variation away that something serves or asks for', async () => {
    const { call, create } = await newProject();
    const variations = ['a', 'b', 'c', 'd'].map((key) => ({ key, value: key }));
    await create({ key: 'f', type: 'string', variations });
    await create({ key: 'g' });
    const settings = { offVariation: 'b', defaultServe: { variation: 'a' } };
    expect(await call('PATCH', '/flags/f/environments/staging', settings, 0)).toMatchObject({ status: 200 });
    const prerequisites = [{ flag: 'f', variations: ['c'] }];
    expect(await call('PATCH', '/flags/g/environments/production', { prerequisites }, 0)).toMatchObject({
      status: 200,
    });
    const keep = (...keys: readonly string[]) => ({ variations: variations.filter(({ key }) => keys.includes(key)) });
    const refused = await call('PATCH', '/flags/f', keep('d'), 1);
    expect([refused.status, codesOf(refused)]).toEqual([
      400,
      ['VARIATION_UNKNOWN', 'VARIATION_UNKNOWN', 'VARIATION_IN_USE'],
    ]);
    expect(await call('PATCH', '/flags/f', keep('a', 'b', 'c'), 1)).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
  });

  it('switches off whatever else the settings hold, without having looked', async () => {
    const { call, create } = await newProject();
    await create({ key: 'a' });
    const values = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
    const settings = '/flags/a/environments/production';
    expect(await call('PATCH', settings, { on: true, targets: [{ variation: 'on', values }] }, 0)).toMatchObject({
      status: 200,
    });
    const off = await call('PATCH', settings, { on: false });
    expect(off).toMatchObject({ status: 200, body: { on: false, version: 2 } });
    expect(off.body.targets[0]?.values).toHaveLength(20_000);
  });
});

describe('References', () => {
  it('keep a prerequisite and a segment from being deleted until they are taken out', async () => {
    const { call, create, revisions } = await newProject();
    await create({ key: 'a' });
    await create({ key: 'b' });
    const inBeta = [{ clauses: [{ operator: 'inSegment', values: ['beta'] }] }];
    expect(await call('POST', '/segments', { key: 'beta', included: ['u1'] })).toMatchObject({ status: 201 });
    expect(await call('POST', '/segments', { key: 'wider', rules: inBeta })).toMatchObject({ status: 201 });
    const edit = {
      prerequisites: [{ flag: 'b', variations: ['on'] }],
      rules: [{ clauses: inBeta[0]?.clauses, serve: { variation: 'on' } }],
    };
    expect(await call('PATCH', '/flags/a/environments/staging', edit, 0)).toMatchObject({ status: 200 });
    const before = await revisions();
    expect(await call('DELETE', '/flags/b', undefined, 1)).toMatchObject({
      status: 409,
      body: { code: 'FLAG_IN_USE', usedBy: ['flag/a in staging'] },
    });
    expect(await call('DELETE', '/segments/beta', undefined, 1)).toMatchObject({
      status: 409,
      body: { code: 'SEGMENT_IN_USE', usedBy: ['segment/wider', 'flag/a in staging'] },
    });
    expect(await revisions()).toEqual(before);
    expect(await call('PATCH', '/flags/a/environments/staging', { prerequisites: [], rules: [] }, 1)).toMatchObject({
      status: 200,
    });
    expect(await call('DELETE', '/segments/wider', undefined, 1)).toMatchObject({ status: 204 });
    expect(await call('DELETE', '/segments/beta', undefined, 1)).toMatchObject({ status: 204 });
    expect(await call('DELETE', '/flags/b', undefined, 1)).toMatchObject({ status: 204 });
  });
});

describe('The list', () => {
  it('pages over 300 flags, each once and in order, while others come and go', async () => {
    const { call, create } = await newProject();
    const keys = Array.from({ length: 300 }, (_, i) => `f-${String(i).padStart(3, '0')}`);
    for (const key of keys) await create({ key, tags: [key.endsWith('7') ? 'seven' : 'other'] });
    const walk = async (query: string): Promise<readonly string[]> => {
      const seen: string[] = [];
      for (let after: string | null = ''; after !== null;) {
        const { status, body } = await call('GET', `/flags?${query}${after === '' ? '' : `&after=${after}`}`);
        expect(status).toBe(200);
        seen.push(...body.items.map(({ key }) => key));
        after = body.nextCursor;
      }
      return seen;
    };
    expect(await walk('limit=70')).toEqual(keys);
    expect(await walk('limit=100')).toEqual(keys);
    expect(await walk('tag=seven&tag=other')).toEqual([]);
    expect(await walk('limit=7&tag=seven')).toEqual(keys.filter((key) => key.endsWith('7')));
    expect(await walk('search=F-29')).toEqual(keys.filter((key) => key.startsWith('f-29')));
    expect(await walk('owner=nobody')).toEqual([]);
    expect(await walk('purpose=release&limit=200')).toEqual(keys);
    const first = (await call('GET', '/flags?limit=2')).body;
    expect(await call('DELETE', '/flags/f-001', undefined, 1)).toMatchObject({ status: 204 });
    expect((await call('GET', `/flags?limit=1&after=${first.nextCursor ?? ''}`)).body.items[0]?.key).toBe('f-002');
  }, 120_000);

  it.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'limit=1.5',
    'after=%25',
    'purpose=fun',
    'tag=a&tag=%00',
    'tag=%00',
    'search=%00',
    'owner=%00',
    'sort=colour',
    `search=${'x'.repeat(201)}`,
  ])('refuses the query %s', async (query) => {
    const { call } = await newProject();
    expect((await call('GET', `/flags?${query}`)).status).toBe(400);
  });

  it.each(['/flags/%00', '/flags/a%20b', '/flags/%ff', '/segments/%00', '/segments/A'])(
    'finds nothing at %s, and says so',
    async (path) => {
      const { call, create } = await newProject();
      await create({ key: 'a' });
      expect([400, 404, 414]).toContain((await call('GET', path)).status);
    },
  );
});

describe('Another project', () => {
  it('sees nothing of these flags, not even with a token of its own', async () => {
    const [mine, theirs] = [await newProject(), await newProject()];
    await mine.create({ key: 'a' });
    expect((await theirs.call('GET', '/flags')).body.items).toEqual([]);
    expect((await theirs.call('GET', '/flags/a')).status).toBe(404);
    const prerequisites = [{ flag: 'a', variations: ['on'] }];
    await theirs.create({ key: 'b' });
    expect(codesOf(await theirs.call('PATCH', '/flags/b/environments/staging', { prerequisites }, 0))).toEqual([
      'FLAG_UNKNOWN',
    ]);
  });
});
