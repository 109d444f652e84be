import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../src/auth/role.js';
import { type Browser, type BrowserAnswer, browserAt, told } from '../clients/browser.js';
import { type Account, CLIENT, IdentityProvider } from '../clients/identity-provider.js';
import { objectionsToAnswer } from '../clients/openapi-schema.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const HOME = 'https://sluice.shop.example';
const CALLBACK = '/api/v1/session/oidc/callback';
const PASSWORD = 'correct horse battery';
const settingsFor = ({ issuer }: IdentityProvider) => ({
  SLUICE_PUBLIC_URL: HOME,
  SLUICE_OIDC_ISSUER: issuer,
  SLUICE_OIDC_CLIENT_ID: CLIENT.id,
  SLUICE_OIDC_CLIENT_SECRET: CLIENT.secret,
  SLUICE_OIDC_NAME: 'Shop accounts',
});

let provider: IdentityProvider;
let server: TestServer;
beforeAll(async () => {
  provider = await IdentityProvider.start({ redirectUri: HOME + CALLBACK });
  server = await startTestServer(settingsFor(provider));
  await server.api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' });
  await server.api('POST', '/api/v1/projects/shop/environments', { key: 'test', name: 'Test' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await server.close();
  await provider.close();
}, START_TIMEOUT_MS);

let count = 0;
/** Somebody whom the provider knows, by a login of theirs. */
function somebodyAt(where: IdentityProvider, account: Account = {}) {
  const login = `login-${(count += 1)}`;
  const email = `${login}@shop.example`;
  where.accounts.set(login, { email, email_verified: true, ...account });
  return { login, email };
}

/** Somebody who was invited, by the address that the provider knows, unless said. */
async function invite(
  email: string,
  as = server.api,
  role: Role = 'viewer',
): Promise<{ readonly id: string; readonly secret: string }> {
  const draft = { email, name: 'Ada', role, project: 'shop' };
  const { status, body } = told(await as('POST', '/api/v1/people', draft));
  expect(status).toBe(201);
  return body;
}

/** Begins to sign in: where a browser is sent. */
async function begin(browser: Browser, to?: string): Promise<string> {
  const began = await browser.api('POST', '/api/v1/session/oidc', to === undefined ? {} : { to });
  expect(began.status).toBe(201);
  return began.body.url;
}

const comeBack = (browser: Browser, { pathname, search }: URL) => browser.api('GET', pathname + search);

/** Signs in at the provider and comes back. */
async function signIn(browser: Browser, login: string, to?: string): Promise<BrowserAnswer> {
  return comeBack(browser, await provider.visit(await begin(browser, to), login, HOME));
}

/** Somebody who administers one project, signed in. */
async function projectAdmin(): Promise<Browser> {
  const { login, email } = somebodyAt(provider);
  await invite(email, server.api, 'admin');
  const browser = newBrowser();
  await signIn(browser, login);
  return browser;
}

/** A release that somebody asks for and another is to approve. */
async function releaseOf({ api }: Browser): Promise<string> {
  const key = `of-${(count += 1)}`;
  const project = '/api/v1/projects/shop';
  expect((await api('POST', `${project}/flags`, { key, type: 'boolean' })).status).toBe(201);
  const document = { approvalsToStart: 1, steps: [{ share: 100_000 }] };
  expect((await api('POST', `${project}/policies`, { key, name: key, document })).status).toBe(201);
  const asked = await api('POST', '/api/v1/releases', {
    ...{ project: 'shop', environment: 'test', policy: key, start: false },
    changes: [{ kind: 'flag', flag: key, ramp: { variation: 'on' } }],
  });
  expect(asked.status).toBe(201);
  return asked.body.id;
}

/** Does one after another. */
async function eachInTurn<T, R>(items: readonly T[], use: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await use(item));
  return results;
}

const locationOf = ({ status, headers }: BrowserAnswer) => [status, headers.get('location')];
const failed = (code: string, to = '/') => [
  303,
  `${HOME}/sign-in?${String(new URLSearchParams({ failure: code, to }))}`,
];
const viewerOf = async ({ api }: Browser) => (await api('GET', '/api/v1/session')).body.viewer;
const newBrowser = () => browserAt(server.url, HOME);

describe('signing in with an OpenID provider', () => {
  it('is offered to whoever asks who they are', async () => {
    const path = '/api/v1/session';
    const answer = await newBrowser().api('GET', path);
    expect(answer.body).toMatchObject({ viewer: null, oidc: { name: 'Shop accounts' } });
    expect(objectionsToAnswer({ method: 'GET', path }, answer)).toEqual([]);
  });

  it('takes an invitation up without a password, and leads where it was to lead', async () => {
    const { login, email } = somebodyAt(provider);
    const { id, secret } = await invite(email);
    const browser = newBrowser();
    const answer = await signIn(browser, login, '/projects/shop/flags?q=ä#top');
    expect(locationOf(answer)).toEqual([303, `${HOME}/projects/shop/flags?q=%C3%A4#top`]);
    const cookies = answer.headers.getSetCookie();
    expect(cookies).toContainEqual(
      expect.stringMatching(/^__Host-sluice=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict$/u),
    );
    expect(cookies).toContainEqual(expect.stringMatching(/^__Host-sluice-oidc-[\w-]{8}=; .*Max-Age=0/u));
    expect(await viewerOf(browser)).toMatchObject({ kind: 'person', id, email });
    expect((await server.api('GET', `/api/v1/people/${id}`)).body).toMatchObject({ status: 'active' });
    const choice = await newBrowser().api('POST', '/api/v1/session/invitation', { secret, password: PASSWORD });
    expect([choice.status, choice.body.code]).toEqual([401, 'INVITATION_REFUSED']);
    const { items } = told(await server.api('GET', '/api/v1/audit?limit=10')).body;
    const actions = items.filter(({ subject }) => subject === `person/${id}`).map(({ action }) => action);
    expect(actions).toEqual(['person.signedIn', 'person.identityLinked', 'person.created']);
  });

  it('knows them by their account from then on, whatever its address, beside a password', async () => {
    const { login, email } = somebodyAt(provider);
    const { id, secret } = await invite(email);
    await newBrowser().api('POST', '/api/v1/session/invitation', { secret, password: PASSWORD });
    expect(locationOf(await signIn(newBrowser(), login))).toEqual([303, `${HOME}/`]);
    provider.accounts.set(login, { email: 'married@shop.example', email_verified: false });
    const browser = newBrowser();
    expect(locationOf(await signIn(browser, login))).toEqual([303, `${HOME}/`]);
    expect(await viewerOf(browser)).toMatchObject({ id });
    expect((await browser.api('DELETE', '/api/v1/session')).status).toBe(204);
    expect(await viewerOf(browser)).toBeNull();
    expect((await browser.api('POST', '/api/v1/session', { email, password: PASSWORD })).status).toBe(201);
  });

  it('proves nothing of who somebody is whom another invited: the two count as one in approvals', async () => {
    const pat = await projectAdmin();
    const { login, email } = somebodyAt(provider);
    const invited = await invite(email, pat.api, 'admin');
    const caution = expect.stringMatching(/^Ada invited Ada .* count as one/u);
    const person = async () => (await server.api('GET', `/api/v1/people/${invited.id}`)).body as object;
    expect(await person()).toMatchObject({ caution });
    const puppet = newBrowser();
    await signIn(puppet, login);
    expect(await person()).toMatchObject({ status: 'active', caution });
    const approve = `/api/v1/releases/${await releaseOf(pat)}/approve`;
    const own = await puppet.api('POST', approve, {});
    expect([own.status, own.body.code]).toEqual([403, 'OWN_RELEASE']);
    await server.api('POST', `/api/v1/people/${invited.id}/invitation`);
    await signIn(puppet, login);
    expect(await person()).toMatchObject({ status: 'active', caution: null });
    expect((await puppet.api('POST', approve, {})).status).toBe(200);
  });

  it('takes the account from whoever took it up by the link of another than an admin of the instance', async () => {
    const { login, email } = somebodyAt(provider);
    const { id, secret } = await invite(email, (await projectAdmin()).api);
    const thief = newBrowser();
    expect((await thief.api('POST', '/api/v1/session/invitation', { secret, password: PASSWORD })).status).toBe(201);
    expect(await viewerOf(thief)).toMatchObject({ id });
    const owner = newBrowser();
    expect(locationOf(await signIn(owner, login))).toEqual([303, `${HOME}/`]);
    expect(await viewerOf(thief)).toBeNull();
    const again = await thief.api('POST', '/api/v1/session', { email, password: PASSWORD });
    expect([again.status, again.body.code]).toEqual([401, 'SIGN_IN_REFUSED']);
    expect(await viewerOf(owner)).toMatchObject({ id });
    const { items } = told(await server.api('GET', '/api/v1/audit?limit=20')).body;
    const actions = items.filter(({ subject }) => subject === `person/${id}`).map(({ action }) => action);
    expect(actions.slice(0, 3)).toEqual(['person.signedIn', 'person.identityLinked', 'person.passwordVoided']);
    expect(locationOf(await signIn(newBrowser(), login))).toEqual([303, `${HOME}/`]);
    expect(await viewerOf(owner)).toMatchObject({ id });
  });

  it('goes on in several tabs of one browser at once, and in five at most', async () => {
    const { login, email } = somebodyAt(provider);
    await invite(email);
    const browser = newBrowser();
    const [oldest = '', ...others] = await eachInTurn([1, 2, 3, 4, 5, 6], (n) => begin(browser, `/projects/tab-${n}`));
    expect(browser.cookie()?.match(/sluice-oidc-/gu)).toHaveLength(5);
    const finish = async (url: string) => locationOf(await comeBack(browser, await provider.visit(url, login, HOME)));
    const ends = await eachInTurn(others, finish);
    expect(ends).toEqual([2, 3, 4, 5, 6].map((n) => [303, `${HOME}/projects/tab-${n}`]));
    expect(await finish(oldest)).toEqual(failed('OIDC_EXPIRED'));
    expect(browser.cookie()).toMatch(/^__Host-sluice=[\w-]{43}$/u);
  });

  it('leads nowhere but to pages of this server', async () => {
    const { login, email } = somebodyAt(provider);
    await invite(email);
    for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      expect(locationOf(await signIn(newBrowser(), login, to))).toEqual([303, `${HOME}/`]);
    }
    expect(locationOf(await signIn(newBrowser(), login, '/..//evil.example'))).toEqual([303, `${HOME}//evil.example`]);
  });
});

