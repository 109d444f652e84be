import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';
import { personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const NEW = '/projects/shop/releases/-/new?environment=production';
const POLICIES = '/projects/shop/policies';
const DIGEST = `sha256:${'0b'.repeat(32)}`;
const DOCUMENT = {
  steps: [{ share: 10_000, holdSeconds: { parameter: 'hold' } }, { share: 100_000 }],
  metrics: [{ kind: 'failures', name: 'failures', count: 'units' }],
};

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const { api } = server;
  const shop = '/api/v1/projects/shop';
  await api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
  await api('POST', `${shop}/flags`, { key: 'new-cart', type: 'boolean' });
  for (const [version, digest] of [
    ['1.0.0', `sha256:${'0a'.repeat(32)}`],
    ['2.0.0', DIGEST],
  ]) {
    const deployment = { environment: 'production', service: 'checkout', version, digest };
    await api('POST', `${shop}/deployments`, deployment);
  }
  const parameters = [{ name: 'hold', default: 3_600 }];
  await api('POST', `${shop}/policies`, { key: 'own', name: 'Our <b>own</b>', parameters, document: DOCUMENT });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

/** Goes with Tab to what has the focus expected; gives up after a page's worth. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const words = await page.evaluate(() => {
      const at = document.activeElement;
      const label = at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? at.labels?.[0] : undefined;
      return label?.textContent ?? at?.getAttribute('aria-label') ?? at?.textContent ?? '';
    });
    if (words.startsWith(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to "${name}".`);
}

describe('the wizard of releases', () => {
  it('goes by keyboard alone from changes to a release that is under way', async () => {
    const { page, faults } = await openPage(browser, server, NEW);
    await page.getByRole('heading', { name: 'What changes?' }).waitFor();
    await page.getByRole('button', { name: 'Flag', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Change 1: flag' }).waitFor();
    await page.getByRole('combobox', { name: 'Flag' }).focus();
    await page.keyboard.type('new-c');
    await page.getByRole('option', { name: 'new-cart' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const variation = page.getByRole('combobox', { name: 'Ramp this variation' });
    await variation.getByRole('option', { name: 'on', exact: true }).waitFor({ state: 'attached' });
    await tabTo(page, 'Ramp this variation');
    await page.keyboard.type('on');
    await tabTo(page, 'Next: Policy');
    await page.keyboard.press('Enter');

    const chosen = page.getByRole('radio', { name: /^Standard/u });
    await chosen.and(page.locator(':checked')).waitFor();
    await tabTo(page, 'Standard');
    await page.keyboard.press('ArrowUp');
    await page.getByRole('radio', { name: 'Our <b>own</b> (own)' }).and(page.locator(':checked')).waitFor();
    await tabTo(page, 'hold');
    await page.keyboard.type('1800');
    const outlook = page.getByRole('complementary', { name: 'What it comes to' });
    await outlook.getByText('At the least 30 min to 100 %').waitFor();
    await tabTo(page, 'Units per minute');
    await page.keyboard.type('200');
    await tabTo(page, 'Go bad, in percent');
    await page.keyboard.type('1');
    await outlook.getByRole('table', { name: /^Chance that a worse candidate/u }).waitFor();
    await outlook.getByText('30 min', { exact: true }).first().waitFor();

    await page.getByRole('link', { name: 'Review' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'flag/new-cart' }).getByText('defaultServe').first().waitFor();
    await tabTo(page, 'Name');
    await page.keyboard.type('The cart');
    await tabTo(page, 'Next: Copy and create');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'YAML' }).getByText('policy: own').waitFor();
    await page.getByRole('region', { name: 'CLI' }).getByText('--flag new-cart=on').waitFor();
    await page.getByRole('region', { name: 'curl' }).getByText('/api/v1/releases').waitFor();
    await tabTo(page, 'Create and start');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/releases\/[0-9a-f-]{36}\?environment=production$/u);
    const id = /releases\/([0-9a-f-]{36})/u.exec(page.url())?.[1];
    const made = await server.api('GET', `/api/v1/releases/${id}`);
    expect(made.body).toMatchObject({
      name: 'The cart',
      policyKey: 'own',
      policy: { steps: [{ holdSeconds: 1_800 }, {}] },
    });
    expect(faults).toEqual([]);
  });

  it('takes a version of those that were reported, and shows problems where they belong, with all that was typed', async () => {
    const { page, faults } = await openPage(browser, server, `${NEW}&service=checkout`);
    await page.getByRole('button', { name: 'Flag', exact: true }).click();
    await page.getByRole('combobox', { name: 'Flag' }).fill('no-such-flag');
    await page.getByRole('combobox', { name: 'Version' }).selectOption('2.0.0');
    await page.getByText(DIGEST).waitFor();
    await page.getByText('At once, hashing and due date').click();
    await page.getByLabel('Switch').selectOption('on');
    const change = page.getByRole('group', { name: 'Change 2: flag' });
    await change.getByText(/no flag "no-such-flag"/u).waitFor();

    await page.getByRole('link', { name: 'Copy and create' }).click();
    await page.getByRole('button', { name: 'Create and start' }).click();
    await page.getByRole('link', { name: 'Changes: 1 problem' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Changes: 1 problem' }).click();
    await change.getByText(/no flag "no-such-flag"/u).waitFor();
    expect(await page.getByRole('combobox', { name: 'Flag' }).inputValue()).toBe('no-such-flag');
    expect(await page.getByRole('combobox', { name: 'Version' }).inputValue()).toBe('2.0.0');

    await page.getByRole('button', { name: 'Remove change 2' }).click();
    await page.getByRole('link', { name: 'Review' }).click();
    await page.getByLabel('Start').selectOption('draft');
    await page.getByRole('link', { name: 'Copy and create' }).click();
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    await page.waitForURL(/\/releases\/[0-9a-f-]{36}\?/u);
    await page.goto(NEW);
    await page.getByText('Nothing is changed yet.').waitFor();
    expect(faults).toEqual([]);
  });

  it('says why who may only look cannot create', async () => {
    const viewer = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, `${NEW}&step=copy`, { as: viewer });
    const create = page.getByRole('button', { name: 'Create and start' });
    await create.and(page.locator('[aria-disabled="true"]')).waitFor();
    expect(await create.getAttribute('aria-describedby')).not.toBeNull();
  });
});

describe('policies', () => {
  it('are made from a preset, edited over one another, and compared', async () => {
    const { page, faults } = await openPage(browser, server, POLICIES);
    const table = page.getByRole('table', { name: 'Policies and presets' });
    await table.getByRole('link', { name: 'Our <b>own</b>' }).waitFor();
    await page.getByRole('button', { name: 'New policy' }).click();
    await page.getByRole('combobox', { name: 'Begin with' }).selectOption('quick');
    await page.getByLabel('Key').fill('fast');
    await page.getByLabel('Name').fill('Fast');
    await page.getByRole('button', { name: 'Create the policy' }).click();
    await page.waitForURL(/\/policies\/fast\?/u);
    await page.getByRole('table', { name: 'Steps of the policy' }).getByText('500 units', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Document' });
    await editor.fill(JSON.stringify({ ...DOCUMENT, steps: [{ share: 5_000 }, { share: 4_000 }] }, null, 2));
    await page.getByRole('button', { name: 'Save as the next version' }).click();
    const problems = page.getByRole('listitem').filter({ hasText: /^Line 7, column 16: \/steps\/1\/share/u });
    await problems.first().waitFor();
    expect(await problems.count()).toBe(2);
    await write(editor, '# quick\nsteps:\n  - share: 5000\n  - share: 4000\n');
    await page.getByRole('button', { name: 'Save as the next version' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^Line 4, column 5: \/steps\/1\/share/u })
      .first()
      .waitFor();
    await write(editor, 'steps: [\n  share: 5000\n');
    const preview = page.getByRole('region', { name: 'As it reads' });
    await preview.getByText(/^Document cannot be read\. Line 3, column 1: /u).waitFor();
    await write(editor, 'steps:\n  - share: 5000 # one in twenty\n    holdSeconds: 60\n  - share: 100000\n');
    await server.api('PATCH', '/api/v1/projects/shop/policies/fast', { name: 'Faster' }, { 'if-match': '"1"' });
    await page.getByRole('button', { name: 'Save as the next version' }).click();
    const conflict = page.getByRole('dialog', { name: 'Somebody changed this meanwhile' });
    await conflict.getByText('Faster').first().waitFor();
    await conflict.getByRole('button', { name: 'Store mine over it' }).click();
    await page.getByText('version 3').waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByLabel('From version').selectOption('1');
    await page.getByText('Version 1', { exact: true }).waitFor();
    await page.getByText('Version 3', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('tell who uses them, and their power with what is said of the traffic', async () => {
    const release = {
      ...{ project: 'shop', environment: 'production', name: 'Used <i>it</i>', policy: 'own' },
      changes: [{ kind: 'flag', flag: 'new-cart', edit: { on: true } }],
    };
    await server.api('POST', '/api/v1/releases', release);
    const { page } = await openPage(browser, server, `${POLICIES}/own?environment=production&tab=usedBy`);
    await page.getByRole('link', { name: 'Used <i>it</i>' }).waitFor();
    await page.getByRole('tab', { name: 'Plan' }).click();
    await page.getByLabel('Units per minute').fill('300');
    await page.getByLabel('Go bad, in percent').fill('1');
    await page
      .getByRole('table', { name: 'How long each step lasts and what it sees' })
      .getByText('30 / min')
      .waitFor();
  });
});

/** As a person does: over text that is coloured the browser itself would insert colours, which the policy refuses. */
async function write(editor: Locator, text: string): Promise<void> {
  await editor.press('ControlOrMeta+a');
  await editor.press('Delete');
  await editor.page().keyboard.insertText(text);
}
