import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { freePort } from '../../server/test/clients/free-port.js';
import { CLIENT, IdentityProvider } from '../../server/test/clients/identity-provider.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { firstPersonOf, PASSWORD, personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const DEEP = '/projects/shop/flags?environment=production';

let provider: IdentityProvider;
let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  const port = await freePort();
  // To a browser the provider, at 127.0.0.1, is another site.
  const home = `http://localhost:${port}`;
  provider = await IdentityProvider.start({ redirectUri: `${home}/api/v1/session/oidc/callback` });
  const [started, launched] = await Promise.all([
    startTestServer({
      SLUICE_HTTP_PORT: String(port),
      SLUICE_GRPC_PORT: '0',
      SLUICE_PUBLIC_URL: home,
      SLUICE_OIDC_ISSUER: provider.issuer,
      SLUICE_OIDC_CLIENT_ID: CLIENT.id,
      SLUICE_OIDC_CLIENT_SECRET: CLIENT.secret,
      SLUICE_OIDC_NAME: 'Shop accounts',
    }),
    launchBrowser(),
  ]);
  server = { ...started, url: home };
  browser = launched;
  await firstPersonOf(server);
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
  await server.api('POST', '/api/v1/projects/shop/flags', { key: 'new-cart', type: 'boolean' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
  await provider.close();
}, START_TIMEOUT_MS);

/** Somebody who is at the login page of the provider, and was invited or not. */
async function comes(login: string, isInvited: boolean): Promise<void> {
  const email = `${login}@example.com`;
  provider.accounts.set(login, { email, email_verified: true });
  provider.login = login;
  if (!isInvited) return;
  const draft = { email, name: login, role: 'viewer', project: 'shop' };
  expect((await server.api('POST', '/api/v1/people', draft)).status).toBe(201);
}

describe('the sign-in page', () => {
  it('signs in with the provider as soon as it answers, and comes where the link led', async () => {
    await comes('olga', true);
    provider.isDown = true;
    const { page, faults } = await openPage(browser, server, DEEP, { as: null });
    await page.getByRole('button', { name: 'Sign in with Shop accounts' }).click();
    await page.getByRole('alert').getByText('does not answer').waitFor();
    provider.isDown = false;
    await page.getByRole('button', { name: 'Sign in with Shop accounts' }).click();
    await page.getByRole('link', { name: 'new-cart' }).waitFor();
    expect(page.url()).toBe(server.url + DEEP);
    await page.getByRole('button', { name: 'You and this page' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with Shop accounts' }).waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
    // The refused attempt, which the browser itself puts into its console.
    expect(faults.filter((fault) => !fault.includes('503'))).toEqual([]);
  });

  it('says in its own words why somebody is not let in, and lets them sign in otherwise', async () => {
    await comes('nobody', false);
    const { page } = await openPage(browser, server, DEEP, { as: null });
    await page.getByRole('button', { name: 'Sign in with Shop accounts' }).click();
    await page.getByRole('alert').getByText('Ask an admin to invite you').waitFor();
    const { email } = await personOf(server, 'viewer', { project: 'shop' });
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'new-cart' }).waitFor();
    expect(page.url()).toBe(server.url + DEEP);
  });

  it('shows nothing that the URL says', async () => {
    const forged = '/sign-in?failure=Call%20555%20to%20get%20in&to=//evil.example';
    const { page } = await openPage(browser, server, forged, { as: null });
    await page.getByRole('alert').getByText('The sign-in failed').waitFor();
    expect(await page.locator('body').innerText()).not.toContain('555');
  });
});

describe('who was invited by an admin of one project', () => {
  it('is given a role by others knowingly', async () => {
    const admin = await personOf(server, 'admin', { project: 'shop' });
    const cookie = `${admin.cookie.name}=${admin.cookie.value}`;
    const draft = { email: 'quin@example.com', name: 'Quin', role: 'viewer', project: 'shop' };
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const invited = await server.as(undefined)('POST', '/api/v1/people', draft, headers);
    const { id } = invited.body as { id: string };
    const { page, faults } = await openPage(browser, server, `/access/people/${id}`);
    await page.getByText('The admin invited Quin').waitFor();
    await page.getByRole('combobox', { name: 'Role' }).selectOption('approver');
    const give = page.getByRole('button', { name: 'Give the role' });
    expect(await give.getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Give the role all the same').check();
    await give.click();
    await page.getByText('approver in all of shop').waitFor();
    await page.getByRole('button', { name: 'Reset the password…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset the password' }).click();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('The admin invited Quin').waitFor({ state: 'hidden' });
    expect(faults).toEqual([]);
  });
});
