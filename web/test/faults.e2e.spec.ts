import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ADMIN, KillableServer } from '../../server/test/clients/killable-server.js';
import { callerOf, type CalledServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';
import { PASSWORD, type Person, personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const FLAGS = '/api/v1/projects/shop/flags';
const NEW_FLAG = '/projects/shop/flags/-/new?environment=production';

let dataDir: string;
let running: KillableServer;
let server: CalledServer;
let browser: Browser;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-faults-'));
  [running, browser] = await Promise.all([KillableServer.start(dataDir), launchBrowser()]);
  const { url } = running;
  const as = (token: string | undefined) => callerOf(url, token);
  server = { url, adminToken: ADMIN, api: as(ADMIN), as, close: () => running.kill() };
  const environments = [{ key: 'production', production: true }];
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments });
  await server.api('POST', FLAGS, { key: 'new-cart', type: 'boolean' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
}, START_TIMEOUT_MS);

const key = (page: Page) => page.getByRole('textbox', { name: 'Key', exact: true });
const make = (page: Page) => page.getByRole('button', { name: 'Make the flag' });
const dialog = (page: Page) => page.getByRole('dialog');

/** As the server does when somebody signs out elsewhere, or the session is too old. */
async function endSessionOf({ cookie }: Person): Promise<void> {
  const headers = { cookie: `${cookie.name}=${cookie.value}`, 'sec-fetch-site': 'same-origin' };
  expect((await server.as(undefined)('DELETE', '/api/v1/session', undefined, headers)).status).toBe(204);
}

/** The first role that somebody was given. */
async function roleOf({ email }: Person): Promise<{ readonly person: string; readonly role: string }> {
  const answer = await server.api('GET', '/api/v1/people?limit=100');
  const { items } = answer.body as { items: { id: string; email: string; roles: { id: string }[] }[] };
  const found = items.find((each) => each.email === email);
  return { person: found?.id ?? '', role: found?.roles[0]?.id ?? '' };
}

describe('the server goes away and comes back', () => {
  it('is said, as is what could not be stored, and all that was typed is there to be stored then', async () => {
    const { page, faults } = await openPage(browser, server, NEW_FLAG);
    await key(page).fill('typed-before');
    await make(page).and(page.locator(':not([aria-disabled="true"])')).waitFor();
    await running.kill();
    await page.getByRole('status').getByText('Connection lost').waitFor();
    await make(page).click();
    await page
      .getByRole('alert')
      .getByText(/server|answer/u)
      .first()
      .waitFor();
    expect(await key(page).inputValue()).toBe('typed-before');

    running = await KillableServer.start(dataDir, new URL(server.url).port);
    await page.getByRole('status').getByText('Connection lost').waitFor({ state: 'detached' });
    await make(page).click();
    await page.getByRole('heading', { level: 1, name: 'typed-before' }).waitFor();
    // It is live again: another's change comes by itself.
    await server.api('PATCH', `${FLAGS}/typed-before`, { name: 'By another' }, { 'if-match': '*' });
    await page.getByText('By another').waitFor();
    // What the browser itself says of each attempt.
    expect(faults.filter((fault) => !/ERR_CONNECTION|WebSocket connection/u.test(fault))).toEqual([]);
  });
});

describe('the session ends in the middle of a form', () => {
  it('asks to sign in over the dialog, and leaves the form as it is', async () => {
    const as = await personOf(server, 'editor', { project: 'shop' });
    const { page } = await openPage(browser, server, '/projects/shop/segments?environment=production', { as });
    await page.getByRole('button', { name: 'New segment' }).click();
    const form = page.getByRole('dialog', { name: 'New segment' });
    await key(page).fill('staff');
    await form.getByRole('textbox', { name: 'Name' }).fill('Those who work <here>');
    await endSessionOf(as);
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('E-mail').fill(as.email);
    await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await again.waitFor({ state: 'hidden' });
    expect(await key(page).inputValue()).toBe('staff');
    expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Those who work <here>');
    await form.getByRole('button', { name: 'Make the segment' }).click();
    await page.getByRole('heading', { level: 1 }).getByText('staff').waitFor();
  });
});

describe('a role is taken away while a form is open', () => {
  it('stops it with the reason, and keeps what was typed until the role is back', async () => {
    const as = await personOf(server, 'editor', { project: 'shop' });
    const { person, role } = await roleOf(as);
    const give = (name: string) =>
      server.api('POST', `/api/v1/people/${person}/roles`, { role: name, project: 'shop' });
    expect((await give('viewer')).status).toBeLessThan(300);
    const { page } = await openPage(browser, server, NEW_FLAG, { as });
    await key(page).fill('typed-in-office');
    expect((await server.api('DELETE', `/api/v1/people/${person}/roles/${role}`)).status).toBeLessThan(300);
    await make(page).and(page.locator('[aria-disabled="true"]')).waitFor();
    await make(page).focus();
    await page
      .getByRole('tooltip')
      .getByText(/editor/u)
      .waitFor();
    expect(await key(page).inputValue()).toBe('typed-in-office');
    expect(await dialog(page).count()).toBe(0);

    expect((await give('editor')).status).toBeLessThan(300);
    await make(page).and(page.locator(':not([aria-disabled="true"])')).waitFor();
    await make(page).click();
    await page.getByRole('heading', { level: 1, name: 'typed-in-office' }).waitFor();
  });
});

describe('two people edit one flag', () => {
  it('the later one sees both, and stores theirs over it', async () => {
    const path = '/projects/shop/flags/new-cart?environment=production&tab=settings';
    const one = await openPage(browser, server, path);
    const other = await openPage(browser, server, path, { as: await personOf(server, 'editor', { project: 'shop' }) });
    for (const { page } of [one, other]) await page.getByRole('button', { name: 'Edit details' }).click();
    await dialog(one.page).getByRole('textbox', { name: 'Owner' }).fill('carts');
    await dialog(other.page).getByRole('textbox', { name: 'Description' }).fill('What the <b>cart</b> looks like');
    await dialog(one.page).getByRole('button', { name: 'Save' }).click();
    await one.page.getByText('The details are stored.').waitFor();
    await dialog(other.page).getByRole('button', { name: 'Save' }).click();

    const conflict = other.page.getByRole('dialog', { name: 'Somebody changed this meanwhile' });
    await conflict.getByRole('textbox', { name: 'Stored now' }).getByText('"owner": "carts"').waitFor();
    await conflict.getByRole('textbox', { name: 'Yours' }).getByText('What the <b>cart</b> looks like').waitFor();
    await conflict.getByRole('button', { name: 'Store mine over it' }).click();
    await other.page.getByText('The details are stored.').waitFor();
    // And the first one's page shows it, without being asked.
    await one.page.getByText('What the <b>cart</b> looks like').first().waitFor();
    expect([...one.faults, ...other.faults]).toEqual([]);
  });
});
