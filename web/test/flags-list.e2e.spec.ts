import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const PATH = '/projects/shop/flags';
/** More than a page of the API has, so that further ones are loaded as one scrolls. */
const MANY = 130;

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const create = (flag: object) => server.api('POST', '/api/v1/projects/shop/flags', { type: 'boolean', ...flag });
  await server.api('POST', '/api/v1/projects', {
    key: 'shop',
    environments: [{ key: 'staging' }, { key: 'production', production: true }],
  });
  await create({ key: 'team/Cart:v2.x_y-z', tags: ['q3'], owner: 'carts', dueAt: '2026-01-31T00:00:00Z' });
  const keys = Array.from({ length: MANY }, (_none, at) => `flag-${String(at).padStart(3, '0')}`);
  await Promise.all(keys.map((key) => create({ key, name: `The ${key}` })));
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

describe('the list of flags', () => {
  it('loads on as one goes down, and draws but what is in view', async () => {
    const { page, faults } = await openPage(browser, server, PATH);
    const table = page.getByRole('table', { name: 'Flags of the project' });
    await table.getByRole('row').nth(1).focus();
    const last = table.getByRole('link', { name: 'team/Cart:v2.x_y-z' });
    while (!(await last.isVisible())) await page.keyboard.press('End');
    expect(await table.getByRole('row').count()).toBeLessThan(80);
    expect(await table.getAttribute('aria-rowcount')).toBe(String(MANY + 2));
    expect(faults).toEqual([]);
  });

  it('is filtered by the server, and the URL says how', async () => {
    const { page } = await openPage(browser, server, PATH);
    const table = page.getByRole('table', { name: 'Flags of the project' });
    await page.getByRole('searchbox', { name: 'Filter by name or key' }).pressSequentially('flag-12');
    await table.getByRole('link', { name: 'flag-129' }).waitFor();
    await page.waitForURL(/q=flag-12/u);
    await page.getByRole('searchbox', { name: 'Filter by name or key' }).fill('');
    await page.getByRole('combobox', { name: 'Tag' }).selectOption('q3');
    await page.getByRole('checkbox', { name: 'Overdue only' }).click();
    await page.waitForURL(/\?environment=production&tag=q3&overdue=yes$/u);
    await page.reload();
    const row = table.getByRole('row', { name: 'team/Cart:v2.x_y-z' });
    await row.getByText('overdue').waitFor();
    expect(await table.getByRole('link').count()).toBe(1);
    await row.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/flags\/team%2FCart%3Av2.x_y-z\?environment=production$/u);
  });

  it('tells where flags stand in their life, and narrows by it through all pages', async () => {
    const { page } = await openPage(browser, server, PATH);
    const table = page.getByRole('table', { name: 'Flags of the project' });
    await table.getByRole('row', { name: 'flag-001' }).getByText('new', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Life cycle' }).selectOption('stale');
    await table.getByRole('link', { name: 'team/Cart:v2.x_y-z' }).waitFor();
    expect(await table.getByRole('link').count()).toBe(1);
    await page.waitForURL(/stage=stale$/u);
    await page.getByRole('combobox', { name: 'State' }).selectOption('on');
    await page.getByRole('heading', { name: 'No flag matches the filter.' }).waitFor();
  });

  it('is put in order by the server, of which it asks a page and no more', async () => {
    const { page, faults } = await openPage(browser, server, PATH);
    const table = page.getByRole('table', { name: 'Flags of the project' });
    const first = (key: string) => table.locator('tr[aria-rowindex="2"]').getByRole('link', { name: key }).waitFor();
    await first('flag-000');
    await table.getByRole('button', { name: 'Owner' }).click();
    await first('team/Cart:v2.x_y-z');
    await page.waitForURL(/sort=owner$/u);
    expect(await table.getByRole('columnheader', { name: 'Owner' }).getAttribute('aria-sort')).toBe('ascending');
    await table.getByRole('columnheader', { name: 'Flag' }).getByRole('button').click();
    await first('flag-000');
    await table.getByRole('columnheader', { name: 'Flag' }).getByRole('button').click();
    await page.waitForURL(/sort=-key$/u);
    await first('team/Cart:v2.x_y-z');
    expect(await table.getAttribute('aria-rowcount')).toBe('101');
    expect(faults).toEqual([]);
  });

  it('is found from the palette', async () => {
    const { page } = await openPage(browser, server, PATH);
    await page.getByRole('link', { name: 'flag-001' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to or do…').fill('flag-12');
    await page.getByText('flag-123 · ').click();
    await page.waitForURL(/\/flags\/flag-123\?environment=production$/u);
  });

  it('names the environment whole, and tells of the others', async () => {
    const { page } = await openPage(browser, server, `${PATH}?q=flag-009`);
    const row = page.getByRole('row', { name: 'flag-009' });
    await row.getByRole('button', { name: 'production: Switch on flag-009 in production' }).waitFor();
    const shown = row.getByText('production', { exact: true });
    expect(await shown.evaluate((each) => each.scrollWidth <= each.clientWidth)).toBe(true);
    await row.getByRole('button', { name: '+1: staging off' }).click();
    await page.getByRole('menuitem', { name: 'Switch on flag-009 in staging' }).waitFor();
  });

  it('fits a telephone', async () => {
    const { page } = await openPage(browser, server, PATH, { viewport: { width: 390, height: 800 } });
    await page.getByRole('link', { name: 'flag-001' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const { width = 0 } = (await page.getByRole('columnheader', { name: 'Flag' }).boundingBox()) ?? {};
    expect(width).toBeGreaterThan(200);
  });

  it('shows a switch that somebody else throws within a second', async () => {
    const { page } = await openPage(browser, server, `${PATH}?q=flag-007`);
    const row = page.getByRole('row', { name: 'flag-007' });
    await row.getByText('off', { exact: true }).first().waitFor();
    const settings = '/api/v1/projects/shop/flags/flag-007/environments/production';
    await server.api('PATCH', settings, { on: true }, { 'if-match': '*' });
    await row.getByText('on', { exact: true }).first().waitFor();
  });

  it('keeps what the viewer may not do in sight, with the reason', async () => {
    const person = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, PATH, { as: person });
    const button = page.getByRole('button', { name: 'New flag' });
    await button.and(page.locator('[aria-disabled="true"]')).waitFor();
    const reason = await page.evaluate(
      (id) => document.getElementById(id ?? '')?.textContent,
      await button.getAttribute('aria-describedby'),
    );
    expect(reason).toMatch(/editor/u);
    await button.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('has no serious fault of accessibility', async () => {
    const { page } = await openPage(browser, server, PATH);
    await page.getByRole('link', { name: 'flag-001' }).waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
  });
});