describe('nobody is signed in', () => {
  const expectRefused = async (browser: Browser, answer: BrowserAnswer, code: string, to?: string) => {
    expect(locationOf(answer)).toEqual(failed(code, to));
    expect(answer.headers.getSetCookie().join()).not.toMatch(/__Host-sluice=[\w-]/u);
    expect(await viewerOf(browser)).toBeNull();
  };
  /** Somebody who was invited, a browser of theirs, and where the provider sends it back to. */
  const returning = async (spoil = (url: URL): void => void url) => {
    const { login, email } = somebodyAt(provider);
    await invite(email);
    const browser = newBrowser();
    const url = new URL(await begin(browser, '/projects/shop'));
    spoil(url);
    return { login, browser, back: await provider.visit(url.href, login, HOME) };
  };

  it.each<[string, (back: URL) => void]>([
    ['another issuer', (back) => back.searchParams.set('iss', 'https://evil.example')],
    ['another code', (back) => back.searchParams.set('code', 'another')],
    ['no code', (back) => back.searchParams.delete('code')],
  ])('who comes back with %s', async (_what, spoil) => {
    const { browser, back } = await returning();
    spoil(back);
    await expectRefused(browser, await comeBack(browser, back), 'OIDC_REFUSED', '/projects/shop');
  });

  it.each<[string, (back: URL) => void]>([
    ['another state', (back) => back.searchParams.set('state', 'x'.repeat(43))],
    ['what is none', (back) => back.searchParams.set('state', 'another')],
    ['no state', (back) => back.searchParams.delete('state')],
    ['two states', (back) => back.searchParams.append('state', 'x'.repeat(43))],
  ])('who comes back with %s, and the sign-in goes on', async (_what, spoil) => {
    const { browser, back } = await returning();
    const spoilt = new URL(back);
    spoil(spoilt);
    await expectRefused(browser, await comeBack(browser, spoilt), 'OIDC_EXPIRED');
    expect(locationOf(await comeBack(browser, back))).toEqual([303, `${HOME}/projects/shop`]);
  });

  it('whose ID token was made for another nonce', async () => {
    const { browser, back } = await returning((url) => url.searchParams.set('nonce', 'another'));
    await expectRefused(browser, await comeBack(browser, back), 'OIDC_REFUSED', '/projects/shop');
  });

  it('whose code was asked for by another browser', async () => {
    const [victim, thief] = [await returning(), await returning()];
    thief.back.searchParams.set('code', victim.back.searchParams.get('code') ?? '');
    await expectRefused(thief.browser, await comeBack(thief.browser, thief.back), 'OIDC_REFUSED', '/projects/shop');
  });

  it('who comes back a second time, with the cookie too, or from another browser', async () => {
    const { browser, back } = await returning();
    const cookie = browser.cookie() ?? '';
    expect(cookie).toMatch(/^__Host-sluice-oidc-[\w-]{8}=/u);
    expect(locationOf(await comeBack(browser, back))).toEqual([303, `${HOME}/projects/shop`]);
    const again = newBrowser();
    const headers = { cookie };
    await expectRefused(again, await again.api('GET', back.pathname + back.search, undefined, headers), 'OIDC_EXPIRED');
    await expectRefused(again, await comeBack(again, back), 'OIDC_EXPIRED');
  });

  it('who brings a cookie that anybody on the network could have set', async () => {
    const { browser, back } = await returning();
    const headers = { cookie: (browser.cookie() ?? '').replace('__Host-', '') };
    const other = newBrowser();
    await expectRefused(other, await other.api('GET', back.pathname + back.search, undefined, headers), 'OIDC_EXPIRED');
  });

  it('who broke it off at the provider', async () => {
    const { browser, back } = await returning();
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    await expectRefused(browser, await comeBack(browser, back), 'OIDC_DENIED', '/projects/shop');
  });

  it.each<[string, Account, string]>([
    ['whose address is not verified', { email_verified: false }, 'OIDC_EMAIL_UNVERIFIED'],
    ['whose address may be verified', { email_verified: undefined as never }, 'OIDC_EMAIL_UNVERIFIED'],
    ['who has no address', { email: undefined as never }, 'OIDC_EMAIL_UNVERIFIED'],
  ])('%s', async (_who, account, code) => {
    const { login, email } = somebodyAt(provider, account);
    await invite(email);
    const browser = newBrowser();
    await expectRefused(browser, await signIn(browser, login), code);
  });

  it('who was not invited, and nobody comes to be', async () => {
    const { login, email } = somebodyAt(provider);
    const browser = newBrowser();
    await expectRefused(browser, await signIn(browser, login), 'OIDC_PERSON_UNKNOWN');
    const { items } = (await server.api('GET', '/api/v1/people?limit=100')).body as { items: { email: string }[] };
    expect(items.map((each) => each.email)).not.toContain(email);
  });

  it('who is disabled, linked or not', async () => {
    const { login, email } = somebodyAt(provider);
    const { id } = await invite(email);
    const browser = newBrowser();
    for (const link of [() => Promise.resolve(), () => signIn(newBrowser(), login)]) {
      await server.api('POST', `/api/v1/people/${id}/enable`);
      await link();
      await server.api('POST', `/api/v1/people/${id}/disable`);
      await expectRefused(browser, await signIn(browser, login), 'OIDC_PERSON_DISABLED');
    }
  });

  it('who has the address of somebody with another account, until an admin resets theirs', async () => {
    const first = somebodyAt(provider);
    const { id } = await invite(first.email);
    await signIn(newBrowser(), first.login);
    const { login } = somebodyAt(provider, { email: first.email });
    const browser = newBrowser();
    await expectRefused(browser, await signIn(browser, login), 'OIDC_LINKED_OTHERWISE');
    await server.api('POST', `/api/v1/people/${id}/invitation`);
    expect(locationOf(await signIn(browser, login))).toEqual([303, `${HOME}/`]);
    expect(await viewerOf(browser)).toMatchObject({ id });
  });

  it('whom a page of another site would sign in', async () => {
    const answer = await browserAt(server.url, 'https://evil.example').api('POST', '/api/v1/session/oidc', {});
    expect([answer.status, answer.body.code]).toEqual([403, 'CROSS_SITE']);
  });

  it('while the provider is down, and somebody is as soon as it is back', async () => {
    const { browser, back } = await returning();
    provider.isDown = true;
    try {
      await expectRefused(browser, await comeBack(browser, back), 'OIDC_UNREACHABLE', '/projects/shop');
    } finally {
      provider.isDown = false;
    }
    const { login, email } = somebodyAt(provider);
    await invite(email);
    expect(locationOf(await signIn(browser, login))).toEqual([303, `${HOME}/`]);
  });
});

