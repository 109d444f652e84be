import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type BrowserAnswer, browserAt, told } from '../clients/browser.js';
import { objectionsToAnswer } from '../clients/openapi-schema.js';
import { EventReader } from '../clients/event-reader.js';
import { startOwnTime } from '../clients/own-time.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const PASSWORD = 'correct horse battery';
const ADA = { email: 'Ada@Shop.example', name: 'Ada', password: PASSWORD };

let server: TestServer;
let ada: Browser;
beforeAll(async () => {
  server = await startTestServer({ SLUICE_FAILED_SIGN_INS_PER_ACCOUNT: '3' });
  ada = browserAt(server.url);
  for (const key of ['shop', 'blog']) {
    const environments = [
      { key: 'live', name: 'Live', production: true },
      { key: 'test', name: 'Test' },
    ];
    expect((await server.api('POST', '/api/v1/projects', { key, name: key, environments })).status).toBe(201);
  }
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

const expectProblem = ({ status, body }: BrowserAnswer, expected: number, code: string): void => {
  expect({ status, code: body.code }).toEqual({ status: expected, code });
};

let people = 0;
/** Somebody who has signed in, with roles where they are given. */
async function somebody(
  ...roles: readonly object[]
): Promise<Browser & { readonly id: string; readonly email: string }> {
  const email = `person-${(people += 1)}@shop.example`;
  const invited = told(await server.api('POST', '/api/v1/people', { email, name: `Person ${people}` }));
  expect(invited.status).toBe(201);
  const browser = browserAt(server.url);
  const { id, secret } = invited.body;
  expect((await browser.api('POST', '/api/v1/session/invitation', { secret, password: PASSWORD })).status).toBe(201);
  for (const role of roles) expect((await server.api('POST', `/api/v1/people/${id}/roles`, role)).status).toBe(200);
  return { ...browser, id, email };
}

describe('the first start', () => {
  it('lets one person in by the admin token, as admin of the instance, though others were invited', async () => {
    const first = await ada.api('GET', '/api/v1/session');
    expect(first).toMatchObject({ status: 200, body: { viewer: null, isFirstStart: true } });
    const early = { email: 'early@shop.example', name: 'Early', role: 'viewer' };
    expect((await server.api('POST', '/api/v1/people', early)).status).toBe(201);
    expect((await ada.api('GET', '/api/v1/session')).body).toMatchObject({ isFirstStart: true });
    const wrong = { ...ADA, token: `slu_admin_${'x'.repeat(43)}` };
    expectProblem(await ada.api('POST', '/api/v1/session/first', wrong), 401, 'TOKEN_REFUSED');

    const began = await ada.api('POST', '/api/v1/session/first', { ...ADA, token: server.adminToken });
    expect(objectionsToAnswer({ method: 'POST', path: '/api/v1/session/first' }, began)).toEqual([]);
    const viewer = { kind: 'person', name: 'Ada', email: 'ada@shop.example' };
    expect(began).toMatchObject({ status: 201, body: { viewer, isFirstStart: false } });
    expect(began.headers.get('set-cookie')).toMatch(
      /^__Host-sluice=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict$/u,
    );
    expect(await ada.api('GET', '/api/v1/session')).toMatchObject({ body: { viewer, isFirstStart: false } });
    expect((await ada.api('GET', '/api/v1/people')).body.items).toMatchObject([
      { email: 'early@shop.example', status: 'invited' },
      { email: 'ada@shop.example', status: 'active', roles: [{ role: 'admin', project: null, environment: null }] },
    ]);
  });

  it('is over then', async () => {
    const again = { ...ADA, email: 'eve@shop.example', token: server.adminToken };
    const refused = await browserAt(server.url).api('POST', '/api/v1/session/first', again);
    expectProblem(refused, 409, 'FIRST_START_OVER');
    expect(refused.body.detail).toContain('`sluice person invite');
  });

  it('leaves the token to its person: they are one owner', async () => {
    const { items } = told(await server.api('GET', '/api/v1/tokens')).body;
    expect(items).toMatchObject([{ name: 'first admin', owner: 'ada@shop.example' }]);
  });
});

it('answers who is signed in as the contract has it, however they came', async () => {
  const browser = browserAt(server.url);
  const draft = { email: 'contract@shop.example', name: 'Con' };
  const { secret } = (await ada.api('POST', '/api/v1/people', draft)).body;
  const ways = [
    ['GET', '', undefined],
    ['POST', '/invitation', { secret, password: PASSWORD }],
    ['POST', '', { email: draft.email, password: PASSWORD }],
    ['GET', '', undefined],
  ] as const;
  for (const [method, way, body] of ways) {
    const path = `/api/v1/session${way}`;
    expect(objectionsToAnswer({ method, path }, await browser.api(method, path, body))).toEqual([]);
  }
});

describe('signing in', () => {
  it('takes the address however it is written, and says nothing of what was wrong', async () => {
    const browser = browserAt(server.url);
    const unknown = await browser.api('POST', '/api/v1/session', { email: 'no@shop.example', password: PASSWORD });
    const wrong = await browser.api('POST', '/api/v1/session', { email: ADA.email, password: 'wrong' });
    expectProblem(wrong, 401, 'SIGN_IN_REFUSED');
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    expect(browser.cookie()).toBeUndefined();
    const right = await browser.api('POST', '/api/v1/session', { email: ' ADA@shop.example', password: PASSWORD });
    expect(right).toMatchObject({ status: 201, body: { viewer: { name: 'Ada' } } });
  });

  it('holds back who guesses one account, whether or not there is one, and asks to wait', async () => {
    const guess = (email: string) => browserAt(server.url).api('POST', '/api/v1/session', { email, password: 'guess' });
    const victim = await somebody();
    for (const email of [victim.email, 'nobody@shop.example']) {
      for (let n = 0; n < 3; n += 1) expectProblem(await guess(email), 401, 'SIGN_IN_REFUSED');
      const limited = await guess(email);
      expectProblem(limited, 429, 'TOO_MANY_SIGN_INS');
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await victim.api('GET', '/api/v1/session')).body.viewer).toMatchObject({ email: victim.email });
  });

  it('ends when it is ended, here or everywhere', async () => {
    const person = await somebody({ role: 'viewer' });
    const elsewhere = browserAt(server.url);
    await elsewhere.api('POST', '/api/v1/session', { email: person.email, password: PASSWORD });
    const cookie = { cookie: person.cookie() ?? '' };
    expect((await person.api('DELETE', '/api/v1/session')).status).toBe(204);
    expect(person.cookie()).toBeUndefined();
    expectProblem(await person.api('GET', '/api/v1/projects', undefined, cookie), 401, 'SESSION_ENDED');
    expect((await person.api('DELETE', '/api/v1/session')).status).toBe(204);
    expect((await elsewhere.api('GET', '/api/v1/projects')).status).toBe(200);
    expect((await elsewhere.api('DELETE', '/api/v1/session/all')).status).toBe(204);
    expect((await elsewhere.api('GET', '/api/v1/session')).body.viewer).toBeNull();
  });
});

describe('a password', () => {
  it('is chosen by the person, once, by the secret of an invitation', async () => {
    const invited = await ada.api('POST', '/api/v1/people', { email: 'Bob@shop.example', name: 'Bob' });
    expect(invited).toMatchObject({ status: 201, body: { email: 'bob@shop.example', status: 'invited', roles: [] } });
    const { secret, id } = invited.body;
    const choose = (password: string) =>
      browserAt(server.url).api('POST', '/api/v1/session/invitation', { secret, password });
    expect((await choose('too short')).body.errors).toMatchObject([{ pointer: '/password' }]);
    expect((await choose(PASSWORD)).status).toBe(201);
    expectProblem(await choose(PASSWORD), 401, 'INVITATION_REFUSED');
    expect((await ada.api('GET', `/api/v1/people/${id}`)).body).toMatchObject({ status: 'active' });
    expectProblem(
      await ada.api('POST', '/api/v1/people', { email: 'bob@shop.example', name: 'B' }),
      409,
      'EMAIL_TAKEN',
    );
  });

  it('is changed by who knows it; the other sessions end', async () => {
    const person = await somebody();
    const elsewhere = browserAt(server.url);
    await elsewhere.api('POST', '/api/v1/session', { email: person.email, password: PASSWORD });
    const change = (currentPassword: string) =>
      person.api('POST', '/api/v1/session/password', { currentPassword, newPassword: 'another long password' });
    expectProblem(await change('wrong'), 403, 'PASSWORD_WRONG');
    expect((await change(PASSWORD)).status).toBe(204);
    expect((await person.api('GET', '/api/v1/session')).body.viewer).not.toBeNull();
    expect((await elsewhere.api('GET', '/api/v1/session')).body.viewer).toBeNull();
    const again = await elsewhere.api('POST', '/api/v1/session', { email: person.email, password: PASSWORD });
    expectProblem(again, 401, 'SIGN_IN_REFUSED');
  });

  it('is taken away by an admin, and a person shut out and let in again', async () => {
    const person = await somebody();
    const reset = await ada.api('POST', `/api/v1/people/${person.id}/invitation`);
    expect(reset).toMatchObject({
      status: 201,
      body: { status: 'invited', secret: expect.stringMatching(/^slu_invite_/u) },
    });
    expect((await person.api('GET', '/api/v1/session')).body.viewer).toBeNull();
    const { secret } = reset.body;
    expect((await ada.api('POST', `/api/v1/people/${person.id}/disable`)).body).toMatchObject({ status: 'disabled' });
    const choose = await person.api('POST', '/api/v1/session/invitation', { secret, password: PASSWORD });
    expectProblem(choose, 401, 'INVITATION_REFUSED');
    expect((await ada.api('POST', `/api/v1/people/${person.id}/enable`)).body).toMatchObject({ status: 'invited' });
  });
});

describe('a role', () => {
  it('allows what it allows, in its place', async () => {
    const person = await somebody(
      { role: 'editor', project: 'shop', environment: 'test' },
      { role: 'viewer', project: 'blog' },
    );
    const { api } = person;
    expect((await api('GET', '/api/v1/projects')).body.items).toMatchObject([{ key: 'blog' }, { key: 'shop' }]);
    const flag = {
      key: 'cart',
      name: 'Cart',
      type: 'boolean',
      variations: [
        { key: 'on', value: true },
        { key: 'off', value: false },
      ],
    };
    const inBlog = await api('POST', '/api/v1/projects/blog/flags', flag);
    expectProblem(inBlog, 403, 'PERMISSION_MISSING');
    expect(inBlog.body.detail).toMatch(/the role editor or admin has/u);
    expectProblem(await api('POST', '/api/v1/projects/shop/flags', flag), 403, 'SCOPE_TOO_NARROW');
    expect((await ada.api('POST', '/api/v1/projects/shop/flags', flag)).status).toBe(201);
    const put = (environment: string) =>
      api('PATCH', `/api/v1/projects/shop/flags/cart/environments/${environment}`, { on: false }, { 'if-match': '*' });
    expectProblem(await put('live'), 403, 'PERMISSION_MISSING');
    expect((await put('test')).status).toBe(200);
    expectProblem(await api('POST', '/api/v1/projects', { key: 'new', name: 'New' }), 403, 'PERMISSION_MISSING');
  });

  it('shows nothing of other projects', async () => {
    const { api } = await somebody({ role: 'admin', project: 'shop' });
    expectProblem(await api('GET', '/api/v1/projects/blog'), 404, 'PROJECT_NOT_FOUND');
    expect((await api('GET', '/api/v1/projects')).body.items).toMatchObject([{ key: 'shop' }]);
    expectProblem(await api('GET', '/api/v1/audit/verify'), 403, 'SCOPE_TOO_NARROW');
  });

  it('may be missing, which is said in plain words', async () => {
    const { api } = await somebody();
    const answer = await api('GET', '/api/v1/projects');
    expectProblem(answer, 403, 'PERMISSION_MISSING');
    expect(answer.body.detail).toMatch(/^Nobody gave you a role yet/u);
  });

  it('of an admin of one project does not reach into accounts, nor into other projects', async () => {
    const { api } = await somebody({ role: 'admin', project: 'shop' });
    const other = await somebody({ role: 'viewer', project: 'blog' });
    const grant = (role: object) => api('POST', `/api/v1/people/${other.email}/roles`, role);
    expect(await grant({ role: 'approver', project: 'shop', environment: 'live' })).toMatchObject({
      status: 200,
      body: { roles: [{ role: 'approver', project: 'shop', environment: 'live' }] },
    });
    expectProblem(await grant({ role: 'viewer', project: 'blog' }), 404, 'PROJECT_NOT_FOUND');
    expectProblem(await grant({ role: 'viewer' }), 403, 'SCOPE_TOO_NARROW');
    expectProblem(await api('POST', `/api/v1/people/${other.id}/invitation`), 403, 'SCOPE_TOO_NARROW');
    expectProblem(await api('POST', `/api/v1/people/${other.id}/disable`), 403, 'SCOPE_TOO_NARROW');
    const inBlog = (await ada.api('GET', `/api/v1/people/${other.id}`)).body.roles[0]?.id;
    expectProblem(await api('DELETE', `/api/v1/people/${other.id}/roles/${inBlog}`), 404, 'ROLE_NOT_FOUND');
  });

  it('ends an open stream within a second when it is taken, and says so on the next request', async () => {
    const person = await somebody({ role: 'viewer', project: 'shop' });
    const stream = await EventReader.open(`${server.url}/api/v1/projects/shop/events`, {
      accept: 'text/event-stream',
      cookie: person.cookie() ?? '',
    });
    expect(stream.response.status).toBe(200);
    const { roles } = (await ada.api('GET', `/api/v1/people/${person.id}`)).body;
    const ownTime = startOwnTime();
    expect((await ada.api('DELETE', `/api/v1/people/${person.id}/roles/${roles[0]?.id}`)).status).toBe(200);
    await stream.ended();
    expect(ownTime()).toBeLessThan(2_000);
    expectProblem(await person.api('GET', '/api/v1/projects/shop'), 403, 'PERMISSION_MISSING');
  });

  it('leaves a trace of who gave it to whom', async () => {
    const person = await somebody({ role: 'viewer', project: 'shop' });
    const { items } = (await ada.api('GET', '/api/v1/audit?limit=10')).body;
    const actions = items.filter(({ subject }) => subject === `person/${person.id}`).map(({ action }) => action);
    expect(actions).toEqual(['person.roleGranted', 'person.signedIn', 'person.passwordChosen', 'person.created']);
    expect(JSON.stringify(items)).not.toMatch(/argon2|passwordHash|slu_invite/u);
  });
});

describe('who was invited by an admin of one project', () => {
  it('is told apart from them when an admin of the instance has reset the password, and others are warned', async () => {
    const pat = await somebody({ role: 'admin', project: 'shop' });
    const address = `squatted-${(people += 1)}@shop.example`;
    const draft = { email: address, name: 'Quin', role: 'admin', project: 'shop' };
    const invited = await pat.api('POST', '/api/v1/people', draft);
    expect(invited).toMatchObject({ status: 201, body: { caution: null } });
    const { id } = invited.body;
    const caution = expect.stringMatching(/^Person \d+ invited Quin .* reset the password\.$/u);
    const taken = await ada.api('POST', '/api/v1/people', { email: address, name: 'Quin' });
    expectProblem(taken, 409, 'EMAIL_TAKEN');
    expect(taken.body.detail).toMatch(/Person \d+ invited Quin/u);
    const granted = await ada.api('POST', `/api/v1/people/${id}/roles`, { role: 'approver' });
    expect(granted).toMatchObject({ status: 200, body: { caution } });
    const puppet = browserAt(server.url);
    const choice = { secret: invited.body.secret, password: PASSWORD };
    expect((await puppet.api('POST', '/api/v1/session/invitation', choice)).status).toBe(201);
    expect((await ada.api('GET', `/api/v1/people/${id}`)).body).toMatchObject({ caution });

    const release = await releaseOf(pat);
    expectProblem(await puppet.api('POST', `/api/v1/releases/${release}/approve`, {}), 403, 'OWN_RELEASE');
    const made = told(await puppet.api('POST', '/api/v1/tokens', { kind: 'admin', name: 'kept', project: 'shop' }));
    expect(made.status).toBe(201);
    const reset = await ada.api('POST', `/api/v1/people/${id}/invitation`);
    expect(reset).toMatchObject({ status: 201, body: { caution: null } });
    const chosen = { secret: reset.body.secret, password: PASSWORD };
    expect((await puppet.api('POST', '/api/v1/session/invitation', chosen)).status).toBe(201);
    const byToken = await server.as(made.body.secret)('POST', `/api/v1/releases/${release}/approve`, {});
    expectProblem(told(byToken), 403, 'OWN_RELEASE');
    expect((await puppet.api('POST', `/api/v1/releases/${release}/approve`, {})).status).toBe(200);
  });

  /** A release that somebody asks for and another is to approve. */
  async function releaseOf({ api }: Browser): Promise<string> {
    const n = (people += 1);
    const [flag, policy] = [`flag-${n}`, `policy-${n}`];
    const project = '/api/v1/projects/shop';
    expect((await api('POST', `${project}/flags`, { key: flag, type: 'boolean' })).status).toBe(201);
    const document = { approvalsToStart: 1, steps: [{ share: 100_000 }] };
    expect((await api('POST', `${project}/policies`, { key: policy, name: policy, document })).status).toBe(201);
    const asked = await api('POST', '/api/v1/releases', {
      ...{ project: 'shop', environment: 'test', policy, start: false },
      changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }],
    });
    expect(asked.status).toBe(201);
    return asked.body.id;
  }
});

