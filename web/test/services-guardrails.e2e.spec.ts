import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type MetricHost, replyJson, startMetricHost } from '../../server/test/fakes/metric-host.js';
import { aDigest } from '../../server/test/builders/a-service.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';
import { personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const BASE = '/api/v1/projects/shop';
const AT = 'environment=production';

let server: TestServer;
let browser: Browser;
let host: MetricHost;

beforeAll(async () => {
  [server, browser, host] = await Promise.all([
    startTestServer({ SLUICE_TICK_SECONDS: '0.2' }),
    launchBrowser(),
    startMetricHost(replyJson({ perMinute: 100 })),
  ]);
  const environments = [{ key: 'production', production: true }, { key: 'staging' }];
  await ok('POST', '/api/v1/projects', { key: 'shop', environments });
  await ok('POST', `${BASE}/services`, { key: 'stock', name: 'Stock <b>room</b>' });
  await deploy('checkout', 'v1', 'production', 'a');
  await deploy('checkout', 'v1', 'staging', 'a');
  await deploy('checkout', 'v2', 'staging', 'b', { url: 'https://ci.example.com/7' });
  await guardrail('orders', 'Orders <b>come</b>', { atLeast: 30 });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await Promise.all([server.close(), host.close()]);
}, START_TIMEOUT_MS);

async function ok(method: string, path: string, body: object): Promise<void> {
  const answer = await server.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
const deploy = (service: string, version: string, environment: string, digest: string, more: object = {}) =>
  ok('POST', `${BASE}/deployments`, { service, version, environment, digest: aDigest(digest), ...more });
const statementOf = (bounds: object) => ({
  kind: 'query',
  query: { kind: 'json', url: `${host.url}/{{environment}}`, path: '$.perMinute' },
  ...bounds,
});
const guardrail = (key: string, name: string, bounds: object) =>
  ok('POST', `${BASE}/guardrails`, {
    ...{ key, name, environment: 'production', statement: statementOf(bounds), onBroken: { hold: { covers: 'all' } } },
    ...{ intervalSeconds: 1, failureLimit: 2, recoveryLimit: 2 },
  });

describe('services', () => {
  const path = `/projects/shop/services?${AT}`;

  it('are shown with what runs where, and where something disagrees', async () => {
    const { page, faults } = await openPage(browser, server, path);
    const table = page.getByRole('table', { name: /^What runs where/u });
    const checkout = table.getByRole('row', { name: /^checkout/u });
    await checkout.getByText('1 disagreement').waitFor();
    expect(await table.getByRole('columnheader').allTextContents()).toEqual(['Service', 'production', 'staging']);
    await table.getByRole('row', { name: 'Stock <b>room</b>' }).getByText('not installed').first().waitFor();

    await page.getByLabel('Only where something disagrees').check();
    await page.waitForURL(/drift=yes/u);
    expect(await table.getByRole('row').count()).toBe(2);
    // Somebody else's pipeline.
    await deploy('checkout', 'v3', 'production', 'c');
    await checkout.getByText('1 disagreement').nth(1).waitFor();

    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/services\/checkout\?/u);
    const where = page.getByRole('table', { name: 'What runs where' });
    await where.getByText('v3 is installed and gets no callers; release it', { exact: false }).waitFor();
    await where
      .getByRole('row', { name: /^staging/u })
      .getByText('no instance reports')
      .waitFor();
    const history = page.getByRole('table', { name: /^Deployments/u });
    expect(await history.getByRole('row').count()).toBe(5);
    await page.getByLabel('Only of environment').selectOption('staging');
    await page.waitForURL(/of=staging/u);
    await history.getByRole('row').nth(3).waitFor({ state: 'detached' });
    const run = history.getByRole('link', { name: 'Open the run that reported v2' });
    expect(await run.getAttribute('href')).toBe('https://ci.example.com/7');
    expect(faults).toEqual([]);
  });

  it('are made, and refused at the field', async () => {
    const { page } = await openPage(browser, server, path);
    await page.getByRole('button', { name: 'New service' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Key').fill('No Such Key');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Key').and(page.locator('[aria-invalid="true"]')).waitFor();
    await dialog.getByLabel('Key').fill('returns');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'returns' }).waitFor();
  });
});

