/**
 * `npm run screenshots -w web`, after `npm run build`: writes docs/screenshots. The pages are those of a real server, with
 * the demo's shop and its visitors; it takes about two minutes.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { rollBackBadBuild } from '../../examples/shop/dist/acts/bad-build.js';
import { releaseGoodBuild } from '../../examples/shop/dist/acts/good-build.js';
import { checkoutAt, type Release, releaseOf, reportDeployment, watch } from '../../examples/shop/dist/release.js';
import { Stage } from '../../examples/shop/dist/stage.js';
import { findChromium } from '../test/find-chromium.ts';

const FOLDER = join(import.meta.dirname, '../../docs/screenshots');
const VIEWPORT = { width: 1_280, height: 800 };
const MOST_BYTES = 250_000;
/** What a release needs to have something to draw. */
const EVIDENCE_MS = 40_000;
const API = '/projects/shop';
const HERE = '?environment=production';
const RUN = `${API}/environments/production/parallel-runs/cart-price`;

const stage = new Stage();
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: findChromium(), args });
try {
  mkdirSync(FOLDER, { recursive: true });
  await stage.open();
  await furnish();
  await releaseGoodBuild(stage);
  await rollBackBadBuild(stage);
  await stage.withVisitors('/cart', () => later(EVIDENCE_MS / 4));
  await stage.withVisitors('/checkout', async () => {
    const release = await rampHalfway();
    await later(EVIDENCE_MS);
    await takeAll(release);
  });
} finally {
  await browser.close();
  await stage.close();
}

/** What a shop has after some time: flags, a policy that asks people, a guardrail, a parallel run. */
async function furnish(): Promise<void> {
  const { api } = stage;
  await api.post(`${API}/environments`, { key: 'staging', name: 'Staging' });
  for (const [key, name, owner, tags] of [
    ['new-cart', 'New cart', 'team-cart', ['cart', 'q4']],
    ['gift-note', 'Gift note', 'team-cart', ['cart']],
    ['new-prices', 'New prices', 'team-money', ['prices']],
    ['search-v2', 'Search by meaning', 'team-search', ['search']],
    ['free-shipping', 'Free shipping above 50', 'team-money', ['prices', 'q4']],
  ] as const) {
    await api.post(`${API}/flags`, { key, type: 'boolean', name, owner, tags });
  }
  await api.post(`${API}/segments`, { key: 'staff', name: 'Staff', included: ['ada', 'grace', 'edsger'] });
  await api.patch(`${API}/flags/new-cart/environments/production`, {
    on: true,
    targets: [{ variation: 'on', values: ['ada', 'grace'] }],
    rules: [
      {
        ...{ id: 'staff', description: 'Who works here sees it first' },
        clauses: [{ attribute: '', operator: 'inSegment', values: ['staff'] }],
        serve: { variation: 'on' },
      },
      {
        ...{ id: 'north', description: '' },
        clauses: [
          { attribute: 'country', operator: 'in', values: ['SE', 'NO', 'FI', 'DK'] },
          { attribute: 'basket', operator: 'greaterThanOrEqual', values: [50] },
        ],
        serve: split(50_000),
      },
    ],
    defaultServe: split(20_000),
  });
  await api.patch(`${API}/flags/new-cart/environments/staging`, { on: true, defaultServe: { variation: 'on' } });
  await api.patch(`${API}/flags/search-v2/environments/staging`, { on: true, defaultServe: split(50_000) });
  const steps = [{ share: 5_000, holdSeconds: 600 }, { share: 25_000, holdSeconds: 3_600 }, { share: 100_000 }];
  const metrics = [{ kind: 'failures', name: 'failures' }];
  await api.post(`${API}/policies`, {
    key: 'asked',
    name: 'Asked for',
    document: { steps, metrics, approvalsToStart: 1 },
  });
  const { url } = await stage.play('payments', {});
  const query = { kind: 'json', url: `${url}/status`, path: '$.payments.refusedPercent' };
  await api.post(`${API}/guardrails`, {
    ...{ key: 'payments', name: 'Payments are taken', environment: 'production', intervalSeconds: 2 },
    ...{ statement: { kind: 'query', query, atMost: 2 }, onBroken: { hold: { covers: 'all' } } },
  });
  await api.post(`${API}/parallel-runs`, { key: 'cart-price', name: 'Old and new prices', owner: 'team-money' });
  await api.patch(RUN, {
    demand: {
      tolerance: 0.01,
      latencyMargin: null,
      strata: ['EUR', 'USD', 'JPY'].map((stratum) => ({ stratum, minimum: 50 })),
    },
    runner: { budget: { addedMs: 60, loopDelayMs: 1_000 }, rawPaths: ['$.total', '$.currency'] },
  });
  await api.put(`${RUN}/share`, { share: 100_000 });
}

function split(on: number): object {
  return {
    split: {
      shares: [
        { variation: 'on', share: on },
        { variation: 'off', share: 100_000 - on },
      ],
    },
  };
}

