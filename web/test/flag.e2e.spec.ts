import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { aTelemetryBatch } from '../../server/test/builders/a-telemetry-batch.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';
import { personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
/** Every sign that a key may have. */
const KEY = 'Team/new.cart_v2-x:9';
const PATH = `/projects/shop/flags/${encodeURIComponent(KEY)}`;
const MARKUP = '<img src=x onerror="throw 1"> & <b>cart</b>';

let server: TestServer;
let browser: Browser;

const flags = '/api/v1/projects/shop/flags';
const settingsOf = (key: string, environment: string) =>
  `${flags}/${encodeURIComponent(key)}/environments/${environment}`;
const edit = async (key: string, environment: string, changes: object): Promise<void> => {
  const { status } = await server.api('PATCH', settingsOf(key, environment), changes, { 'if-match': '*' });
  expect(status).toBe(200);
};
const isOn = async (key: string, environment: string): Promise<unknown> => {
  const { body } = (await server.api('GET', settingsOf(key, environment))) as {
    readonly body: { readonly on: unknown };
  };
  return body.on;
};
const create = async (draft: object): Promise<void> => {
  expect((await server.api('POST', flags, draft)).status).toBe(201);
};
const open = (path: string, how: Parameters<typeof openPage>[3] = {}) => openPage(browser, server, path, how);
const dialog = (page: Page) => page.getByRole('dialog');

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const environments = [{ key: 'staging' }, { key: 'production', production: true }];
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments });
  await create({ key: KEY, type: 'boolean', name: MARKUP, owner: 'carts', tags: ['q3'] });
  await create({ key: 'pulled', type: 'boolean' });
  await edit(KEY, 'production', { on: true });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

describe('a new flag', () => {
  it('is made with the keyboard, its mistakes at their fields', async () => {
    const { page, faults } = await open('/projects/shop/flags?environment=production');
    await page.getByRole('button', { name: 'New flag' }).press('Enter');
    await page.waitForURL(/\/flags\/-\/new\?environment=production$/u);
    const submit = page.getByRole('button', { name: 'Make the flag' });
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill('no blanks');
    await page.getByRole('combobox', { name: 'Type of its values' }).selectOption('json');
    const value = page.getByRole('textbox', { name: 'Value of variation 1' });
    await value.fill('{"colour": ');
    await page.getByText(/^This is not JSON/u).waitFor();
    await submit.and(page.locator('[aria-disabled="true"]')).waitFor();
    await value.fill('{"colour": "red"}');
    await submit.press('Enter');
    await page.getByText('letters, digits or any of . _ - / :, and begin').waitFor();
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill('colours/json');
    await page.getByLabel('Tags', { exact: true }).first().fill('q3');
    await page.keyboard.press('Enter');
    await submit.press('Enter');
    await page.waitForURL(/\/flags\/colours%2Fjson\?environment=production$/u);
    await page.getByRole('heading', { level: 1, name: 'colours/json' }).waitFor();
    const made = await server.api('GET', `${flags}/colours%2Fjson`);
    expect(made.body).toMatchObject({
      tags: ['q3'],
      variations: [{ value: { colour: 'red' } }, { key: 'old', value: {} }],
    });
    expect(faults).toEqual([]);
  });
});