describe('guardrails', () => {
  const path = `/projects/shop/guardrails?${AT}`;

  it('are broken, acknowledged, and unknown again where nobody can be asked, before the eyes', async () => {
    const { page, faults } = await openPage(browser, server, path);
    const table = page.getByRole('table', { name: 'Guardrails that watch production' });
    const row = table.getByRole('row', { name: /Orders <b>come<\/b>/u });
    await row.getByText('holds', { exact: true }).waitFor();
    await row.getByText('100', { exact: true }).waitFor();
    await row.getByRole('img', { name: /^The latest \d+ checks?/u }).waitFor();

    await row.getByRole('link').click();
    const heading = page.getByRole('heading', { level: 1 }).locator('..');
    const acknowledge = page.getByRole('button', { name: 'Acknowledge…' });
    expect(await acknowledge.getAttribute('aria-disabled')).toBe('true');
    host.reply = replyJson({ perMinute: 3 });
    await heading.getByText('broken', { exact: true }).waitFor();
    await page.getByRole('alert').getByText('releases wait').waitFor();
    await page.getByRole('img', { name: /against its bounds$/u }).waitFor();
    await page.locator('button:not([aria-disabled])', { hasText: 'Acknowledge…' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('The bank <i>is away</i>.');
    await page.getByLabel('Let the releases that it holds go on').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click();
    await heading.getByText('broken, acknowledged').waitFor();
    const history = page.getByRole('table', { name: /^What happened/u });
    await history.getByRole('row', { name: /acknowledged .*The bank <i>is away<\/i>\./u }).waitFor();
    await history.getByRole('row', { name: /broken 3 is not within at least 30/u }).waitFor();

    host.reply = replyJson({ perMinute: 50 });
    await heading
      .getByText('recovered', { exact: true })
      .or(heading.getByText('holds', { exact: true }))
      .waitFor();
    host.reply = replyJson({ nothing: 'of it' });
    await heading.getByText(/(?:no data|could not ask) \d+ ×$/u).waitFor();
    host.reply = replyJson({ perMinute: 50 });
    expect(faults).toEqual([]);
  });

  it('are written as documents, with what is wrong line by line, and edited by two at once', async () => {
    const { page, faults } = await openPage(browser, server, path);
    await page.getByRole('button', { name: 'New guardrail' }).click();
    await page.getByLabel('Begin with').selectOption('Bad ones stay rare');
    await page.getByRole('button', { name: 'Create the guardrail' }).click();
    const wrong = page.getByRole('alert', { name: 'What is wrong with the document' });
    await wrong.getByText(/^Line 2, column 10: \/key/u).waitFor();
    const editor = page.getByRole('textbox', { name: 'Document' });
    await editor.fill('{"key": ');
    // They were of what was sent.
    await wrong.waitFor({ state: 'detached' });
    const statement = { kind: 'measurement', metric: 'unit', what: 'badRate', atMost: 0.02 };
    await editor.fill(JSON.stringify({ key: 'errors', environment: 'production', statement }));
    await page.getByRole('button', { name: 'Create the guardrail' }).click();
    await page.getByRole('heading', { level: 1, name: 'errors' }).waitFor();
    await page.getByText('unit, bad of them, over 5 min is at most 2 %').waitFor();
    await page.getByRole('heading', { level: 1 }).locator('..').getByText('not known yet').waitFor();

    await page.getByRole('button', { name: 'Edit…' }).click();
    const edited = page.getByRole('dialog', { name: 'Edit the guardrail' });
    await edited.getByRole('textbox', { name: 'Document' }).fill('{"intervalSeconds": 30}');
    const other = { name: 'Errors of all' };
    const patched = await server.api('PATCH', `${BASE}/environments/production/guardrails/errors`, other, {
      'if-match': '*',
    });
    expect(patched.status).toBe(200);
    await edited.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Store mine over it' }).click();
    await edited.waitFor({ state: 'detached' });
    await page.getByText('30 s', { exact: true }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Errors of all' }).waitFor();

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByLabel('Type errors to confirm').fill('errors');
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('link', { name: 'Orders <b>come</b>' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('say why somebody who may only look can do nothing', async () => {
    const as = await personOf(server, 'viewer', { project: 'shop' });
    const { page } = await openPage(browser, server, path, { as });
    await page.getByRole('button', { name: 'New guardrail' }).focus();
    await page.getByRole('tooltip').waitFor();
    await page.goto(`/projects/shop/guardrails?environment=staging`);
    await page.getByText('sluice guardrail create -f orders.yaml').waitFor();
  });
});
