import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';

const START_TIMEOUT_MS = 180_000;
const PATH = '/projects/shop/parallel-runs';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const { api } = server;
  await api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'staging' }, { key: 'production' }] });
  for (const [key, name] of [
    ['price-v2', 'New pricing'],
    ['tax', 'Tax <b>tables</b>'],
    ['cart', 'Another cart'],
  ]) {
    await api('POST', '/api/v1/projects/shop/parallel-runs', { key, name, owner: 'checkout' });
  }
  const share = '/api/v1/projects/shop/environments/staging/parallel-runs/tax/share';
  await api('PUT', share, { share: 12_500 });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

describe('the list of parallel runs', () => {
  it('shows what there is in the environment that the URL says', async () => {
    const { page, faults } = await openPage(browser, server, `${PATH}?environment=staging`);
    const table = page.getByRole('table', { name: 'Parallel runs of the project' });
    await table.getByRole('row', { name: 'Tax <b>tables</b>' }).getByText('12.5 %').waitFor();
    expect(await table.getByRole('link').allTextContents()).toEqual([
      'Another cart',
      'New pricing',
      'Tax <b>tables</b>',
    ]);
    await page.getByRole('combobox', { name: 'Environment' }).selectOption('production');
    await table.getByRole('row', { name: 'Tax <b>tables</b>' }).getByText('0 %', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('environment')).toBe('production');
    expect(faults).toEqual([]);
  });

  it('puts what is typed and how it is sorted into the URL, and reads it there', async () => {
    const { page } = await openPage(browser, server, `${PATH}?environment=staging`);
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('ta');
    await page.waitForURL(/q=ta/u);
    await page.getByRole('button', { name: 'Name' }).click();
    await page.getByRole('columnheader', { name: 'Name' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    expect(page.url()).toMatch(/\?environment=staging&q=ta&sort=name$/u);
    await page.reload();
    await page.getByRole('link', { name: 'Tax <b>tables</b>' }).waitFor();
    expect(await page.getByRole('table').getByRole('link').count()).toBe(1);
  });

  it('is gone through by keyboard', async () => {
    const { page } = await openPage(browser, server, `${PATH}?environment=staging`);
    const rows = page.getByRole('table').getByRole('row');
    await rows.nth(1).focus();
    // Sooner after each other than a frame is drawn.
    await page.evaluate(() => {
      for (const key of ['j', 'ArrowDown']) {
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      }
    });
    await rows.nth(3).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/parallel-runs\/tax\?environment=staging$/u);
  });

  it('shows a run that somebody else makes, without being asked', async () => {
    const { page } = await openPage(browser, server, `${PATH}?environment=staging`);
    await page.getByRole('link', { name: 'New pricing' }).waitFor();
    await server.api('POST', '/api/v1/projects/shop/parallel-runs', { key: 'late', name: 'A late one' });
    await page.getByRole('link', { name: 'A late one' }).waitFor();
  });

  it('fits a telephone', async () => {
    const { page } = await openPage(browser, server, PATH, { viewport: { width: 390, height: 800 } });
    await page.getByRole('link', { name: 'New pricing' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
