import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';
import { DemoShop } from './demo-shop.js';

const START_TIMEOUT_MS = 180_000;
// Whole stories, of people, services and ramps, on a busy machine.
jest.setTimeout(240_000);
const API = '/api/v1/projects/shop';
const PAGES = '/projects/shop';
const HERE = '?environment=production';
/** Stays at a half until somebody says more. */
const TO_THE_HALF = {
  steps: [{ share: 10_000, holdSeconds: 1 }, { share: 50_000, holdSeconds: 3_600 }, { share: 100_000 }],
  metrics: [{ kind: 'failures', name: 'failures', count: 'units' }],
};

let server: TestServer;
let browser: Browser;
let shop: DemoShop;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({ SLUICE_TICK_SECONDS: '0.2' }), launchBrowser()]);
  await done('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production', production: true }] });
  await done('POST', `${API}/flags`, { key: 'gift-note', type: 'boolean' });
  await done('POST', `${API}/flags`, { key: 'new-prices', type: 'boolean' });
  await done('POST', `${API}/policies`, { key: 'half', name: 'To the half', document: TO_THE_HALF });
  await done('POST', `${API}/parallel-runs`, { key: 'cart-price', name: 'Old and new prices' });
  await done('PATCH', `${API}/environments/production/parallel-runs/cart-price`, {
    demand: { tolerance: 0.01, latencyMargin: null },
    runner: { budget: { addedMs: 60_000, loopDelayMs: 60_000 }, rawPaths: ['$.total', '$.currency'] },
  });
  shop = await DemoShop.open(server);
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await shop.close();
  await server.close();
}, START_TIMEOUT_MS);

async function done(method: string, path: string, body: object): Promise<void> {
  const answer = await server.api(method, path, body, { 'if-match': '*' });
  expect({ path, status: Math.floor(answer.status / 100), body: answer.body as unknown }).toMatchObject({ status: 2 });
}

const sentence = (page: Page) => page.getByRole('status');
const dialog = (page: Page) => page.getByRole('dialog');

/** Marks a page; the mark is gone once it is loaded anew. */
async function mark(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => void Object.assign(globalThis, { isMarked: true }));
  return () => page.evaluate(() => 'isMarked' in globalThis);
}

/** Opens the palette, types, and takes what is offered by that name. */
async function byPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('textbox', { name: 'Go to or do…' });
  await palette.and(page.locator(':focus')).waitFor();
  await page.keyboard.type(words);
  await dialog(page).getByText(words).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Goes with Tab until something has the focus; gives up after a page's worth. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${String(wanted)}.`);
}

