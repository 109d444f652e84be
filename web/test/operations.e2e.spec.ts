import { createClient, type SluiceClient } from '@sluice/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { answer, WebhookReceiver } from '../../server/test/clients/webhook-receiver.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes, seriousFindings } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { firstPersonOf, personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const BASE = '/api/v1/projects/shop';
const AT = '/projects/shop';
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** What these tests look at of what they made. */
interface Made {
  readonly id: string;
  readonly secret: string;
}

let server: TestServer;
let browser: Browser;
let receiver: WebhookReceiver;
let sdk: SluiceClient;
let webhook: string;

beforeAll(async () => {
  [server, browser, receiver] = await Promise.all([startTestServer(), launchBrowser(), WebhookReceiver.listen()]);
  await firstPersonOf(server);
  const environments = [{ key: 'staging' }, { key: 'production', production: true }];
  await made('/api/v1/projects', { key: 'shop', name: 'Shop <b>one</b>', environments });
  for (const key of ['cart', 'search', 'tax']) await made(`${BASE}/flags`, { key, type: 'boolean' });
  await set('cart', 'staging', true);
  await set('search', 'staging', true);
  await set('search', 'production', false);
  receiver.play('/refuses', answer(503));
  webhook = (await made(`${BASE}/webhooks`, { url: receiver.url('/hook'), types: ['dev.cdevents.*'] })).id;
  const token = { kind: 'server', name: 'shop', project: 'shop', environment: 'production' };
  const { secret } = await made('/api/v1/tokens', token);
  sdk = await createClient({ url: server.url, token: secret, cacheDir: false, instanceName: 'checkout-<i>1</i>' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await sdk.close();
  await browser.close();
  await server.close();
  await receiver.close();
}, START_TIMEOUT_MS);

async function made(path: string, body: object): Promise<Made> {
  const said = await server.api('POST', path, body);
  if (said.status !== 201) throw new Error(`${said.status} ${JSON.stringify(said.body)}`);
  return said.body as Made;
}

async function set(flag: string, environment: string, on: boolean): Promise<void> {
  const path = `${BASE}/flags/${flag}/environments/${environment}`;
  const said = await server.api('PATCH', path, { on, defaultServe: { variation: 'on' } }, { 'if-match': '*' });
  if (said.status !== 200) throw new Error(`${said.status} ${JSON.stringify(said.body)}`);
}

describe('environments', () => {
  it('are compared flag by flag, and what is selected is promoted for a reason', async () => {
    const { page, faults } = await openPage(browser, server, `${AT}/environments`);
    const all = page.getByRole('table', { name: 'Environments of the project' });
    await all.getByRole('row', { name: 'production' }).getByText('production', { exact: true }).first().waitFor();
    const table = page.getByRole('table', { name: 'Flags in staging and production' });
    await table.getByRole('row', { name: 'cart' }).getByText('missing in production').waitFor();
    await table.getByRole('row', { name: 'search' }).getByText('on or off').waitFor();
    await table.getByRole('row', { name: 'tax' }).getByText('same').waitFor();
    expect(await table.getByRole('checkbox', { name: 'Select tax' }).isDisabled()).toBe(true);

    await table.getByRole('button', { name: 'Show what differs in search' }).click();
    const diff = page.getByRole('region', { name: 'What promoting search would change' });
    await diff.getByText('"on": false').waitFor();
    await diff.getByText('"on": true').waitFor();
    await page.waitForURL(/flag=search/u);

    await page
      .getByRole('button', { name: 'Promote to production…' })
      .and(page.locator('[aria-disabled="true"]'))
      .waitFor();
    await page.getByRole('button', { name: 'Select all that differ' }).click();
    await table.getByRole('checkbox', { name: 'Select cart' }).uncheck();
    await page.getByRole('button', { name: 'Promote 1 flag to production…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Promote 1 flag from staging to production?' });
    await dialog.getByLabel('Reason').fill('seen to work');
    const give = dialog.getByRole('button', { name: 'Promote to production' });
    expect(await give.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel('Type production to confirm').fill('production');
    await give.click();
    await dialog.waitFor({ state: 'hidden' });
    await table.getByRole('row', { name: 'search' }).getByText('same').waitFor();
    const stored = await server.api('GET', `${BASE}/flags/search/environments/production`);
    expect(stored.body).toMatchObject({ on: true });
    const audit = await server.api('GET', '/api/v1/audit?action=environment.promoted');
    const { items } = audit.body as { readonly items: readonly { readonly after: unknown }[] };
    expect(items[0]?.after).toMatchObject({ from: 'staging', flags: ['search'], reason: 'seen to work' });
    expect(faults).toEqual([]);
  });

  it('are renamed, and are of production no more only once their key was typed', async () => {
    const { page, faults } = await openPage(browser, server, `${AT}/environments`);
    const edit = page.getByRole('button', { name: 'Edit staging' });
    const dialog = page.getByRole('dialog', { name: 'Edit staging' });
    const row = page.getByRole('table', { name: 'Environments of the project' }).getByRole('row', { name: 'staging' });
    await edit.click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Rehearsal');
    await dialog.getByRole('checkbox', { name: 'Of production' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('Rehearsal').waitFor();
    await row.getByText('production', { exact: true }).waitFor();
    await edit.click();
    await dialog.getByRole('checkbox', { name: 'Of production' }).uncheck();
    await dialog.getByRole('button', { name: 'Save' }).and(page.locator('[aria-disabled="true"]')).waitFor();
    await dialog.getByLabel('Type staging to confirm').fill('staging');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('not production').waitFor();
    expect(faults).toEqual([]);
  });

  it('say why somebody may not promote', async () => {
    const viewer = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, `${AT}/environments`, { as: viewer });
    const promote = page.getByRole('button', { name: /^Promote/u });
    await page.getByRole('checkbox', { name: 'Select cart' }).check();
    await promote.and(page.locator('[aria-disabled="true"]')).waitFor();
    await promote.hover();
    await page.getByRole('tooltip').getByText('editor').waitFor();
  });

  it('say so too to who may change flags where they are promoted to, but not where they come from', async () => {
    const editor = await personOf(server, 'editor', { project: 'shop', environment: 'production' });
    const roles = `/api/v1/people/${encodeURIComponent(editor.email)}/roles`;
    expect((await server.api('POST', roles, { role: 'viewer', project: 'shop' })).status).toBe(200);
    const { page } = await openPage(browser, server, `${AT}/environments`, { as: editor });
    await page.getByRole('checkbox', { name: 'Select cart' }).check();
    const promote = page.getByRole('button', { name: 'Promote 1 flag to production…' });
    await promote.and(page.locator('[aria-disabled="true"]')).hover();
    await page
      .getByRole('tooltip')
      .getByText(/^In staging: You may do this in another/u)
      .waitFor();
  });
});

describe('the theme', () => {
  it.each([
    ['light', 'Dark', 'dark'],
    ['dark', 'Light', 'light'],
  ] as const)('of a system that is %s gives way to the one that was chosen: %s', async (colorScheme, choice, worn) => {
    const { page } = await openPage(browser, server, `${AT}/environments`, { colorScheme });
    await page.getByRole('table', { name: 'Flags in staging and production' }).waitFor();
    await page.getByRole('button', { name: 'You and this page' }).click();
    await page.getByRole('menuitemradio', { name: choice }).click();
    await page.locator(`html[data-mantine-color-scheme="${worn}"]`).waitFor({ state: 'attached' });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe(worn);
    expect(await seriousFindings(page, ['color-contrast'])).toEqual([]);
  });
});

describe('the audit log', () => {
  it('says in the URL what is looked for, and shows what an entry changed', async () => {
    const { page, faults } = await openPage(browser, server, `${AT}/audit`);
    await page.getByText(/chain verified: \d+ entries/u).waitFor();
    await page.getByRole('searchbox', { name: 'Subject, such as flag/new-cart' }).fill('flag/cart');
    await page.waitForURL(/subject=flag%2Fcart/u);
    await page.getByRole('searchbox', { name: 'Action, such as flag.settings' }).fill('flag.settings');
    await page.waitForURL(/action=flag.settings/u);
    const table = page.getByRole('table', { name: 'What was done, the newest first' });
    const entries = table.getByRole('button', { name: /^Show/u });
    await entries.nth(1).waitFor({ state: 'detached' });
    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Entry \d+/u });
    await dialog.getByText('"on": true').waitFor();
    await page.waitForURL(/entry=\d+/u);
    expect(await seriousFindings(page)).toEqual([]);
    await page.reload();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('entry'));
    await page.getByLabel('From').fill('2999-01-01T00:00');
    await page.getByText('Nothing of that kind is on record').waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toMatch(/Z$/u);
    expect(faults).toEqual([]);
  });
});

describe('webhooks', () => {
  it('are made, tested, edited, given another secret and deleted', async () => {
    const { page, faults } = await openPage(browser, server, `${AT}/webhooks`);
    await page.getByRole('button', { name: 'New webhook…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('URL').fill('not a url');
    await page.keyboard.press('Enter');
    await dialog.getByText('must be a URL').waitFor();
    await dialog.getByLabel('URL').fill(receiver.url('/refuses'));
    await dialog.getByLabel('Description').fill('<i>for</i> nobody');
    await dialog.getByLabel('Types of events').fill('dev.sluice.release.*');
    await dialog.getByRole('button', { name: 'Create' }).click();
    expect(await dialog.getByLabel('Signing secret').textContent()).toMatch(/^whsec_/u);
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('row', { name: '<i>for</i> nobody' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('it answered 503').waitFor();
    await page.getByRole('button', { name: 'Edit…' }).click();
    await dialog.getByRole('checkbox', { name: 'On' }).uncheck();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('main').getByText('off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Rotate the secret…' }).click();
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    await dialog.getByLabel('Signing secret').waitFor();
    await dialog.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('Old secret signs until').waitFor();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/webhooks\?environment=production$/u);
    await page.getByText('<i>for</i> nobody').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('show what became of each event, and send one again', async () => {
    const { page } = await openPage(browser, server, `${AT}/webhooks/${webhook}`);
    await made(`${BASE}/deployments`, { service: 'checkout', environment: 'staging', version: 'v1', digest: DIGEST });
    const table = page.getByRole('table', { name: 'Deliveries of the webhook' });
    await table.getByText('delivered').first().waitFor();
    const before = receiver.at('/hook').length;
    await table
      .getByRole('button', { name: /^Send again/u })
      .first()
      .click();
    await page.getByText(/^Event \d+ is sent again/u).waitFor();
    await arrivals(before + 1);
  });
});

/** Until the receiver has been called so often: the test's own time limits it. */
async function arrivals(count: number): Promise<void> {
  while (receiver.at('/hook').length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the system', () => {
  it('shows who has the newest revision, and how the server is', async () => {
    const { page, faults } = await openPage(browser, server, '/system');
    const table = page.getByRole('table', { name: 'SDKs of Shop <b>one</b>' });
    await table.getByRole('row', { name: 'production' }).getByText('all are current').waitFor();
    await table.getByRole('button', { name: 'Show the instances in production' }).click();
    await page.getByRole('row', { name: 'checkout-<i>1</i>' }).getByText('current').waitFor();
    await page.waitForURL(/in=production/u);
    await page.getByRole('table', { name: 'Queues of jobs' }).getByRole('row').nth(1).waitFor();
    await page.getByText(/embedded/u).waitFor();
    await page.getByText(/median .* ms/u).waitFor();
    expect(faults).toEqual([]);
  });

  it('is for admins of the instance; others are told so, and see what is theirs', async () => {
    const viewer = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, '/system', { as: viewer });
    await page.getByRole('row', { name: 'production' }).waitFor();
    await page.getByRole('main').getByText('admin').waitFor();
  });
});

it('has no serious fault of accessibility', async () => {
  const { page } = await openPage(browser, server, `${AT}/environments`);
  await page.getByRole('table', { name: 'Flags in staging and production' }).waitFor();
  expect(await findingsInBothThemes(page)).toEqual([]);
  for (const [path, shown] of [
    [`${AT}/audit`, page.getByText(/chain verified/u)],
    [`${AT}/webhooks`, page.getByRole('table')],
    [`${AT}/webhooks/${webhook}`, page.getByRole('heading', { name: 'Deliveries' })],
    ['/system', page.getByRole('table', { name: 'Queues of jobs' })],
  ] as const) {
    await page.goto(path);
    await shown.waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
  }
});