it(
  'a server that the provider does not trust says whose matter that is',
  async () => {
    const wrong = await startTestServer({ ...settingsFor(provider), SLUICE_OIDC_CLIENT_SECRET: 'another' });
    try {
      const { login } = somebodyAt(provider);
      const browser = browserAt(wrong.url, HOME);
      const back = await provider.visit(await begin(browser), login, HOME);
      expect(locationOf(await comeBack(browser, back))).toEqual(failed('OIDC_MISCONFIGURED'));
    } finally {
      await wrong.close();
    }
  },
  START_TIMEOUT_MS,
);

describe('a server', () => {
  let late: IdentityProvider;
  let other: TestServer;
  beforeAll(async () => {
    late = await IdentityProvider.start({ redirectUri: HOME + CALLBACK, isToldInTokens: true });
    late.isDown = true;
    const strict = { SLUICE_FAILED_AUTH_PER_MINUTE: '3', SLUICE_OIDC_ALLOWED_DOMAINS: 'shop.example' };
    other = await startTestServer({ ...settingsFor(late), ...strict });
    await other.api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await other.close();
    await late.close();
  }, START_TIMEOUT_MS);

  it('starts without its provider, says that it is down, and lets in by the domains it was told', async () => {
    const browser = browserAt(other.url, HOME);
    const unreachable = await browser.api('POST', '/api/v1/session/oidc', {});
    expect([unreachable.status, unreachable.body.code]).toEqual([503, 'OIDC_UNREACHABLE']);
    late.isDown = false;
    const enter = async (account?: Account) => {
      const { login, email } = somebodyAt(late, account);
      await invite(account?.email ?? email, other.api);
      return locationOf(await comeBack(browser, await late.visit(await begin(browser), login, HOME)));
    };
    expect(await enter()).toEqual([303, `${HOME}/`]);
    expect(await enter({ email: 'ada@blog.example' })).toEqual(failed('OIDC_DOMAIN_REFUSED'));
  });

  it('holds back who begins too often, and who is refused too often, each for itself', async () => {
    const { login, email } = somebodyAt(late);
    await invite(email, other.api);
    const browser = browserAt(other.url, HOME);
    const back = await late.visit(await begin(browser), login, HOME);
    const impatient = browserAt(other.url, HOME);
    for (let n = 0; ; n += 1) {
      const { status, body } = await impatient.api('POST', '/api/v1/session/oidc', {});
      if (status === 201) continue;
      expect([status, body.code]).toEqual([429, 'TOO_MANY_OIDC_STARTS']);
      expect(body.detail).toMatch(/wait \d+ s, or sign in by password\.$/u);
      expect(n).toBeGreaterThan(3);
      break;
    }
    const nobody = browserAt(other.url, HOME);
    for (let n = 0; n < 4; n += 1) {
      expect(locationOf(await nobody.api('GET', CALLBACK))).toEqual(failed('OIDC_EXPIRED'));
    }
    const guess = async () => {
      const { status, body } = await nobody.api('POST', '/api/v1/session', { email, password: PASSWORD });
      return [status, body.code];
    };
    expect(await guess()).toEqual([401, 'SIGN_IN_REFUSED']);
    while ((await guess())[0] === 401);
    expect(await guess()).toEqual([429, 'TOO_MANY_SIGN_INS']);
    expect(locationOf(await comeBack(browser, back))).toEqual(failed('TOO_MANY_SIGN_INS'));
  });
});
