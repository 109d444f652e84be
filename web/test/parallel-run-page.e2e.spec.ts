import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@sluice/sdk';
import type { Browser, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const BASE = '/api/v1/projects/shop';
const ENVIRONMENT = 'production';

let server: TestServer;
let browser: Browser;

/** Runs by what a real service's new code does: wrong in a quarter of the calls, right, not called often enough. */
beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const environments = [{ key: ENVIRONMENT, production: true }];
  await ok('POST', '/api/v1/projects', { key: 'shop', environments });
  await aRun('price-v2', 'New <b>pricing</b>');
  await aRun('tax', 'Tax tables');
  await aRun('cart', 'Another cart');
  await aRun('idle', 'Nobody calls it');
  const issued = { kind: 'server', name: 'shop', project: 'shop', environment: ENVIRONMENT };
  const { secret } = await ok<{ readonly secret: string }>('POST', '/api/v1/tokens', issued);
  const sluice = await createClient({
    ...{ url: server.url, token: secret, cacheDir: false, telemetryIntervalMs: 60_000 },
    service: { key: 'shop', version: 'v2' },
  });
  const price = (run: string, count: number, candidate: (i: number) => number): void => {
    for (let i = 1; i <= count; i += 1) {
      sluice.parallelRun(run, {
        ...{ control: () => ({ price: i }), candidate: () => ({ price: candidate(i) }), input: i },
        ...{ stratum: i % 2 === 0 ? 'even' : 'odd', controlVersion: 'v1', context: { targetingKey: `user-${i}` } },
      });
    }
  };
  price('price-v2', 400, (i) => (i % 4 === 0 ? i + 0.25 : i));
  price('tax', 600, (i) => i);
  price('cart', 100, (i) => i);
  await sluice.close();
  await Promise.all([
    until('price-v2', ({ assessment }) => assessment.finding === 'refuted'),
    until('tax', ({ certificate }) => certificate !== null),
    until('cart', ({ assessment }) => assessment.equivalence.n === 100),
  ]);
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

async function ok<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await server.api(method, path, body, { 'if-match': '*' });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as T; // what the API's contract says; callers name the type
}
const at = (run: string) => `${BASE}/environments/${ENVIRONMENT}/parallel-runs/${run}`;

async function aRun(key: string, name: string): Promise<void> {
  await ok('POST', `${BASE}/parallel-runs`, { key, name, owner: 'checkout' });
  await ok('PATCH', at(key), {
    demand: { tolerance: 0.01, latencyMargin: null, strata: [{ stratum: 'even', minimum: 60 }] },
    runner: { budget: { addedMs: 60_000, loopDelayMs: 60_000 }, rawPaths: ['$.price'] },
  });
  if (key !== 'idle') await ok('PUT', `${at(key)}/share`, { share: 100_000 });
}

interface Candidate {
  readonly assessment: { readonly finding: string; readonly equivalence: { readonly n: number } };
  readonly certificate: object | null;
}
async function until(run: string, isSo: (candidate: Candidate) => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const { candidates } = await ok<{ readonly candidates: readonly Candidate[] }>('GET', at(run));
    if (candidates[0] !== undefined && isSo(candidates[0])) return;
    await later(50);
  }
  throw new Error(`It never came to be with ${run}.`);
}

const pathOf = (run: string, tab = '') =>
  `/projects/shop/parallel-runs/${run}?environment=${ENVIRONMENT}${tab === '' ? '' : `&tab=${tab}`}`;
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).locator('..');