describe('the page of a flag', () => {
  it('tells what it is and its state in every environment, whatever its key and name hold', async () => {
    const { page, faults } = await open(`${PATH}?environment=production`);
    await page.getByRole('heading', { level: 1, name: KEY }).waitFor();
    await page.getByText(MARKUP, { exact: true }).waitFor();
    const states = page.getByRole('table', { name: 'The flag in each environment' });
    await states
      .getByRole('row', { name: /^production/u })
      .getByText('on', { exact: true })
      .first()
      .waitFor();
    await states.getByRole('link', { name: 'staging' }).click();
    await page.waitForURL(/\?environment=staging$/u);
    await page.getByRole('button', { name: 'Switch on in staging' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('is killed with one key and the name of the environment', async () => {
    await edit('pulled', 'production', { on: true });
    const { page, faults } = await open('/projects/shop/flags/pulled?environment=production');
    await page.getByRole('heading', { level: 1, name: 'pulled' }).waitFor();
    await page.keyboard.press('k');
    await dialog(page).getByText('Everybody there will be served off').waitFor();
    const verb = dialog(page).getByRole('button', { name: 'Switch off in production' });
    await page.keyboard.type('prod');
    await page.keyboard.press('Enter');
    await verb.and(page.locator('[aria-disabled="true"]')).waitFor();
    expect(await isOn('pulled', 'production')).toBe(true);
    await page.keyboard.type('uction');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Switch on in production' }).waitFor();
    expect(await isOn('pulled', 'production')).toBe(false);
    await page.keyboard.press('k');
    await page.getByText('Off in production already, serving off.').waitFor();
    expect(faults).toEqual([]);
  });

  it('is killed from the list, in any environment', async () => {
    await edit('pulled', 'staging', { on: true });
    const { page } = await open('/projects/shop/flags?environment=production&q=pulled');
    await page.getByRole('button', { name: '+1: staging on' }).click();
    await page.getByRole('menuitem', { name: 'Switch off pulled in staging' }).click();
    await dialog(page).getByRole('textbox', { name: 'Reason' }).fill('too slow');
    await dialog(page).getByRole('button', { name: 'Switch off in staging' }).click();
    await page.getByRole('button', { name: '+1: staging off' }).waitFor();
    expect(await isOn('pulled', 'staging')).toBe(false);
  });

  it('shows a viewer why nothing can be switched', async () => {
    const as = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await open(`${PATH}?environment=production`, { as });
    const button = page.getByRole('button', { name: /^Switch off in production/u });
    await button.and(page.locator('[aria-disabled="true"]')).waitFor();
    await page.keyboard.press('k');
    await dialog(page).getByRole('textbox', { name: 'Type production to confirm' }).fill('production');
    await page.keyboard.press('Enter');
    await dialog(page)
      .getByRole('button', { name: 'Switch off in production' })
      .and(page.locator('[aria-disabled="true"]'))
      .waitFor();
    expect(await isOn(KEY, 'production')).toBe(true);
  });
});

describe('two people at one flag', () => {
  it('lose nothing of what they typed', async () => {
    const { page, faults } = await open(`${PATH}?environment=production&tab=settings`);
    await page.getByRole('button', { name: 'Edit details' }).click();
    await dialog(page).getByRole('textbox', { name: 'Owner' }).fill('mine');
    const url = `${flags}/${encodeURIComponent(KEY)}`;
    await server.api('PATCH', url, { description: 'theirs' }, { 'if-match': '*' });
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    const conflict = page.getByRole('dialog', { name: 'Somebody changed this meanwhile' });
    await conflict.getByRole('textbox', { name: 'Stored now' }).getByText('"description": "theirs"').waitFor();
    await conflict.getByRole('button', { name: 'Go on editing' }).click();
    // It fades; what is pressed in it meanwhile is of no consequence.
    await conflict.waitFor({ state: 'hidden' });
    expect(await dialog(page).getByRole('textbox', { name: 'Owner' }).inputValue()).toBe('mine');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await conflict.getByRole('button', { name: 'Store mine over it' }).click();
    await page.getByText('The details are stored.').waitFor();
    expect((await server.api('GET', url)).body).toMatchObject({ owner: 'mine', description: '' });
    expect(faults).toEqual([]);
  });
});

describe('a variation of a megabyte', () => {
  it('is edited, and comes back whole', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ id: at, name: `Article number ${at}`, price: at / 100 }));
    const variations = [
      { key: 'large', value: { rows } },
      { key: 'small', value: {} },
    ];
    expect(JSON.stringify(variations).length).toBeGreaterThan(1_000_000);
    await create({ key: 'catalogue', type: 'json', variations });
    const { page, faults } = await open('/projects/shop/flags/catalogue?environment=production&tab=variations');
    const table = page.getByRole('table', { name: 'Variations of the flag' });
    await table
      .getByRole('row', { name: /^large/u })
      .getByText(/^1\.\d MB$/u)
      .waitFor();
    await page.getByRole('button', { name: 'Edit variations' }).click();
    const large = page.getByRole('textbox', { name: 'Value of variation 1' });
    await large.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('"season": "q3",');
    await page.getByRole('textbox', { name: 'Key of variation 2' }).fill('none');
    await page.getByRole('button', { name: 'Save' }).click();
    await table.getByRole('row', { name: /^none/u }).waitFor();
    const { body } = (await server.api('GET', `${flags}/catalogue`)) as {
      readonly body: { readonly variations: unknown };
    };
    expect(body.variations).toEqual([
      { key: 'large', value: { season: 'q3', rows } },
      { key: 'none', value: {} },
    ]);
    expect(faults).toEqual([]);
  });
});