/** A build that is half way, and a flag that waits for somebody. */
async function rampHalfway(): Promise<Release> {
  const { api, ci } = stage;
  const steps = [
    { share: 5_000, holdSeconds: 5, minimumUnits: 50 },
    { share: 25_000, holdSeconds: 3_600 },
    { share: 50_000, holdSeconds: 3_600 },
    { share: 100_000 },
  ];
  const metrics = [
    { kind: 'failures', name: 'failures' },
    { kind: 'slow', name: 'slow', duration: 'checkout.request', slowerThanMs: 250 },
  ];
  await api.post(`${API}/policies`, {
    key: 'careful',
    name: 'Careful',
    document: { steps, metrics, bakeSeconds: 600 },
  });
  await reportDeployment(ci, 'v4');
  const name = 'checkout v4: one payment provider less';
  const { id } = await ci.post<Release>('/releases', { ...releaseOf('careful', checkoutAt('v4')), name });
  const asked = releaseOf('asked', { kind: 'flag', flag: 'gift-note', ramp: { variation: 'on' } });
  await ci.post('/releases', { ...asked, name: 'Gift notes', start: false });
  const { release } = await watch(ci, id, ({ rollout }) => rollout?.stepIndex === 1);
  return release;
}

async function takeAll({ id }: Release): Promise<void> {
  const cookie = await signIn();
  const light = await openContext(cookie, 'light');
  const dark = await openContext(cookie, 'dark');
  const overview = `${API}/overview${HERE}`;
  const release = `${API}/releases/${id}${HERE}`;
  const isEvidenceDrawn = (page: Page) =>
    page
      .getByRole('img', { name: /^Evidence/u })
      .first()
      .waitFor();
  await take(light, 'overview', overview);
  await take(dark, 'overview-dark', overview);
  await take(light, 'release', release, isEvidenceDrawn);
  await take(dark, 'release-dark', release, isEvidenceDrawn);
  await take(light, 'flag', `${API}/flags/new-cart${HERE}`, async (page) => {
    await page.getByRole('region', { name: 'Who gets what' }).getByRole('button', { name: 'Targeted' }).click();
    await page.getByRole('status', { name: 'Served' }).waitFor();
  });
  await take(light, 'new-release', `${API}/releases/-/new${HERE}&flag=search-v2`, async (page) => {
    await page.getByRole('combobox', { name: 'Ramp this variation' }).selectOption('on');
    await page.getByRole('button', { name: 'Next: Policy' }).click();
    await page.getByRole('textbox', { name: 'Units per minute' }).fill('1200');
    await page.getByRole('textbox', { name: 'Go bad, in percent' }).fill('1');
    await page.getByRole('table', { name: /^Chance that a worse candidate/u }).waitFor();
    await page.getByText(/^1,200 units per minute/u).waitFor();
    await page.getByRole('complementary').getByRole('status').waitFor({ state: 'detached' });
  });
  await take(light, 'parallel-run', `${API}/parallel-runs/cart-price${HERE}&tab=mismatches`, async (page) => {
    await page
      .getByRole('table', { name: /^Faults/u })
      .getByRole('row')
      .nth(1)
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'The mismatch' }).getByLabel('New code').waitFor();
  });
  const compared = `${API}/environments${HERE}&from=staging&to=production&flag=search-v2`;
  await take(light, 'environments', compared, (page) => page.getByText('search-v2').first().waitFor());
}

/** Somebody who may do everything. */
async function signIn(): Promise<string> {
  const draft = { email: 'ada@example.com', name: 'Ada Lovelace', role: 'admin' };
  const { secret } = await stage.api.post<{ secret: string }>('/people', draft);
  const begun = await fetch(`${stage.api.url}/api/v1/session/invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, password: 'correct horse battery staple' }),
  });
  const [cookie = ''] = (begun.headers.getSetCookie()[0] ?? '').split(';');
  return cookie;
}

async function openContext(cookie: string, colorScheme: 'light' | 'dark'): Promise<BrowserContext> {
  const settings = { baseURL: stage.api.url, viewport: VIEWPORT, colorScheme, reducedMotion: 'reduce' } as const;
  const context = await browser.newContext(settings);
  const page = await context.newPage();
  // By the debugger: Playwright's own way names the domain, which a cookie of the host alone must not have.
  const debugged = await context.newCDPSession(page);
  const [name = '', value = ''] = cookie.split(/=(.*)/su);
  const secure = name.startsWith('__Host-');
  const url = secure ? stage.api.url.replace('http:', 'https:') : stage.api.url;
  await debugged.send('Network.setCookie', { name, value, url, path: '/', httpOnly: true, secure, sameSite: 'Strict' });
  await page.close();
  return context;
}

async function take(
  context: BrowserContext,
  name: string,
  path: string,
  until: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await until(page);
  await page.waitForLoadState('networkidle');
  const file = join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled' });
  await page.close();
  const { size } = statSync(file);
  console.log(`${name}.png ${(size / 1_000).toFixed(0)} kB`);
  if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes; ${MOST_BYTES} is the most.`);
}
