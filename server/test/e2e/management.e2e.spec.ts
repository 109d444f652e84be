import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;

/** What these tests look at of an answer's body; each knows what is there. */
interface Body {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly version: number;
  readonly kind: string;
  readonly projectId: string;
  readonly replacesId: string;
  readonly expiresAt: string;
  readonly secret: string;
  readonly after: object | null;
  readonly items: readonly Body[];
  readonly nextCursor: string | null;
  readonly environments: readonly Body[];
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string }[];
  readonly currentVersion: number;
  readonly permission: string;
}
type Said = Omit<Answer, 'body'> & { readonly body: Body };
type Call = (...asked: Parameters<Api>) => Promise<Said>;

let server: TestServer;
let api: Call;
const as = (token: string | undefined): Call => server.as(token);
beforeAll(async () => {
  server = await startTestServer();
  api = server.api;
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

let keys = 0;
const newKey = () => `project-${(keys += 1)}`;
const newProject = async (): Promise<string> => {
  const key = newKey();
  expect((await api('POST', '/api/v1/projects', { key })).status).toBe(201);
  return key;
};
const newToken = async (draft: object, by: Call = api): Promise<{ id: string; secret: string }> => {
  const { status, body } = await by('POST', '/api/v1/tokens', { name: 'a test', ...draft });
  expect(status).toBe(201);
  return body;
};
const expectProblem = ({ status, headers, body }: Said, expectedStatus: number, code: string): void => {
  expect({ status, code: body.code }).toEqual({ status: expectedStatus, code });
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(body).toMatchObject({ type: 'about:blank', status: expectedStatus, requestId: headers.get('x-request-id') });
  expect(body.title).toEqual(expect.any(String));
  expect(body.detail).toEqual(expect.any(String));
};
const pointersOf = ({ body }: Said): string[] => body.errors.map(({ pointer }) => pointer).sort();
/** Asks again until the answer is as awaited; how long that may take is the test's timeout. */
const eventually = async (ask: () => Promise<Said>, status: number): Promise<Said> => {
  for (;;) {
    const answer = await ask();
    if (answer.status === status) return answer;
  }
};

describe('projects', () => {
  it('come with a development and a production environment unless said', async () => {
    const key = newKey();
    const created = await api('POST', '/api/v1/projects', { key, name: '  The shop ' });
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('"1"');
    expect(created.body).toMatchObject({
      key,
      name: 'The shop',
      version: 1,
      environments: [
        { key: 'development', name: 'development', production: false, revision: 0 },
        { key: 'production', name: 'production', production: true, revision: 0 },
      ],
    });
    expect((await api('GET', `/api/v1/projects/${key}`)).body).toEqual(created.body);
  });

  it('may have no environment at first', async () => {
    const { body } = await api('POST', '/api/v1/projects', { key: newKey(), environments: [] });
    expect(body.environments).toEqual([]);
  });

  it('have distinct keys', async () => {
    const key = await newProject();
    expectProblem(await api('POST', '/api/v1/projects', { key }), 409, 'PROJECT_EXISTS');
  });

  it('are listed page by page, each once', async () => {
    for (let i = 0; i < 3; i += 1) await newProject();
    const seen: string[] = [];
    let path = '/api/v1/projects?limit=2';
    for (;;) {
      const { status, body } = await api('GET', path);
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map(({ key }) => key));
      if (body.nextCursor === null) break;
      path = `/api/v1/projects?limit=2&after=${body.nextCursor}`;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });

  it.each(['0', '201', '1.5', 'many', '-1'])('are not listed %s at a time', async (limit) => {
    expectProblem(await api('GET', `/api/v1/projects?limit=${limit}`), 400, 'LIMIT_OUT_OF_RANGE');
  });

  it('are not listed by unknown parameters or foreign cursors', async () => {
    expectProblem(await api('GET', '/api/v1/projects?sort=name'), 400, 'VALIDATION_FAILED');
    expectProblem(await api('GET', '/api/v1/projects?after=%25%25'), 400, 'CURSOR_UNKNOWN');
  });

  it('are renamed by who has seen the last version, and by nobody else', async () => {
    const path = `/api/v1/projects/${await newProject()}`;
    expectProblem(await api('PATCH', path, { name: 'Blind' }), 428, 'IF_MATCH_REQUIRED');
    const renamed = await api('PATCH', path, { name: 'Seen' }, { 'if-match': '"1"' });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Seen', version: 2 } });
    expect(renamed.headers.get('etag')).toBe('"2"');
    const stale = await api('PATCH', path, { name: 'Late' }, { 'if-match': '"1"' });
    expectProblem(stale, 412, 'VERSION_STALE');
    expect(stale.body.currentVersion).toBe(2);
    expect((await api('PATCH', path, { name: 'Forced' }, { 'if-match': '*' })).status).toBe(200);
    expectProblem(await api('PATCH', path, { name: 'x' }, { 'if-match': 'W/"3"' }), 400, 'IF_MATCH_MALFORMED');
    expect((await api('GET', path)).body).toMatchObject({ name: 'Forced', version: 3 });
  });

  it('take one of many simultaneous renames of the same version', async () => {
    const path = `/api/v1/projects/${await newProject()}`;
    const renames = Array.from({ length: 10 }, (_, i) => api('PATCH', path, { name: `N${i}` }, { 'if-match': '"1"' }));
    const statuses = (await Promise.all(renames)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412 || status === 409)).toHaveLength(9);
    expect((await api('GET', path)).body.version).toBe(2);
  });

  it('that do not exist are not found', async () => {
    expectProblem(await api('GET', '/api/v1/projects/nowhere'), 404, 'PROJECT_NOT_FOUND');
    expectProblem(await api('GET', '/api/v1/projects/%00'), 400, 'URL_HAS_NUL');
  });
});

describe('environments', () => {
  it('are created, listed by key, shown and edited', async () => {
    const path = `/api/v1/projects/${await newProject()}/environments`;
    const created = await api('POST', path, { key: 'staging' });
    expect(created).toMatchObject({ status: 201, body: { key: 'staging', name: 'staging', production: false } });
    expectProblem(await api('POST', path, { key: 'staging' }), 409, 'ENVIRONMENT_EXISTS');
    const { body: listed } = await api('GET', path);
    expect(listed.items.map(({ key }) => key)).toEqual(['development', 'production', 'staging']);
    const edited = await api('PATCH', `${path}/staging`, { production: true }, { 'if-match': '"1"' });
    expect(edited).toMatchObject({ status: 200, body: { name: 'staging', production: true, version: 2 } });
    expect((await api('GET', `${path}/staging`)).body).toEqual(edited.body);
    expectProblem(await api('GET', `${path}/nowhere`), 404, 'ENVIRONMENT_NOT_FOUND');
  });
});

describe('tokens', () => {
  it('show their secret once, and work', async () => {
    const project = await newProject();
    const issued = await newToken({ kind: 'ci', project });
    expect(issued.secret).toMatch(/^slu_ci_/u);
    const shown = await api('GET', `/api/v1/tokens/${issued.id}`);
    expect(shown.body).toMatchObject({ kind: 'ci', hint: issued.secret.slice(-4), expiresAt: null, revokedAt: null });
    expect(JSON.stringify([shown.body, (await api('GET', '/api/v1/tokens?limit=200')).body])).not.toMatch(
      /secret|hash/u,
    );
    expect((await as(issued.secret)('GET', `/api/v1/projects/${project}`)).status).toBe(200);
  });

  it('are taken from X-API-Key too', async () => {
    const { secret } = await newToken({ kind: 'ci', project: await newProject() });
    const answer = await as(undefined)('GET', '/api/v1/projects', undefined, { 'x-api-key': secret });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['no token', undefined, 'TOKEN_MISSING'],
    ['no token of ours', 'ghp_0123456789', 'TOKEN_REFUSED'],
    ['an unknown token', `slu_admin_${'0'.repeat(43)}`, 'TOKEN_REFUSED'],
    ['a token of absurd length', `slu_admin_${'0'.repeat(5_000)}`, 'TOKEN_REFUSED'],
  ])('are needed: %s is refused', async (_name, token, code) => {
    const refused = await as(token)('GET', '/api/v1/projects');
    expectProblem(refused, 401, code);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('are refused before the body is looked at', async () => {
    expectProblem(await as(undefined)('POST', '/api/v1/projects', { key: '!' }), 401, 'TOKEN_MISSING');
  });

  it('lack what their kind may not do', async () => {
    const project = await newProject();
    const ci = as((await newToken({ kind: 'ci', project })).secret);
    const sdk = as((await newToken({ kind: 'server', project, environment: 'production' })).secret);
    const denied = await ci('POST', '/api/v1/projects', { key: newKey() });
    expectProblem(denied, 403, 'PERMISSION_MISSING');
    expect(denied.body.permission).toBe('project.write');
    expectProblem(await sdk('GET', `/api/v1/projects/${project}`), 403, 'PERMISSION_MISSING');
  });

  it('bound to a project see nothing else', async () => {
    const [mine, other] = [await newProject(), await newProject()];
    const issuedElsewhere = await newToken({ kind: 'ci', project: other });
    const bound = as((await newToken({ kind: 'admin', project: mine })).secret);

    const { body: projects } = await bound('GET', '/api/v1/projects');
    expect(projects.items.map(({ key }) => key)).toEqual([mine]);
    expectProblem(await bound('GET', `/api/v1/projects/${other}`), 404, 'PROJECT_NOT_FOUND');
    expectProblem(await bound('GET', `/api/v1/projects/${other}/environments`), 404, 'PROJECT_NOT_FOUND');
    expectProblem(await bound('GET', `/api/v1/tokens/${issuedElsewhere.id}`), 404, 'TOKEN_NOT_FOUND');
    expectProblem(await bound('DELETE', `/api/v1/tokens/${issuedElsewhere.id}`), 404, 'TOKEN_NOT_FOUND');
    expectProblem(await bound('POST', '/api/v1/projects', { key: newKey() }), 403, 'SCOPE_TOO_NARROW');
    expectProblem(await bound('POST', '/api/v1/tokens', { kind: 'admin', name: 'wider' }), 403, 'SCOPE_TOO_NARROW');
    const elsewhere = { kind: 'ci', name: 'elsewhere', project: other };
    expectProblem(await bound('POST', '/api/v1/tokens', elsewhere), 404, 'PROJECT_NOT_FOUND');
    expectProblem(await bound('GET', '/api/v1/audit/verify'), 403, 'SCOPE_TOO_NARROW');

    const { body: mineId } = await bound('GET', `/api/v1/projects/${mine}`);
    const { body: audit } = await bound('GET', '/api/v1/audit?limit=200');
    expect(new Set(audit.items.map(({ projectId }) => projectId))).toEqual(new Set([mineId.id]));
    const { body: tokens } = await bound('GET', '/api/v1/tokens?limit=200');
    expect(new Set(tokens.items.map(({ projectId }) => projectId))).toEqual(new Set([mineId.id]));
    const { body: asked } = await bound(
      'GET',
      `/api/v1/audit?projectId=${(await api('GET', `/api/v1/projects/${other}`)).body.id}`,
    );
    expect(asked.items.every(({ projectId }) => projectId === mineId.id)).toBe(true);
  });

  it.each<[string, object, string[]]>([
    ['an unknown kind', { kind: 'root', name: 'x' }, ['/kind']],
    ['a CI token of no project', { kind: 'ci', name: 'x' }, ['/project']],
    ['an SDK token of no environment', { kind: 'server', name: 'x' }, ['/environment', '/project']],
    ['no name and a bad date', { kind: 'admin', name: ' ', expiresAt: 'tomorrow' }, ['/expiresAt', '/name']],
    ['an environment of nothing', { kind: 'admin', name: 'x', environment: 'y' }, ['/environment', '/project']],
  ])('are not made of %s', async (_name, draft, pointers) => {
    const refused = await api('POST', '/api/v1/tokens', draft);
    expectProblem(refused, 400, 'VALIDATION_FAILED');
    expect(pointersOf(refused)).toEqual(pointers);
  });

  it('do not end before they begin', async () => {
    const draft = { kind: 'admin', name: 'x', expiresAt: '2020-01-01T00:00:00Z' };
    expectProblem(await api('POST', '/api/v1/tokens', draft), 400, 'EXPIRY_PASSED');
  });

  it('stop working when they expire', async () => {
    const project = await newProject();
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { secret } = await newToken({ kind: 'ci', project, expiresAt });
    const ask = () => as(secret)('GET', `/api/v1/projects/${project}`);
    expect((await ask()).status).toBe(200);
    const refused = await eventually(ask, 401);
    expect(refused.body.code).toBe('TOKEN_REFUSED');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('stop working when they are revoked, and revoking again changes nothing', async () => {
    const project = await newProject();
    const { id, secret } = await newToken({ kind: 'ci', project });
    const ask = () => as(secret)('GET', `/api/v1/projects/${project}`);
    expect((await ask()).status).toBe(200);
    const revoked = await api('DELETE', `/api/v1/tokens/${id}`);
    expect(revoked.status).toBe(200);
    await eventually(ask, 401);
    expect((await api('DELETE', `/api/v1/tokens/${id}`)).body).toEqual(revoked.body);
    expectProblem(await api('POST', `/api/v1/tokens/${id}/rotate`), 412, 'TOKEN_ENDED');
  });

  it('are rotated: both work during the overlap, the successor alone after it', async () => {
    const project = await newProject();
    const old = await newToken({ kind: 'ci', project });
    const ask = (secret: string) => as(secret)('GET', `/api/v1/projects/${project}`);
    const { status, body: successor } = await api('POST', `/api/v1/tokens/${old.id}/rotate`, { overlapSeconds: 2 });
    expect({ status, replacesId: successor.replacesId, kind: successor.kind }).toEqual({
      status: 201,
      replacesId: old.id,
      kind: 'ci',
    });
    expect((await ask(old.secret)).status).toBe(200);
    expect((await ask(successor.secret)).status).toBe(200);
    await eventually(() => ask(old.secret), 401);
    expect((await ask(successor.secret)).status).toBe(200);
  });

  it('are rotated without a body too, and then overlap for a day', async () => {
    const old = await newToken({ kind: 'ci', project: await newProject() });
    const before = Date.now();
    expect((await api('POST', `/api/v1/tokens/${old.id}/rotate`)).status).toBe(201);
    const { body } = await api('GET', `/api/v1/tokens/${old.id}`);
    expect(Date.parse(body.expiresAt) - before).toBeGreaterThanOrEqual(24 * 3_600_000 - 1_000);
  });

  it('are not found under what is no id', async () => {
    expectProblem(await api('GET', '/api/v1/tokens/nope'), 404, 'TOKEN_NOT_FOUND');
    expectProblem(await api('GET', '/api/v1/tokens/00000000-0000-7000-8000-000000000000'), 404, 'TOKEN_NOT_FOUND');
  });
});

describe('an Idempotency-Key', () => {
  const once = (key: string, body: unknown, by: Call = api) =>
    by('POST', '/api/v1/projects', body, { 'idempotency-key': `"${key}"` });

  it('repeats the answer to the same request', async () => {
    const draft = { key: newKey(), name: 'Once' };
    const first = await once('replayed', draft);
    const second = await once('replayed', { name: 'Once', key: draft.key });
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
  });

  it('is refused for another request', async () => {
    await once('other-payload', { key: newKey() });
    expectProblem(await once('other-payload', { key: newKey() }), 422, 'IDEMPOTENCY_KEY_REUSED');
  });

  it('is free again after a request that failed', async () => {
    expectProblem(await once('failed', { key: '!' }), 400, 'VALIDATION_FAILED');
    expect((await once('failed', { key: newKey() })).status).toBe(201);
  });

  it('belongs to one token', async () => {
    const another = as((await newToken({ kind: 'admin' })).secret);
    expect((await once('mine', { key: newKey() })).status).toBe(201);
    expect((await once('mine', { key: newKey() }, another)).status).toBe(201);
  });

  it('is one quoted string', async () => {
    const refused = await api('POST', '/api/v1/projects', { key: newKey() }, { 'idempotency-key': 'bare' });
    expectProblem(refused, 400, 'IDEMPOTENCY_KEY_MALFORMED');
  });

  it('does not replay a secret', async () => {
    const ask = () => api('POST', '/api/v1/tokens', { kind: 'admin', name: 'x' }, { 'idempotency-key': '"a-token"' });
    const [first, second] = [await ask(), await ask()];
    expect(second.body).toEqual({ ...first.body, secret: null });
  });

  it('lets fifty simultaneous requests create one project', async () => {
    const draft = { key: newKey() };
    const answers = await Promise.all(Array.from({ length: 50 }, () => once('fifty', draft)));
    const created = answers.filter(({ status }) => status === 201);
    const held = answers.filter(({ status }) => status === 409);
    expect(created.length).toBeGreaterThanOrEqual(1);
    expect(created.length + held.length).toBe(50);
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
    for (const each of held) {
      expectProblem(each, 409, 'IDEMPOTENT_REQUEST_IN_FLIGHT');
      expect(each.headers.get('retry-after')).toBe('1');
    }
    expect((await once('fifty', draft)).status).toBe(201);
  }, 20_000);
});

describe('the audit trail', () => {
  it('has every change, by whom, under its request id, and is intact', async () => {
    const key = newKey();
    const { body: created } = await api('POST', '/api/v1/projects', { key }, { 'x-request-id': `make-${key}` });
    await api('PATCH', `/api/v1/projects/${key}`, { name: 'New' }, { 'if-match': '"1"' });
    const { body: trail } = await api('GET', `/api/v1/audit?projectId=${created.id}`);
    expect(trail.items).toMatchObject([
      { action: 'project.renamed', subject: `project/${key}`, before: { name: key }, after: { name: 'New' } },
      {
        action: 'project.created',
        requestId: `make-${key}`,
        actor: { kind: 'token', name: 'first admin' },
        before: null,
      },
    ]);
    const { body: report } = await api('GET', '/api/v1/audit/verify');
    expect(report).toMatchObject({ isIntact: true, firstBreak: null });
  });

  it('has nothing of what was refused', async () => {
    const { body: before } = await api('GET', '/api/v1/audit/verify');
    await api('POST', '/api/v1/projects', { key: '!' });
    await api('PATCH', '/api/v1/projects/nowhere', { name: 'x' }, { 'if-match': '*' });
    expect((await api('GET', '/api/v1/audit/verify')).body).toEqual(before);
  });

  it('never holds a secret or its hash', async () => {
    const { secret } = await newToken({ kind: 'admin' });
    const { body } = await api('GET', '/api/v1/audit?limit=200');
    expect(JSON.stringify(body)).not.toContain(secret);
    for (const { after } of body.items) expect(Object.keys(after ?? {})).not.toContain('hash');
  });

  it.each(['abc', '1e3', '-5', '9999999999'])('refuses the foreign cursor of "%s"', async (sortKey) => {
    const cursor = Buffer.from(sortKey).toString('base64url');
    expectProblem(await api('GET', `/api/v1/audit?after=${cursor}`), 400, 'CURSOR_UNKNOWN');
  });
});

describe('a bad body', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) => api('POST', '/api/v1/projects', body, headers);
  const utf8 = (text: string) => new TextEncoder().encode(text);

  it.each<[string, string | Uint8Array, number, string]>([
    ['of 10 MB', `{"key":"${'a'.repeat(10_000_000)}"}`, 413, 'BODY_TOO_LARGE'],
    ['10 000 levels deep', '['.repeat(10_000) + ']'.repeat(10_000), 400, 'JSON_TOO_DEEP'],
    ['of 10 000 open objects', '{"a":'.repeat(10_000), 400, 'JSON_TOO_DEEP'],
    ['that is not UTF-8', Uint8Array.from([...utf8('{"key":"'), 0xff, 0xfe, ...utf8('"}')]), 400, 'BODY_NOT_UTF8'],
    ['in UTF-16', Uint8Array.from(Buffer.from('{"key":"a"}', 'utf16le')), 400, 'JSON_HAS_NUL'],
    ['with an escaped NUL', '{"key":"shop","name":"a\\u0000b"}', 400, 'JSON_HAS_NUL'],
    ['with half a surrogate pair', '{"key":"shop","name":"a\\ud800b"}', 400, 'VALIDATION_FAILED'],
    ['with __proto__', '{"key":"shop","__proto__":{"name":"x"}}', 400, 'JSON_MALFORMED'],
    ['with a constructor’s prototype', '{"constructor":{"prototype":{}}}', 400, 'JSON_MALFORMED'],
    ['that is no JSON', '{"key":', 400, 'JSON_MALFORMED'],
    ['with a trailing comma', '{"key":"shop",}', 400, 'JSON_MALFORMED'],
    ['of a list', '[]', 400, 'VALIDATION_FAILED'],
    ['of null', 'null', 400, 'VALIDATION_FAILED'],
    ['of nothing', '', 400, 'VALIDATION_FAILED'],
  ])('%s is refused', async (_name, body, status, code) => expectProblem(await post(body), status, code));

  it('of another media type is refused', async () => {
    expectProblem(await post('key=shop', { 'content-type': 'text/plain' }), 415, 'MEDIA_TYPE_UNSUPPORTED');
  });

  it('that is compressed is refused, and told what is accepted', async () => {
    const compressed = gzipSync(JSON.stringify({ key: newKey() }));
    const refused = await post(compressed, { 'content-encoding': 'gzip' });
    expectProblem(refused, 415, 'CONTENT_ENCODING_UNSUPPORTED');
    expect(refused.headers.get('accept-encoding')).toBe('identity');
  });

  it('is told all its problems at once, each by its pointer', async () => {
    const refused = await post({
      key: 'Not A Key',
      name: 7,
      colour: 'red',
      environments: [{ key: 'production', production: 'yes' }, { name: '' }, { 'a/b~c': 1, key: 'x' }],
    });
    expectProblem(refused, 400, 'VALIDATION_FAILED');
    expect(pointersOf(refused)).toEqual([
      '/colour',
      '/environments/0/production',
      '/environments/1/key',
      '/environments/1/name',
      '/environments/2/a~1b~0c',
      '/key',
      '/name',
    ]);
  });

  it('of a name longer than a name may be is refused', async () => {
    const refused = await post({ key: newKey(), name: 'n'.repeat(201) });
    expect(pointersOf(refused)).toEqual(['/name']);
  });

  it('is taken as data where it only looks like an attack', async () => {
    const name = `'; DROP TABLE project; -- \\u0000 <script>`;
    const { status, body } = await post({ key: newKey(), name });
    expect({ status, name: body.name }).toEqual({ status: 201, name });
  });
});

describe('every answer', () => {
  it('carries the request id that the caller gave', async () => {
    const answer = await api('GET', '/api/v1/projects', undefined, { 'x-request-id': 'my.id-1' });
    expect(answer.headers.get('x-request-id')).toBe('my.id-1');
  });

  it.each(['two words', 'x'.repeat(129), '<script>'])('carries one of its own in place of "%s"', async (given) => {
    const { headers } = await api('GET', '/api/v1/projects', undefined, { 'x-request-id': given });
    expect(headers.get('x-request-id')).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/u);
  });

  it('accepts a trace context', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect((await api('GET', '/api/v1/projects', undefined, { traceparent })).status).toBe(200);
  });

  it.each([
    ['an unknown route', 'GET', '/api/v1/nothing'],
    ['an unknown route outside of the API', 'GET', '/nothing'],
    ['an unknown method', 'DELETE', '/api/v1/projects'],
    ['a route of the other case', 'GET', '/API/v1/projects'],
  ])('is a problem for %s', async (_name, method, path) => {
    expectProblem(await api(method, path), 404, 'ROUTE_NOT_FOUND');
  });

  it.each(['/api/v1/projects/%zz', '/%zz', '/api/v1/projects/%c3%28'])(
    'is a problem for the bad URL %s',
    async (path) => {
      const answer = await api('GET', path);
      expectProblem(answer, 400, 'REQUEST_MALFORMED');
      expect(answer.body).toHaveProperty('detail', expect.stringMatching(/^The URL cannot be decoded; .*\.$/u));
    },
  );

  it('says how many requests the token has left', async () => {
    expect((await api('GET', '/api/v1/projects')).headers.get('ratelimit')).toMatch(/^"api";r=\d+;t=\d+$/u);
  });

  it('refuses the foreign cursor of another list', async () => {
    const cursor = (sortKey: string) => Buffer.from(sortKey).toString('base64url');
    expectProblem(await api('GET', `/api/v1/tokens?after=${cursor('shop')}`), 400, 'CURSOR_UNKNOWN');
    expectProblem(await api('GET', `/api/v1/projects?after=${cursor('\0')}`), 400, 'CURSOR_UNKNOWN');
  });

  it('forbids guessing its type', async () => {
    expect((await api('GET', '/healthz')).headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('health', () => {
  it('is shown to anybody', async () => {
    const anybody = as(undefined);
    expect(await anybody('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await anybody('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('a server with narrow limits', () => {
  let narrow: TestServer;
  const adminToken = `slu_admin_${'configured-'.repeat(4)}`;
  beforeAll(async () => {
    narrow = await startTestServer({
      SLUICE_ADMIN_TOKEN: adminToken,
      SLUICE_API_REQUESTS_PER_MINUTE: '5',
      SLUICE_FAILED_AUTH_PER_MINUTE: '3',
    });
  }, START_TIMEOUT_MS);
  afterAll(() => narrow.close(), START_TIMEOUT_MS);

  it('takes the admin token it was given, and holds back who asks or guesses too much', async () => {
    const guess = (n: number) => narrow.as(`slu_admin_${String(n).repeat(43)}`)('GET', '/api/v1/projects');
    expect((await narrow.api('GET', '/api/v1/projects')).status).toBe(200);
    for (const n of [1, 2, 3]) expectProblem(await guess(n), 401, 'TOKEN_REFUSED');
    const limited = await guess(4);
    expectProblem(limited, 429, 'TOO_MANY_FAILURES');
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);

    for (let i = 0; i < 4; i += 1) expect((await narrow.api('GET', '/api/v1/projects')).status).toBe(200);
    const used = await narrow.api('GET', '/api/v1/projects');
    expectProblem(used, 429, 'TOO_MANY_REQUESTS');
    expect(Number(used.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('lets a token in that it has not seen before, whatever others behind the same address try', async () => {
    const open = await startTestServer({ SLUICE_FAILED_AUTH_PER_MINUTE: '3' });
    try {
      await open.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'live' }] });
      const draft = { kind: 'ci', name: 'late', project: 'shop' };
      const issued = await open.api('POST', '/api/v1/tokens', draft);
      const { secret } = issued.body as { readonly secret: string };
      const guess = (n: number) => open.as(`slu_ci_${String(n).repeat(43)}`)('GET', '/api/v1/projects');
      for (const n of [1, 2, 3, 3, 3]) await guess(n);
      expectProblem(await guess(3), 429, 'TOO_MANY_FAILURES');
      expect((await open.as(secret)('GET', '/api/v1/projects')).status).toBe(200);
      expectProblem(await guess(4), 429, 'TOO_MANY_FAILURES');
    } finally {
      await open.close();
    }
  });
});