describe('revisions', () => {
  it('show what changed side by side, and are gone back to', async () => {
    await create({ key: 'undone', type: 'boolean' });
    await edit('undone', 'staging', { on: true });
    await edit('undone', 'staging', { offVariation: null });
    const { page, faults } = await open('/projects/shop/flags/undone?environment=staging&tab=revisions');
    const list = page.getByRole('list', { name: 'Revisions of the flag’s settings here, the newest first' });
    await list.getByRole('listitem').nth(1).waitFor();
    expect(await list.getByRole('listitem').count()).toBe(2);
    await page.getByRole('textbox', { name: 'Before' }).getByText('"offVariation": "off"').waitFor();
    await page.getByRole('textbox', { name: 'Version 2' }).getByText('"offVariation": null').waitFor();
    const back = page.getByRole('button', { name: 'Go back to this' });
    await back.and(page.locator('[aria-disabled="true"]')).waitFor();
    await list.getByRole('button', { name: 'Version 1' }).click();
    await page.getByText('Going back to it').click();
    await page.waitForURL(/revision=\d+&compare=undo$/u);
    await page.getByRole('textbox', { name: 'Now: version 2' }).getByText('"offVariation": null').waitFor();
    await back.click();
    await dialog(page).getByRole('button', { name: 'Go back in staging' }).click();
    await list.getByText('Version 3').waitFor();
    const undone = await server.api('GET', settingsOf('undone', 'staging'));
    expect(undone.body).toMatchObject({ on: true, offVariation: 'off', version: 3 });
    expect(faults).toEqual([]);
  });
});

