import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ReleaseView } from '../../server/src/releases/release-view.js';
import { bodyOf, ReleasesWorld } from '../../server/test/e2e/releases-world.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { firstPersonOf, type Person, personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const NAME = 'Cart <b>v2</b>';
const PLACE = '?environment=production';
const PHONE = { width: 390, height: 800 };
/** Goes by itself from 10 % to 50 %, and stays there. */
const RAMP = {
  steps: [
    { share: 10_000, holdSeconds: 1 },
    { share: 50_000, holdSeconds: 3_600 },
    { share: 100_000, holdSeconds: 60 },
  ],
  metrics: [{ kind: 'failures', name: 'failures', count: 'units' }],
};
/** Stays at its first step whatever happens. */
const LONG = { ...RAMP, steps: [{ share: 25_000, holdSeconds: 3_600 }, { share: 100_000 }] };
const ASKING = { ...RAMP, approvalsToStart: 1 };

let server: TestServer;
let browser: Browser;
let world: ReleasesWorld;
let ramping: ReleaseView;
let waiting: ReleaseView;
let viewer: Person;

const pathOf = ({ id }: ReleaseView): string => `/projects/shop/releases/${id}${PLACE}`;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({ SLUICE_TICK_SECONDS: '0.2' }), launchBrowser()]);
  world = await ReleasesWorld.furnish(server);
  const ramp = await world.policy(RAMP);
  const asking = await world.policy(ASKING);
  ramping = bodyOf(await world.release(await world.flag(), ramp, { name: NAME, start: false }));
  waiting = bodyOf(await world.release(await world.flag(), asking, { name: 'New search', start: false }));
  await world.release(await world.flag(), await world.policy(LONG), { name: 'Slow prices' });
  await firstPersonOf(server);
  viewer = await personOf(server, 'viewer', { project: 'shop' });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

const sentence = (page: Page) => page.getByRole('status');
const act = (page: Page, name: string) =>
  page.getByRole('group', { name: 'What can be done' }).getByRole('button', { name });

describe('the page of a release', () => {
  it('shows it ramp, and pauses, resumes and rolls it back', async () => {
    const { page, faults } = await openPage(browser, server, pathOf(ramping));
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    await sentence(page).getByText('Draft: waits to be started.').waitFor();

    await world.command(ramping.id, 'start');
    await sentence(page)
      .getByText(/^10 % since/u)
      .waitFor();
    const flag = (await world.read(ramping.id)).changes.flatMap((each) => (each.kind === 'flag' ? [each.flag] : []));
    await world.report(await world.read(ramping.id), `flag/${flag[0]}`, {
      stable: { units: 900, bad: 9 },
      candidate: { units: 100, bad: 2 },
    });
    await sentence(page)
      .getByText(/^50 % since/u)
      .waitFor();
    await page.getByRole('listitem').and(page.locator('[aria-current="step"]')).getByText('Step 2: 50 %').waitFor();
    await page.getByRole('tab', { name: 'Attempts' }).click();
    // The server's moments are told as all others of the page.
    await page.getByText(/^Step 2 is watched until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d /u).waitFor();
    const tile = page.getByRole('article', { name: `failures, flag/${flag[0]}` });
    await tile.getByText('2 of 100').waitFor();
    await tile.getByText('95 % between').waitFor();
    await page.getByText('1 of 1 instances serve it').waitFor();
    await page.getByRole('img', { name: /^Evidence that the candidate does harm: failures/u }).waitFor();

    await act(page, 'Pause').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`Pause ${NAME} in production?`).waitFor();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('A look at <i>the logs</i>');
    await dialog.getByRole('button', { name: 'Pause in production' }).click();
    await sentence(page)
      .getByText(/holding: paused by First Person: A look at <i>the logs<\/i>/u)
      .waitFor();

    await act(page, 'Resume').click();
    await dialog.getByRole('button', { name: 'Resume in production' }).click();
    await act(page, 'Pause').waitFor();

    await act(page, 'Roll back').click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Baskets are empty');
    await dialog.getByRole('button', { name: 'Roll back in production' }).click();
    await sentence(page)
      .getByText(/^Rolled back .* Baskets are empty\.$/u)
      .waitFor();
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page
      .getByRole('table', { name: 'Audit of this release' })
      .getByRole('row', { name: 'release.held First Person' })
      .waitFor();
    expect(faults).toEqual([]);
  });

  it('tells a viewer why there is nothing to press', async () => {
    const { page } = await openPage(browser, server, pathOf(waiting), { as: viewer });
    const start = act(page, 'Approve');
    await start.waitFor();
    expect(await start.getAttribute('aria-disabled')).toBe('true');
    await start.focus();
    await page
      .getByRole('tooltip')
      .getByText(/approver/u)
      .waitFor();
  });
});

