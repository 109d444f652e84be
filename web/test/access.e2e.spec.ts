import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';
import { firstPersonOf, PASSWORD, personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const FLAGS = '/projects/shop/flags?environment=production';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  await firstPersonOf(server);
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
  await server.api('POST', '/api/v1/projects/shop/flags', { key: 'new-cart', type: 'boolean' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

describe('people', () => {
  it('are invited by a link, choose a password by it, and are in', async () => {
    const { page, faults } = await openPage(browser, server, '/access');
    await page.getByRole('button', { name: 'Invite…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill('first@example.com');
    await dialog.getByLabel('Name').fill('Eve <b>Editor</b>');
    await dialog.getByLabel('Role').selectOption('editor');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Eve <b>Editor</b>');
    await dialog.getByLabel('E-mail').fill('eve@example.com');
    await page.keyboard.press('Enter');
    const link = (await dialog.getByLabel('Link of the invitation').textContent()) ?? '';
    expect(link).toMatch(new RegExp(`^${server.url}/invitation#`, 'u'));
    await page.keyboard.press('Escape');
    expect(await dialog.getByLabel('Link of the invitation').isVisible()).toBe(true);
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
    expect(await page.content()).not.toContain(link.split('#')[1]);
    const row = page.getByRole('row', { name: 'Eve <b>Editor</b>' });
    await row.getByText('invited').waitFor();
    await row.getByText('editor in all of shop').waitFor();

    const hers = await openPage(browser, server, link, { as: null });
    await hers.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await hers.page.keyboard.press('Enter');
    await hers.page.waitForURL(/\/projects\/shop\//u);
    await hers.page.getByRole('button', { name: 'You and this page' }).click();
    await hers.page.getByRole('menuitem', { name: 'Your account' }).click();
    await hers.page.getByText('editor in all of shop').waitFor();
    await row.getByText('active').waitFor();
    expect(faults).toEqual([]);
  });

  it('see in plain words that a role was taken while the page is open, and nobody signs them out', async () => {
    const editor = await personOf(server, 'editor', { project: 'shop' });
    const hers = await openPage(browser, server, FLAGS, { as: editor });
    await hers.page.getByRole('link', { name: 'new-cart' }).waitFor();

    const { page } = await openPage(browser, server, '/access');
    await page.getByRole('searchbox', { name: 'Filter by name or e-mail' }).fill(editor.email);
    await page.getByRole('row', { name: editor.email }).getByRole('link').click();
    await page.getByRole('button', { name: 'Take away: editor in all of shop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click();
    await page.getByText('no role yet').waitFor();

    await hers.page.getByRole('alert').waitFor();
    expect(await hers.page.getByRole('dialog').count()).toBe(0);
    expect(await hers.page.getByRole('main').innerText()).toMatch(/role/u);

    await page.getByLabel('Role').selectOption('viewer');
    await page.getByRole('button', { name: 'Give the role' }).click();
    await page
      .getByRole('table', { name: /^Roles of/u })
      .getByText('viewer in all of shop')
      .waitFor();
    // What a session may do is known anew once the change was told to the server that knows it: within a second.
    const cookie = `${editor.cookie.name}=${editor.cookie.value}`;
    const status = async () =>
      (await server.as(undefined)('GET', '/api/v1/projects/shop', undefined, { cookie })).status;
    while ((await status()) !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    const flag = hers.page.getByRole('link', { name: 'new-cart' });
    const again = hers.page.getByRole('button', { name: 'Try again' });
    // The page may be waiting for the answer to a question of before: then there is something to try once more.
    while (!(await flag.isVisible())) {
      await again.evaluateAll((buttons: readonly HTMLElement[]) => buttons.forEach((button) => button.click()));
    }
  });

  it('are disabled, enabled, and given another password', async () => {
    const { email } = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, '/access');
    await page.getByRole('searchbox', { name: 'Filter by name or e-mail' }).fill(email);
    await page.getByRole('row', { name: email }).getByRole('link').click();
    const signIn = () => server.as(undefined)('POST', '/api/v1/session', { email, password: PASSWORD });
    await page.getByRole('button', { name: 'Disable…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('disabled', { exact: true }).waitFor();
    expect((await signIn()).status).toBe(401);
    await page.getByRole('button', { name: 'Enable…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click();
    await page.getByText('active', { exact: true }).waitFor();
    expect((await signIn()).status).toBe(201);
    await page.getByRole('button', { name: 'Reset the password…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset the password' }).click();
    await page.getByLabel('Link of the invitation').waitFor();
    expect((await signIn()).status).toBe(401);
  });

  it('change their password, and end their sessions everywhere', async () => {
    const person = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, '/account', { as: person });
    await page.getByLabel('Current password').fill('not the password');
    await page.getByLabel('New password').fill('another horse battery');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('The password is changed.').waitFor();
    await page.getByRole('button', { name: 'Sign out everywhere…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill('another horse battery');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\/shop\//u);
  });

  it('who may not see them are told so', async () => {
    const viewer = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, '/access', { as: viewer });
    await page.getByRole('alert', { name: 'Not for you to see' }).waitFor();
  });
});

describe('tokens', () => {
  it('are shown once, rotated with an overlap, and revoked for a reason', async () => {
    const { page, faults } = await openPage(browser, server, '/access?tab=tokens');
    await page.getByRole('button', { name: 'Create a token…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Kind').selectOption('ci');
    await dialog.getByLabel('Name').fill('pipelines');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const secret = (await dialog.getByLabel('Token', { exact: true }).textContent()) ?? '';
    await dialog.getByText('export SLUICE_URL').waitFor();
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
    expect(await page.content()).not.toContain(secret);
    const status = async (token: string) => (await server.as(token)('GET', '/api/v1/projects/shop')).status;
    expect(await status(secret)).toBe(200);

    await page.getByRole('button', { name: 'Rotate pipelines' }).click();
    await dialog.getByLabel('The old one works on for').selectOption('3600');
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const next = (await dialog.getByLabel('Token', { exact: true }).textContent()) ?? '';
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
    const old = page.getByRole('row', { name: 'works until in' });
    await old.waitFor();
    expect([await status(secret), await status(next)]).toEqual([200, 200]);

    await old.getByRole('button', { name: 'Revoke pipelines' }).click();
    await dialog.getByLabel('Reason').fill('it leaked');
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await old.waitFor({ state: 'hidden' });
    expect([await status(secret), await status(next)]).toEqual([401, 200]);
    await page.getByRole('checkbox', { name: 'Show ended ones' }).check();
    await page.getByRole('row', { name: 'revoked' }).waitFor();
    const audit = await server.api('GET', '/api/v1/audit?action=token.revoked');
    const { items } = audit.body as { readonly items: readonly { readonly after: unknown }[] };
    expect(items[0]?.after).toMatchObject({ reason: 'it leaked' });
    expect(faults).toEqual([]);
  });
});