describe('what a release holds', () => {
  it('is taken from it by an edit, for a reason', async () => {
    await create({ key: 'held', type: 'boolean' });
    await edit('held', 'production', { on: true, defaultServe: { variation: 'off' } });
    const document = { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] };
    await server.api('POST', '/api/v1/projects/shop/policies', { key: 'slow', name: 'Slow', document });
    const changes = [{ kind: 'flag', flag: 'held', ramp: { variation: 'on' } }];
    const place = { project: 'shop', environment: 'production' };
    const begun = await server.api('POST', '/api/v1/releases', { ...place, changes, policy: 'slow', start: true });
    expect(begun.status).toBe(201);
    const { page, faults } = await open('/projects/shop/flags/held?environment=production');
    const locked = page.getByRole('alert', { name: 'These settings cannot be edited now.' });
    await locked.getByText(/is ramping this flag and is at 10 %/u).waitFor();
    await locked.getByRole('button', { name: 'Edit all the same…' }).click();
    await page.getByRole('combobox', { name: 'Off variation' }).selectOption('on');
    await page.getByText('Say first why the release is to give way.').waitFor();
    await page
      .getByRole('alert', { name: 'What you store ends the release' })
      .getByRole('textbox', { name: 'Why the release is to give way' })
      .fill('An outage');
    await page.getByRole('button', { name: 'Review' }).click();
    await dialog(page).getByRole('button', { name: 'Save in production' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect((await server.api('GET', settingsOf('held', 'production'))).body).toMatchObject({ offVariation: 'on' });
    const { id } = begun.body as { readonly id: string };
    const release = await server.api('GET', `/api/v1/releases/${id}`);
    expect(release.body).toMatchObject({ status: 'aborted' });
    expect(JSON.stringify(release.body)).toContain('An outage');
    expect(faults).toEqual([]);
  });
});

describe('usage', () => {
  it('is drawn by variation from what services report', async () => {
    const draft = { kind: 'server', name: 'sdk', project: 'shop', environment: 'production' };
    const { secret } = (await server.api('POST', '/api/v1/tokens', draft)).body as { readonly secret: string };
    const { page, faults } = await open(`${PATH}?environment=production&tab=usage`);
    await page.getByRole('heading', { name: 'No service asked for this flag in production yet' }).waitFor();
    const lastAt = new Date().toISOString();
    const evaluations = [
      { flag: KEY, variation: 'on', count: 1_500, lastAt },
      { flag: KEY, variation: null, count: 500, lastAt },
    ];
    const { status } = await server.as(secret)('POST', '/sdk/v1/telemetry', aTelemetryBatch({ evaluations }));
    expect(status).toBe(202);
    await page.reload();
    const sums = page.getByRole('table', { name: 'Evaluations by variation since the first report' });
    await sums.getByRole('row', { name: /^on 1,500 75 %/u }).waitFor();
    await sums.getByRole('row', { name: /^the caller’s default 500 25 %/u }).waitFor();
    await page.getByRole('img', { name: `Evaluations of ${KEY} in production over 24 hours, by variation` }).waitFor();
    await page.getByText('Show the numbers').click();
    await page.getByRole('cell', { name: '1,500' }).first().waitFor();
    expect(faults).toEqual([]);
  });
});

describe('the end of a flag', () => {
  it('is a date, and then its removal once its key was typed', async () => {
    await create({ key: 'ended', type: 'boolean' });
    const { page, faults } = await open('/projects/shop/flags/ended?environment=production&tab=settings');
    await page.getByRole('button', { name: 'Set a date' }).click();
    await dialog(page).getByLabel('Due').fill('2026-01-31');
    // Somebody else's edit reaches the page before the date is given, but not who reads the dialog.
    const theirs = { owner: 'somebody-else', dueAt: '2999-01-31T00:00:00Z' };
    expect((await server.api('PATCH', `${flags}/ended`, theirs, { 'if-match': '*' })).status).toBe(200);
    await page.getByText('somebody-else').first().waitFor();
    await dialog(page).getByRole('button', { name: 'Set a date' }).click();
    const conflict = page.getByRole('dialog', { name: 'Somebody changed this meanwhile' });
    await conflict.getByRole('textbox', { name: 'Stored now' }).getByText('"dueAt": "2999-01-31"').waitFor();
    await conflict.getByRole('button', { name: 'Store mine over it' }).click();
    await page.getByText('overdue', { exact: true }).waitFor();
    const stored = await server.api('GET', `${flags}/ended`);
    expect(stored.body).toMatchObject({ owner: 'somebody-else', dueAt: expect.stringMatching(/^2026-01-31T/u) });
    await page.getByRole('button', { name: 'Remove the flag' }).click();
    await dialog(page).getByRole('textbox', { name: 'Type ended to confirm' }).fill('ended');
    await dialog(page).getByRole('button', { name: 'Remove the flag' }).click();
    await page.waitForURL(/\/flags\?environment=production$/u);
    await page.getByRole('link', { name: 'pulled' }).waitFor();
    expect(await page.getByRole('link', { name: 'ended' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