describe('the list of releases', () => {
  it('is filtered by its address, which can be kept under a name', async () => {
    const { page, faults } = await openPage(browser, server, `/projects/shop/releases${PLACE}`);
    const table = page.getByRole('table', { name: 'Releases' });
    await table.getByRole('link', { name: 'New search' }).waitFor();
    await page.getByText('Needs attention').click();
    await page.waitForURL(/show=attention/u);
    await table.getByRole('link', { name: NAME }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('Mine');
    await page.keyboard.press('Enter');
    await page.getByText('All', { exact: true }).click();
    await table.getByRole('link', { name: NAME }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Mine' }).click();
    await page.waitForURL(/show=attention/u);
    await table.getByRole('link', { name: NAME }).waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('moves no row away under the pointer', async () => {
    const { page } = await openPage(browser, server, `/projects/shop/releases${PLACE}&sort=name&q=prices`);
    const links = page.getByRole('table', { name: 'Releases' }).getByRole('link');
    await links.first().hover();
    await world.release(await world.flag(), await world.policy(LONG), { name: 'Another of prices', start: false });
    await links.filter({ hasText: 'Another of prices' }).waitFor();
    expect(await links.allTextContents()).toEqual(['Slow prices', 'Another of prices']);
    await page.getByRole('heading', { level: 1 }).hover();
    await page.getByRole('row').nth(1).getByText('Another of prices').waitFor();
    expect(await links.allTextContents()).toEqual(['Another of prices', 'Slow prices']);
  });

  it('is taken elsewhere as CSV: all that is listed, or what is chosen', async () => {
    const { page, context, faults } = await openPage(browser, server, `/projects/shop/releases${PLACE}`);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const row = page.getByRole('table', { name: 'Releases' }).getByRole('row').filter({ hasText: 'New search' });
    await row.focus();
    await page.keyboard.press('Space');
    await page.getByText('1 selected').waitFor();
    expect(await row.getByRole('checkbox', { name: 'Select New search' }).isChecked()).toBe(true);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('releases-shop.csv');
    const lines = (await text(await download.createReadStream())).split('\r\n');
    expect(lines).toEqual([
      expect.stringMatching(/^id,name,environment,status,/u),
      expect.stringMatching(new RegExp(`^${waiting.id},New search,production,draft,`, 'u')),
      '',
    ]);
    await row.getByRole('checkbox', { name: 'Select New search' }).uncheck();
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(`${ramping.id},${NAME},production,`);
    expect(faults).toEqual([]);
  });
});

describe('the overview', () => {
  it('is opened first, and gone through by keyboard', async () => {
    const { page, faults } = await openPage(browser, server, '/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('list', { name: 'What needs attention' }).getByRole('link', { name: 'New search' }).waitFor();
    const flight = page.getByRole('list', { name: 'Releases under way' }).getByRole('article');
    await flight.filter({ hasText: 'Slow prices' }).getByText('25 % asked').waitFor();
    await flight.filter({ hasText: 'Slow prices' }).getByText('step 1 of 2').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'New search' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('and its releases have no serious fault of accessibility', async () => {
    const { page } = await openPage(browser, server, `/projects/shop/overview${PLACE}`);
    await page.getByRole('list', { name: 'What needs attention' }).waitFor();
    const findings = [await findingsInBothThemes(page)];
    await page.goto(`/projects/shop/releases${PLACE}`);
    await page.getByRole('link', { name: 'New search' }).waitFor();
    findings.push(await findingsInBothThemes(page));
    await page.goto(pathOf(ramping));
    await page.getByRole('img', { name: /^Evidence/u }).waitFor();
    findings.push(await findingsInBothThemes(page));
    expect(findings).toEqual([[], [], []]);
  });

  it('lets an approver approve on a telephone', async () => {
    const approver = await personOf(server, 'approver', { project: 'shop' });
    const { page, faults } = await openPage(browser, server, '/', { as: approver, viewport: PHONE });
    await page.getByRole('button', { name: 'Approve New search' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await page.getByRole('link', { name: 'New search' }).click();
    await act(page, 'Approve').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await act(page, 'Approve').click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('Seen');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve in production' }).click();
    await sentence(page).getByText('Draft: waits to be started.').waitFor();
    await page.getByRole('region', { name: 'Approvals' }).getByText('The approver').waitFor();
    expect(faults).toEqual([]);
  });
});

describe('several projects', () => {
  it('are listed by what needs somebody, each with what presses most', async () => {
    await server.api('POST', '/api/v1/projects', { key: 'archive', environments: [{ key: 'production' }] });
    await world.release(await world.flag(), await world.policy(ASKING), { name: 'New prices', start: false });
    const { page, faults } = await openPage(browser, server, '/');
    const rows = page.getByRole('table', { name: 'Projects, those that need somebody first' }).getByRole('row');
    await rows.nth(1).getByRole('link', { name: 'shop' }).waitFor();
    await rows
      .nth(1)
      .getByText(/^New prices in production: /u)
      .waitFor();
    await rows.nth(2).getByText('nothing', { exact: true }).waitFor();
    await rows.nth(2).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\/archive\/overview/u);
    expect(faults).toEqual([]);
  });
});

describe('a project whose flags are overdue', () => {
  it('shows what is in flight without a scroll, and lists them on demand', async () => {
    await server.api('POST', '/api/v1/projects', { key: 'debts', environments: [{ key: 'production' }] });
    const dueAt = '2026-01-31T00:00:00Z';
    const keys = Array.from({ length: 14 }, (_none, at) => `old-${at}`);
    await Promise.all(
      keys.map((key) => server.api('POST', '/api/v1/projects/debts/flags', { key, type: 'boolean', dueAt })),
    );
    const { page, faults } = await openPage(browser, server, '/projects/debts/overview');
    const all = page.getByRole('link', { name: '14 flags are overdue' });
    await all.waitFor();
    const { y = Infinity } = (await page.getByRole('heading', { name: 'In flight' }).boundingBox()) ?? {};
    expect(y).toBeLessThan(400);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\/debts\/flags\?.*stage=overdue/u);
    await page.getByRole('link', { name: 'old-13' }).waitFor();
    expect(faults).toEqual([]);
  });
});