describe('the page of a parallel run', () => {
  it('shows what differs, side by side, and lets it pass by a rule whose price it tells', async () => {
    const { page, faults } = await openPage(browser, server, pathOf('price-v2'));
    await heading(page).getByText('New <b>pricing</b>').waitFor();
    await heading(page).getByText('refuted', { exact: true }).waitFor();
    await page.getByText('100 of 400 distinct inputs came out unequal.').waitFor();
    await page.getByRole('img', { name: /true rate between .* tolerated: 1 %; .*never run twice/u }).waitFor();

    // By keyboard: to the mismatches, into the table, open the worst.
    await page.getByRole('tab', { name: 'Evidence' }).focus();
    await page.keyboard.press('ArrowRight');
    const faultsTable = page.getByRole('table', { name: /^Faults/u });
    await faultsTable.getByRole('row').nth(1).focus();
    await page.keyboard.press('Enter');
    const mismatch = page.getByRole('region', { name: 'The mismatch' });
    const [old, fresh] = [mismatch.getByLabel('Old code'), mismatch.getByLabel('New code')];
    await fresh.getByText(/"\$\.price": \d+\.25/u).waitFor();
    expect(await old.textContent()).toMatch(/"\$\.price": \d+\D*$/u);
    expect(page.url()).toMatch(/tab=mismatches&signature=/u);

    await mismatch.getByRole('button', { name: 'Add a rule for this…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a rule' });
    expect(await dialog.getByLabel('Absolute difference').inputValue()).toBe('0.25');
    await dialog.getByText('It would hide 100 of the 100 mismatches found so far.').waitFor();
    await dialog.getByLabel('Absolute difference').fill('0.1');
    await dialog.getByText(/It would hide 0 of the 100/u).waitFor();
    await dialog.getByLabel('Absolute difference').fill('0.25');
    await dialog.getByRole('button', { name: 'Add the rule' }).click();
    await dialog.getByText('must not be empty').first().waitFor();
    await dialog.getByLabel('Why the difference does not matter').fill('Rounds <i>up</i>.');
    await dialog.getByRole('button', { name: 'Add the rule' }).click();
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('tab', { name: 'Rules' }).click();
    const rules = page.getByRole('table', { name: 'What does not count as a difference' });
    await rules.getByRole('row', { name: /\$\.price .*absolute 0\.25 .*Rounds <i>up<\/i>\. checkout/u }).waitFor();
    // The finding was of another demand.
    await page.getByText('Not known: nothing was compared here yet').waitFor();
    await rules.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the rule' }).click();
    await page.getByRole('heading', { name: 'No rules' }).waitFor();
    await page.getByRole('tab', { name: 'Certificates' }).click();
    await page.getByText('refuted, void').waitFor();
    expect(faults).toEqual([]);
  });

  it('tells apart what is certified, what is not known yet, and what nobody has called', async () => {
    const { page } = await openPage(browser, server, pathOf('tax'));
    await heading(page).getByText('certified', { exact: true }).waitFor();
    await page.getByText('Nothing: all that is demanded is kept.').waitFor();
    await page.getByRole('meter', { name: /^Evidence that it is equivalent: .*reached$/u }).waitFor();
    await page.getByRole('tab', { name: 'Certificates' }).click();
    const found = page.getByRole('table', { name: /^All that was ever found/u }).getByRole('row', { name: /v1 → v2/u });
    expect(await found.getByRole('link', { name: /^Download/u }).getAttribute('download')).toMatch(/\.json$/u);

    await page.goto(pathOf('cart'));
    await heading(page).getByText('undecided', { exact: true }).waitFor();
    await page.getByText(/^\d+ more inputs, all equal, would be enough\.$/u).waitFor();
    const strata = page.getByRole('table', { name: /^Kinds of input/u });
    await strata.getByRole('row', { name: /even too few yet 50 of 60/u }).waitFor();
    await page.getByRole('tab', { name: 'Mismatches' }).click();
    await page.getByText(/That alone does not prove that it never will/u).waitFor();
    expect(await page.getByText('certified', { exact: true }).count()).toBe(0);

    await page.goto(pathOf('idle'));
    await heading(page).getByText('nothing compared yet').waitFor();
    await page.getByText('sluice parallel-run start idle production').waitFor();
  });

  it('starts, says who holds it, stops, sets a share and edits what is demanded', async () => {
    const { page, faults } = await openPage(browser, server, pathOf('idle'));
    await page.getByRole('button', { name: 'Start…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/is sampling .* of this run's calls/u)
      .waitFor();
    const share = page.getByRole('button', { name: 'Set share…' });
    expect(await share.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'Stop…' }).click();
    const stop = page.getByRole('dialog', { name: 'Stop sampling in production?' });
    await stop.getByLabel('Reason').fill('Enough for today.');
    await stop.getByRole('button', { name: 'Stop sampling' }).click();
    await stop.waitFor({ state: 'detached' });

    await page.locator('button:not([aria-disabled])', { hasText: 'Set share…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Share of the calls').fill('a lot');
    await dialog.getByText('Say a share from 0 to 100 %.').first().waitFor();
    await dialog.getByLabel('Share of the calls').fill('12.5');
    await page.keyboard.press('Enter');
    await page.getByText('12.5 %', { exact: true }).waitFor();

    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Edit the settings…' }).click();
    const tolerance = dialog.getByLabel('Tolerated rate of unequal results (%)');
    const flag = dialog.getByLabel('Serve the new code’s answer by flag');
    const variation = dialog.getByLabel('Variation');
    const save = dialog.getByRole('button', { name: 'Save' });
    const refused = page.locator('[aria-invalid="true"]');
    await tolerance.fill('70');
    await flag.fill('nobody-knows');
    await save.click();
    await tolerance.and(refused).waitFor();
    await variation.and(refused).waitFor();
    await tolerance.fill('0.7');
    await variation.fill('on');
    await save.click();
    await flag.and(refused).waitFor();
    await flag.fill('');
    await variation.fill('');
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('0.7 %', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('says why somebody who may only look can do nothing', async () => {
    const as = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, pathOf('tax'), { as });
    const reset = page.getByRole('button', { name: 'Reset evidence…' });
    await reset.focus();
    await page
      .getByRole('tooltip')
      .getByText(/editor/u)
      .waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('has no serious fault of accessibility', async () => {
    const { page } = await openPage(browser, server, pathOf('cart'));
    await page
      .getByRole('meter', { name: /^Evidence/u })
      .first()
      .waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Edit the settings…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
  });

  it('fits a telephone', async () => {
    const { page } = await openPage(browser, server, pathOf('cart'), { viewport: { width: 390, height: 800 } });
    await page
      .getByRole('meter', { name: /^Evidence/u })
      .first()
      .waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
