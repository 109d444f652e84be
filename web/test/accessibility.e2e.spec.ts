import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { aDigest } from '../../server/test/builders/a-service.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { firstPersonOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const SWEEP_TIMEOUT_MS = 240_000;
const API = '/api/v1/projects/shop';
const PHONE = { width: 390, height: 800 };
/** What everything that people may name is named here. */
const MARKUP = '<img src=x onerror="globalThis.wasRun = true">';
/** Those that people look at with a telephone. */
const ON_A_PHONE: readonly string[] = ['overview', 'releases', 'releases/$release'];
/** Those whose tables have columns of many widths. */
const WITH_TABLES: readonly string[] = ['environments', 'policies', 'flags', 'guardrails', 'access', 'system'];
/** What the first column of a table needs to be read, in pixels. */
const READABLE = 80;

let server: TestServer;
let browser: Browser;
/** By the route's name: what stands at its places that are open. */
let places: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({ SLUICE_TICK_SECONDS: '0.2' }), launchBrowser()]);
  places = await furnish();
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

async function make<T = { readonly id: string }>(path: string, body: object, method = 'POST'): Promise<T> {
  const answer = await server.api(method, path, body, { 'if-match': '*' });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as T; // what the API's contract says; callers name the type
}

/** A project with one of everything, and where each screen shows it. */
async function furnish(): Promise<typeof places> {
  // Before anybody is invited.
  await firstPersonOf(server);
  const name = MARKUP;
  const description = `The ${MARKUP}`;
  const environments = [
    { key: 'staging', name },
    { key: 'production', name, production: true },
  ];
  await make('/api/v1/projects', { key: 'shop', name, environments });
  const variations = [
    { key: 'on', value: MARKUP },
    { key: 'off', value: 'off' },
  ];
  await make(`${API}/flags`, {
    key: 'new-cart',
    type: 'string',
    name,
    description,
    tags: [MARKUP],
    owner: MARKUP,
    variations,
  });
  await make(`${API}/flags`, { key: 'ramped', type: 'boolean', name });
  await make(`${API}/segments`, { key: 'staff', name, description, included: [MARKUP] });
  const clauses = [{ attribute: MARKUP, operator: 'in', values: [MARKUP] }];
  const rules = [{ id: 'a', description, clauses, serve: { variation: 'on' } }];
  const targets = [{ variation: 'on', values: [MARKUP] }];
  await make(`${API}/flags/new-cart/environments/production`, { on: true, rules, targets }, 'PATCH');
  const steps = [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }];
  const metrics = [{ kind: 'failures', name: 'failures', count: 'units' }];
  await make(`${API}/policies`, { key: 'slow', name, description, document: { steps, metrics } });
  for (const [version, letter] of [
    ['1.0.0', 'a'],
    ['2.0.0', 'b'],
  ] as const) {
    const deployment = { environment: 'production', service: 'checkout', version, digest: aDigest(letter) };
    await make(`${API}/deployments`, deployment);
  }
  await make(`${API}/services`, { key: 'stock', name });
  const query = { kind: 'json', url: 'http://127.0.0.1:1/orders', path: '$.perMinute' };
  await make(`${API}/guardrails`, {
    ...{ key: 'orders', name, environment: 'production', statement: { kind: 'query', query, atLeast: 30 } },
    ...{ intervalSeconds: 60, onBroken: { alert: true } },
  });
  await make(`${API}/parallel-runs`, { key: 'prices', name, description, owner: MARKUP });
  const webhook = await make(`${API}/webhooks`, { url: 'https://hooks.example.com/sluice' });
  const person = await make('/api/v1/people', { email: 'eve@example.com', name, role: 'editor', project: 'shop' });
  await make('/api/v1/tokens', { kind: 'ci', name, project: 'shop' });
  const release = await make('/api/v1/releases', {
    ...{ project: 'shop', environment: 'production', name, description, policy: 'slow', start: true },
    changes: [{ kind: 'flag', flag: 'ramped', ramp: { variation: 'on' } }],
  });
  await make(`/api/v1/releases/${release.id}/pause`, { reason: MARKUP });
  const tabs = (path: string, ...names: readonly string[]) => [path, ...names.map((tab) => `${path}?tab=${tab}`)];
  return {
    overview: ['overview'],
    releases: ['releases'],
    'releases/$release': [`releases/${release.id}`],
    'releases/-/new': ['', '&step=policy', '&step=review', '&step=copy'].map(
      (more) => `releases/-/new?flag=ramped${more}`,
    ),
    flags: ['flags'],
    'flags/-/new': ['flags/-/new'],
    'flags/$flag': tabs('flags/new-cart', 'variations', 'usage', 'revisions', 'settings'),
    segments: ['segments'],
    'segments/$segment': ['segments/staff'],
    policies: ['policies'],
    'policies/-/new': ['policies/-/new'],
    'policies/-/presets/$preset': ['policies/-/presets/standard'],
    'policies/$policy': tabs('policies/slow', 'versions', 'usedBy'),
    environments: ['environments'],
    services: ['services'],
    'services/$service': ['services/checkout'],
    guardrails: ['guardrails'],
    'guardrails/-/new': ['guardrails/-/new'],
    'guardrails/$guardrail': ['guardrails/orders'],
    'parallel-runs': ['parallel-runs'],
    'parallel-runs/$run': tabs('parallel-runs/prices', 'mismatches', 'rules', 'certificates', 'settings'),
    audit: ['audit'],
    webhooks: ['webhooks'],
    'webhooks/$webhook': [`webhooks/${webhook.id}`],
    '/': ['/'],
    access: tabs('/access', 'tokens'),
    'access/people/$person': [`/access/people/${person.id}`],
    account: ['/account'],
    system: ['/system'],
  };
}

