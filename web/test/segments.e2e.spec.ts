import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const SEGMENTS = '/api/v1/projects/shop/segments';
const PATH = '/projects/shop/segments';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const { api } = server;
  await api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production', production: true }] });
  await api('POST', SEGMENTS, { key: 'staff', name: '<b>Staff</b>', included: ['ann', 'bob'] });
  await api('POST', SEGMENTS, { key: 'testers', name: 'Testers', excluded: ['eve'] });
  await api('POST', SEGMENTS, { key: 'two', name: 'Two people' });
  await api('POST', '/api/v1/projects/shop/flags', { key: 'team/cart', type: 'boolean' });
  const clauses = [{ operator: 'inSegment', values: ['staff'] }];
  const rules = [{ clauses, serve: { variation: 'on' } }];
  const settings = '/api/v1/projects/shop/flags/team%2Fcart/environments/production';
  await api('PATCH', settings, { rules }, { 'if-match': '*' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

const bar = (page: Page): Locator => page.getByRole('region', { name: 'Edits that are not stored' });

async function stored(key: string): Promise<unknown> {
  return (await server.api('GET', `${SEGMENTS}/${key}`)).body;
}

describe('segments', () => {
  it('are found, and one is made by keyboard alone', async () => {
    const { page, faults } = await openPage(browser, server, PATH);
    const table = page.getByRole('table', { name: 'Segments of the project' });
    await table.getByText('<b>Staff</b>').waitFor();
    await page.getByRole('searchbox', { name: 'Filter by name or key' }).fill('test');
    await page.waitForURL(/q=test/u);
    await table.getByRole('link', { name: 'staff' }).waitFor({ state: 'detached' });
    expect(await table.getByRole('link').allTextContents()).toEqual(['testers']);
    await page.getByRole('button', { name: 'New segment' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Not A Key');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Key' }).and(page.locator('[aria-invalid="true"]')).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('beta');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/segments\/beta\?environment=production$/u);
    await page.getByRole('heading', { name: 'beta' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('have keys pasted and rules made; complaints stand at what they are about', async () => {
    const { page, faults } = await openPage(browser, server, `${PATH}/testers`);
    const included = page.getByRole('group', { name: 'Included keys' });
    const keys = Array.from({ length: 5_000 }, (_none, at) => `user-${at}`);
    await paste(included.getByRole('textbox', { name: 'Add to Included keys' }), keys.join('\n'));
    await included.getByText('5,000 in all, the first 40 of 5,000 shown').waitFor();
    await included.getByRole('searchbox', { name: 'Find in Included keys' }).fill('user-4999');
    await included.getByRole('button', { name: 'Remove user-4999' }).click();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const rule = page.getByRole('listitem', { name: 'Rule 1' });
    await rule.getByRole('textbox', { name: 'Attribute' }).fill('ip');
    await rule.getByRole('combobox', { name: 'Operator' }).selectOption('is an address in');
    await rule.getByRole('textbox', { name: 'Add to Values' }).fill('no block');
    await bar(page).getByRole('button', { name: 'Save' }).click();
    await rule.getByRole('alert').getByText('must be an address block').waitFor();
    await rule.getByRole('button', { name: 'Remove no block' }).click();
    await rule.getByRole('textbox', { name: 'Add to Values' }).fill('10.0.0.0/8');
    await page.keyboard.press('Enter');
    await bar(page).getByRole('button', { name: 'Review' }).click();
    await page.getByRole('dialog').getByText('"onlyHere": 4999').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await bar(page).waitFor({ state: 'detached' });
    expect(await stored('testers')).toMatchObject({
      included: keys.slice(0, -1),
      excluded: ['eve'],
      rules: [{ clauses: [{ attribute: 'ip', operator: 'cidr', values: ['10.0.0.0/8'] }] }],
    });
    expect(faults).toEqual([]);
  });

  it('that two people edit show both, and lose nothing', async () => {
    const { page } = await openPage(browser, server, `${PATH}/two`);
    await page.getByRole('textbox', { name: 'Add to Excluded keys' }).fill('mallory');
    await page.keyboard.press('Enter');
    await server.api('PATCH', `${SEGMENTS}/two`, { included: ['zoe'] }, { 'if-match': '*' });
    await page.getByText('Somebody stored a change of this since you began.').waitFor();
    await bar(page).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog', { name: 'Somebody changed this meanwhile' }).waitFor();
    await page.getByRole('button', { name: 'Store mine over it' }).click();
    await bar(page).waitFor({ state: 'detached' });
    expect(await stored('two')).toMatchObject({ included: ['zoe'], excluded: ['mallory'] });
    await page.getByRole('button', { name: 'Remove zoe' }).waitFor();
  });

  it('are deleted only where nothing names them', async () => {
    const { page } = await openPage(browser, server, `${PATH}/staff`);
    const used = page.getByRole('region', { name: 'Used by' });
    await used.getByRole('link', { name: 'team/cart' }).waitFor();
    const button = page.getByRole('button', { name: 'Delete' });
    const reason = await page.evaluate(
      (id) => document.getElementById(id ?? '')?.textContent,
      await button.getAttribute('aria-describedby'),
    );
    expect(reason).toBe('It is used by flag/team/cart in production; take it out there first.');
    const settings = '/api/v1/projects/shop/flags/team%2Fcart/environments/production';
    await server.api('PATCH', settings, { rules: [] }, { 'if-match': '*' });
    await used.getByText('Nothing names it.').waitFor();
    await button.click();
    // What is stored while somebody is asked is not what they looked at.
    const late = await server.api('PATCH', `${SEGMENTS}/staff`, { name: 'Late' }, { 'if-match': '*' });
    expect(late.status).toBe(200);
    await page.waitForFunction(() => [...document.querySelectorAll('input')].some(({ value }) => value === 'Late'));
    await page.getByRole('button', { name: 'Delete the segment' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await button.click();
    await page.getByRole('button', { name: 'Delete the segment' }).click();
    await page.waitForURL(/\/segments\?environment=production$/u);
    await page.getByRole('link', { name: 'testers' }).waitFor();
    expect(await page.getByRole('link', { name: 'staff' }).count()).toBe(0);
  });

  it('stay in sight for who may not edit them, with the reason', async () => {
    const as = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, `${PATH}/testers`, { as });
    await page
      .getByRole('alert')
      .getByText(/editor/u)
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Name' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Add a rule' }).isDisabled()).toBe(true);
  });

  it('have no serious fault of accessibility', async () => {
    const { page } = await openPage(browser, server, PATH);
    await page.getByRole('link', { name: 'testers' }).waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
    await page.getByRole('link', { name: 'testers' }).click();
    await page.getByRole('listitem', { name: 'Rule 1' }).waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
  });
});

/** What a person pastes: the browser's own clipboard belongs to all of its pages. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