describe('the story of the shop', () => {
  it('a flag is made, given to one user, split among the others, and killed with one key', async () => {
    const { page, faults } = await openPage(browser, server, `${PAGES}/flags${HERE}`);
    await page.getByRole('button', { name: 'New flag' }).click();
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill('new-cart');
    await page.getByRole('button', { name: 'Make the flag' }).click();
    await page.getByRole('heading', { level: 1, name: 'new-cart' }).waitFor();

    const ada = page.getByRole('group', { name: 'Keys served on' });
    await ada.getByRole('textbox', { name: 'Add to Keys served on' }).fill('ada');
    await page.keyboard.press('Enter');
    const otherwise = page.getByRole('region', { name: 'Otherwise' });
    await otherwise.getByRole('combobox', { name: 'Serves' }).selectOption('a split…');
    await otherwise.getByRole('textbox', { name: 'Share of on' }).fill('30');
    await otherwise.getByRole('button', { name: 'Fill up to 100 % with off' }).click();
    await page
      .getByRole('region', { name: 'Edits that are not stored' })
      .getByRole('button', { name: 'Review' })
      .click();
    await dialog(page).getByRole('button', { name: 'Save in production' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    expect((await shop.cartOf('ada')).design).toBe('old');

    await page.getByRole('button', { name: 'Switch on in production' }).click();
    await dialog(page).getByRole('button', { name: 'Switch on in production' }).click();
    await shop.until('ada', ({ design }) => design === 'new');
    const { users, newDesign } = await shop.tally();
    // Five standard errors about 30 %.
    expect(Math.abs(newDesign / users - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / users));

    await page.getByRole('button', { name: 'Switch off in production' }).waitFor();
    await page.keyboard.press('k');
    await dialog(page).getByText('Everybody there will be served off').waitFor();
    await page.keyboard.type('production');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Switch on in production' }).waitFor();
    await shop.until('ada', ({ design }) => design === 'old');
    expect(await shop.tally()).toMatchObject({ newDesign: 0 });
    expect(faults).toEqual([]);
  });

  it('a release is asked for, ramps on what users meet, and is rolled back by keyboard alone', async () => {
    const { page, faults } = await openPage(browser, server, `${PAGES}/releases/-/new${HERE}&flag=gift-note`);
    await page.getByRole('combobox', { name: 'Ramp this variation' }).selectOption('on');
    await page.getByRole('button', { name: 'Next: Policy' }).click();
    await page.getByRole('radio', { name: 'To the half (half)' }).check();
    await page.getByRole('link', { name: 'Review' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Gift notes');
    await page.getByRole('button', { name: 'Next: Copy and create' }).click();
    await page.getByRole('button', { name: 'Create and start' }).click();
    await page.getByRole('heading', { level: 1, name: 'Gift notes' }).waitFor();
    const isMarked = await mark(page);
    await sentence(page)
      .getByText(/^50 % since/u)
      .waitFor();
    await page.getByRole('listitem').and(page.locator('[aria-current="step"]')).getByText('Step 2: 50 %').waitFor();
    await page
      .getByRole('article', { name: 'failures, flag/gift-note' })
      .getByText(/\d of \d/u)
      .first()
      .waitFor();
    await page.getByText('1 of 1 instances serve it').waitFor();
    const { users, giftNote } = await shop.tally();
    expect(Math.abs(giftNote / users - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / users));

    await byPalette(page, 'Roll back');
    await dialog(page).getByText('Roll back Gift notes in production?').waitFor();
    await dialog(page).getByRole('textbox').first().and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Nobody reads them');
    await tabTo(page, dialog(page).getByRole('button', { name: 'Roll back in production' }));
    await page.keyboard.press('Enter');
    await sentence(page)
      .getByText(/^Rolled back .* Nobody reads them\.$/u)
      .waitFor();
    expect(await isMarked()).toBe(true);
    await shop.until('user-1', ({ hasGiftNote }) => !hasGiftNote);
    expect(await shop.tally()).toMatchObject({ giftNote: 0 });
    expect(faults).toEqual([]);
  });

  it('a mismatch of new code is read, where it is wrong', async () => {
    const { page, faults } = await openPage(browser, server, `${PAGES}/parallel-runs/cart-price${HERE}`);
    await page.getByRole('button', { name: 'Set share…' }).click();
    await dialog(page).getByLabel('Share of the calls').fill('100');
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1 }).locator('..');
    await heading.getByText('refuted', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Mismatches' }).click();
    const table = page.getByRole('table', { name: /^Faults/u });
    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('Enter');
    const mismatch = page.getByRole('region', { name: 'The mismatch' });
    const [old, fresh] = [mismatch.getByLabel('Old code'), mismatch.getByLabel('New code')];
    // In yen, v1 of the new code answers parts of coins that do not exist.
    await fresh.getByText(/"\$\.total": \d+\.\d/u).waitFor();
    expect(await old.textContent()).toMatch(/"\$\.total": \d+\D*$/u);
    expect((await shop.cartOf('user-10')).price).toEqual({ currency: 'JPY', total: 1_440 });
    expect(faults).toEqual([]);
  });

  it('a release is promoted to everybody by keyboard alone', async () => {
    const asked = await server.api('POST', '/api/v1/releases', {
      ...{ project: 'shop', environment: 'production', name: 'Gift notes, again', policy: 'half', start: true },
      changes: [{ kind: 'flag', flag: 'gift-note', ramp: { variation: 'on' } }],
    });
    expect(asked.status).toBe(201);
    const { page, faults } = await openPage(browser, server, `${PAGES}/overview${HERE}`);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await byPalette(page, 'Gift notes, again');
    await page.getByRole('heading', { level: 1, name: 'Gift notes, again' }).waitFor();
    await sentence(page)
      .getByText(/^50 % since/u)
      .waitFor();
    await byPalette(page, 'Promote to 100 %');
    await dialog(page).getByText('Promote Gift notes, again to 100 % in production?').waitFor();
    await dialog(page).getByRole('textbox').first().and(page.locator(':focus')).waitFor();
    await page.keyboard.type('production');
    await page.keyboard.press('Tab');
    await page.keyboard.type('All is well');
    await tabTo(page, dialog(page).getByRole('button', { name: 'Promote in production' }));
    await page.keyboard.press('Enter');
    await sentence(page)
      .getByText(/^100 %: released/u)
      .waitFor();
    const { users, giftNote } = await shop.tally();
    expect(giftNote).toBe(users);
    expect(faults).toEqual([]);
  });
});
