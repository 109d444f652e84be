import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { seriousFindings } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { PASSWORD, type Person, personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const DEEP = '/projects/shop/parallel-runs?environment=staging&q=ta';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const environments = [{ key: 'staging' }, { key: 'production', production: true }];
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments });
  await server.api('POST', '/api/v1/projects/shop/flags', { key: 'cart', type: 'boolean' });
  await server.api('POST', '/api/v1/projects/shop/parallel-runs', { key: 'tax', name: 'Tax tables' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

describe('who is not signed in', () => {
  it('makes the first administrator where nobody exists yet', async () => {
    const { page, faults } = await openPage(browser, server, '/', { as: null });
    await page.getByRole('heading', { name: 'The first start' }).waitFor();
    await page.getByLabel('Token of the first start').fill(server.adminToken);
    await page.getByLabel('Your name').fill('First Person');
    await page.getByLabel('E-mail').fill('somebody@example.com');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page
      .getByText(/12 (to 200 )?characters/u)
      .last()
      .waitFor();
    expect(await page.getByLabel('Your name').inputValue()).toBe('First Person');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.waitForURL(/\/projects\/shop\/overview\?environment=production$/u);
    // The refused attempt, which the browser itself puts into its console.
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
  });

  it('signs in, and comes where the link led', async () => {
    const { page } = await openPage(browser, server, DEEP, { as: null });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByLabel('E-mail').fill('somebody@example.com');
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe('somebody@example.com');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Tax tables' }).waitFor();
    expect(page.url()).toBe(server.url + DEEP);
  });
});

describe('who is signed in', () => {
  it('leaves, and is nobody then', async () => {
    const { page } = await openPage(browser, server, DEEP, { as: await signedIn() });
    await page.getByRole('button', { name: 'You and this page' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(DEEP);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('signs in again over the page when the session ends, and loses nothing', async () => {
    const person = await signedIn();
    const { page } = await openPage(browser, server, DEEP, { as: person });
    const filter = page.getByRole('searchbox', { name: 'Filter by name' });
    await filter.fill('tax');
    await end(person);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByLabel('E-mail').fill(person.email);
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await filter.inputValue()).toBe('tax');
    await page.getByRole('link', { name: 'Tax tables' }).waitFor();
  });

  it('signs out everywhere, and leaves nothing that was typed', async () => {
    const { page } = await openPage(browser, server, '/', { as: await signedIn() });
    await edit(page);
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Sign out everywhere' }).waitFor();
    expect(await keptIn(page)).toContain(TYPED);
    await page.getByRole('button', { name: 'Sign out everywhere…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await keptIn(page)).not.toContain(TYPED);
  });

  it('is shown nothing of who had the page before, whose session has ended', async () => {
    const [person, other] = [await signedIn(), await signedIn()];
    const { page } = await openPage(browser, server, '/', { as: person });
    await edit(page);
    await end(person);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByLabel('E-mail').fill(other.email);
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await keysServed(page).waitFor();
    expect(await page.getByText(TYPED).count()).toBe(0);
    expect(await keptIn(page)).not.toContain(TYPED);
  });

  it('is told in plain words what is not theirs to see', async () => {
    await server.api('POST', '/api/v1/projects', { key: 'other', environments: [{ key: 'production' }] });
    const person = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, '/projects/other/parallel-runs', { as: person });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(1);
  });

  it('is told that no page has an address', async () => {
    const { page } = await openPage(browser, server, '/projects/shop/nothing-of-ours', { as: await signedIn() });
    await page.getByRole('alert', { name: 'Nothing is here' }).waitFor();
  });

  it('goes by the palette and by keys', async () => {
    const { page, faults } = await openPage(browser, server, DEEP, { as: await signedIn() });
    await page.getByRole('link', { name: 'Tax tables' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Go to or do…' }).fill('tax');
    await page.getByRole('dialog').getByText('Tax tables').click();
    await page.waitForURL(/\/parallel-runs\/tax\?environment=staging$/u);
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForURL(/\/parallel-runs\?environment=staging$/u);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

const signedIn = () => personOf(server, 'editor');

async function end({ cookie: { name, value } }: Person): Promise<void> {
  const headers = { cookie: `${name}=${value}`, 'sec-fetch-site': 'same-origin' };
  await server.as(undefined)('DELETE', '/api/v1/session', undefined, headers);
}

const TYPED = 'user@example.com';
const keysServed = (page: Page) => page.getByRole('group', { name: /^Keys served /u }).first();

/** Names somebody in the settings of a flag, and stores nothing. */
async function edit(page: Page): Promise<void> {
  await page.goto('/projects/shop/flags/cart?environment=staging');
  await keysServed(page).getByRole('textbox').fill(TYPED);
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Edits that are not stored' }).waitFor();
}

/** What this tab of the browser keeps from one page to the next. */
const keptIn = (page: Page): Promise<string> => page.evaluate(() => JSON.stringify(sessionStorage));