describe('a cookie', () => {
  it('changes nothing when another page sent it', async () => {
    const draft = { key: 'evil', name: 'Evil' };
    const send = (origin: string | null, headers: Record<string, string> = {}, path = '/api/v1/projects') =>
      browserAt(server.url, origin).api('POST', path, draft, { cookie: ada.cookie() ?? '', ...headers });
    expectProblem(await send('https://evil.example'), 403, 'CROSS_SITE');
    expectProblem(await send(null), 403, 'CROSS_SITE');
    expectProblem(await send(null, { 'sec-fetch-site': 'same-site' }), 403, 'CROSS_SITE');
    const graphql = await send('https://evil.example', {}, '/graphql');
    expect(graphql).toMatchObject({ status: 403, body: { errors: [{ extensions: { code: 'CROSS_SITE' } }] } });
    const signIn = await browserAt(server.url, 'https://evil.example').api('POST', '/api/v1/session', ADA);
    expectProblem(signIn, 403, 'CROSS_SITE');
    expect((await send(null, { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('takes no body but JSON', async () => {
    const headers = { cookie: ada.cookie() ?? '', 'content-type': 'text/plain' };
    expect((await browserAt(server.url).api('POST', '/api/v1/projects', {}, headers)).status).toBe(415);
  });

  it('is nothing to what services call', async () => {
    const ofrep = await ada.api('POST', '/ofrep/v1/evaluate/flags', { context: { targetingKey: 'x' } });
    expect(ofrep.status).toBe(401);
    expectProblem(await ada.api('GET', '/sdk/v1/snapshot'), 401, 'TOKEN_MISSING');
  });

  it('counts less than a token beside it', async () => {
    const headers = { authorization: 'Bearer slu_admin_nonsense' };
    expectProblem(await ada.api('GET', '/api/v1/projects', undefined, headers), 401, 'TOKEN_REFUSED');
  });
});