/** Names of all routes that somebody who is signed in can go to, read where they are declared. */
function declaredRoutes(): readonly string[] {
  const source = readFileSync(new URL('../src/routes.tsx', import.meta.url), 'utf8');
  return [...source.matchAll(/(?:projectScreen\(project|screen\(shell), '([^']+)'/gu)].map(([, name = '']) => name);
}

async function go(page: Page, place: string): Promise<void> {
  const path = place.startsWith('/') ? place : `/projects/shop/${place}`;
  await page.goto(`${path}${path.includes('?') ? '&' : '?'}environment=production`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
}

/** What is wrong with a page in both themes, and with how it shows what people named. */
async function findingsOf(page: Page): Promise<readonly string[]> {
  const findings = await findingsInBothThemes(page);
  const wasRun = await page.evaluate(() => 'wasRun' in globalThis || document.querySelector('img[src="x"]') !== null);
  return wasRun ? [...findings, 'What somebody typed became a part of the page.'] : findings;
}

/** Heads of the columns that say what a row is: the first of each table, but that in which rows are chosen. */
function firstHeaders(page: Page): Promise<readonly { readonly text: string; readonly width: number }[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('table[aria-rowcount] thead tr')].flatMap((row) => {
      const shown = [...row.querySelectorAll<HTMLElement>('th')].filter((each) => each.checkVisibility());
      const first = shown.find((each) => each.querySelector('input') === null && each.innerText !== 'Selected');
      return first === undefined ? [] : [{ text: first.innerText, width: Math.round(first.offsetWidth) }];
    }),
  );
}

describe('every screen', () => {
  it('is looked at here', () => {
    expect(Object.keys(places).sort()).toEqual([...declaredRoutes()].sort());
  });

  it(
    'has no serious fault of accessibility in light and dark, and shows as text what people typed',
    async () => {
      const { page, faults } = await openPage(browser, server, '/');
      const found: Record<string, readonly string[]> = {};
      for (const place of Object.values(places).flat()) {
        await go(page, place);
        const findings = await findingsOf(page);
        if (findings.length > 0) found[place] = findings;
      }
      expect(found).toEqual({});
      expect(faults).toEqual([]);
      await go(page, 'overview');
      // It was there to be seen, as it was typed.
      expect(await page.getByText(MARKUP).count()).toBeGreaterThan(0);
    },
    SWEEP_TIMEOUT_MS,
  );

  it('fits a telephone, where people look with one', async () => {
    const { page } = await openPage(browser, server, '/', { viewport: PHONE });
    const misfits: string[] = [];
    for (const place of [...ON_A_PHONE, ...WITH_TABLES].flatMap((name) => places[name] ?? [])) {
      await go(page, place);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > PHONE.width) misfits.push(`${place}: ${width}`);
      for (const header of await firstHeaders(page)) {
        if (header.width < READABLE) misfits.push(`${place}, ${header.text}: ${header.width}`);
      }
    }
    expect(misfits).toEqual([]);
  });
});
