import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { multiplyFlag } from '../../server/test/clients/crowded-store.js';
import { startOwnTime } from '../../server/test/clients/own-time.js';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { launchBrowser, openPage } from './browser.js';

const START_TIMEOUT_MS = 180_000;
const FLAGS = 5_000;
/** What the list asks the server for at once. */
const FLAGS_OF_A_PAGE = 100;
const FRAMES = 90;
/** 120 rows in a second at sixty frames. */
const ROWS_PER_FRAME = 2;
const ROW_PIXELS = 34;
const TRIES = 5;
const HEARD_MS = 10_000;
const LIST = '/projects/shop/flags?environment=production';

let dataDir: string;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-speed-'));
  const settings = { SLUICE_DATA_DIR: dataDir, SLUICE_ADMIN_TOKEN: `slu_admin_${'a'.repeat(40)}` };
  const before = await startTestServer(settings);
  await before.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
  await before.api('POST', '/api/v1/projects/shop/flags', { key: 'flag-0001', type: 'boolean', name: 'Flag number 1' });
  await before.close();
  await multiplyFlag(dataDir, FLAGS);
  [server, browser] = await Promise.all([startTestServer(settings), launchBrowser()]);
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
}, START_TIMEOUT_MS);

/** What was measured, for who reads the log: a loaded machine is no reason to fail. */
function report(words: string): void {
  process.stdout.write(`measured: ${words}\n`);
}

/** What it costs to draw a number of frames, each after the list was moved so many pixels. */
interface Drawing {
  /** On the clock. */
  readonly ms: number;
  /** Of the processor's own time in the page's main thread, which a busy machine does not change. */
  readonly cpuMs: number;
  readonly mostRows: number;
}

/** Answers how to stop and read a clock of the work of the page's main thread, in milliseconds of the processor's own time. */
async function watchThread(page: Page): Promise<() => Promise<number>> {
  const debugged = await page.context().newCDPSession(page);
  await debugged.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyMs = async (): Promise<number> => {
    const { metrics } = await debugged.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  const before = await busyMs();
  return async () => {
    const ms = (await busyMs()) - before;
    await debugged.detach();
    return ms;
  };
}

/** Goes down the list until all of it is loaded, and back. */
async function goThrough(page: Page): Promise<void> {
  await page.getByRole('row').nth(1).focus();
  for (let loaded = FLAGS_OF_A_PAGE; loaded < FLAGS; loaded += FLAGS_OF_A_PAGE) {
    await page.keyboard.press('End');
    await page.locator(`table[aria-rowcount="${loaded + FLAGS_OF_A_PAGE + 1}"]`).waitFor();
  }
  await page.keyboard.press('Home');
  await page.getByRole('link', { name: 'flag-0001' }).waitFor();
}

async function draw(page: Page, pixels: number): Promise<Drawing> {
  const worked = await watchThread(page);
  const drawn = await page.getByRole('table').evaluate(
    (table, { frames, by }) =>
      new Promise<{ ms: number; mostRows: number }>((resolve) => {
        const box = table.parentElement;
        let begun: number | undefined;
        let count = 0;
        let mostRows = 0;
        const next = (now: number): void => {
          begun ??= now;
          mostRows = Math.max(mostRows, table.querySelectorAll('tbody tr').length);
          if (count === frames) {
            resolve({ ms: now - begun, mostRows });
            return;
          }
          count += 1;
          box?.scrollBy(0, by);
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    { frames: FRAMES, by: pixels },
  );
  const cpuMs = await worked();
  return { ...drawn, cpuMs };
}

describe('a list of five thousand flags', () => {
  it('draws what is in view only, and scrolls as frames come', async () => {
    const { page, faults } = await openPage(browser, server, LIST);
    await goThrough(page);
    const still = await draw(page, 0);
    const moved = await draw(page, ROW_PIXELS * ROWS_PER_FRAME);
    expect(moved.mostRows).toBeGreaterThan(10);
    expect(moved.mostRows).toBeLessThanOrEqual(100);
    const rate = ({ ms }: Drawing): string => `${((FRAMES * 1_000) / ms).toFixed(0)} frames/s`;
    const each = moved.cpuMs / FRAMES;
    report(
      `${FLAGS} rows, ${moved.mostRows} of them drawn at most; ${each.toFixed(1)} ms of processor for a frame in which ` +
        `${ROWS_PER_FRAME} rows go by; ${rate(moved)}, of the ${rate(still)} that the machine gave a page at rest`,
    );
    // Twice what sixty frames leave: the clock of a thread runs on while another core takes its memory.
    expect(each).toBeLessThan(33);
    expect(faults).toEqual([]);
  });
});

describe('a page', () => {
  it('is there soon, and says how soon', async () => {
    const { page } = await openPage(browser, server, LIST);
    const times: number[] = [];
    for (let tries = 0; tries < TRIES; tries += 1) {
      await page.goto(LIST);
      await page.getByRole('row', { name: /flag-0001/u }).waitFor();
      times.push(await firstPaint(page));
    }
    const html = await (await fetch(`${server.url}/`, { headers: { accept: 'text/html' } })).text();
    const script = /src="(\/assets\/[^"]+\.js)"/u.exec(html)?.[1] ?? '';
    const size = readFileSync(new URL(`../dist${script}.gz`, import.meta.url)).length;
    report(
      `first paint after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms; entry ${(size / 1_000).toFixed(1)} kB gzip`,
    );
    expect(Math.min(...times)).toBeGreaterThan(0);
  });

  it('shows what somebody else changed within a second, without being loaded anew', async () => {
    const { page, faults } = await openPage(browser, server, '/projects/shop/flags/flag-0001?environment=production');
    await page.getByRole('heading', { level: 1, name: 'flag-0001' }).waitFor();
    await untilTold(page);
    const walls: number[] = [];
    const owns: number[] = [];
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const name = `Named by another ${tries}`;
      await watchFor(page, name);
      const ownTime = startOwnTime();
      const asked = await server.api('PATCH', '/api/v1/projects/shop/flags/flag-0001', { name }, { 'if-match': '*' });
      expect(asked.status).toBe(200);
      const { wallMs, ownMs } = await shown(page);
      walls.push(wallMs);
      // Each clock stands still while its process has no turn: the page's the server's part, and the other way round.
      owns.push(Math.min(ownTime(), ownMs));
    }
    const words = (each: readonly number[]): string => each.map((ms) => ms.toFixed(0)).join(', ');
    report(`another’s change is shown after ${words(walls)} ms; of the processes’ own time ${words(owns)} ms`);
    expect(Math.min(...owns)).toBeLessThan(1_000);
    expect(faults).toEqual([]);
  });
});

/** When the page first drew something, milliseconds since its loading began: told by the browser once it has, and not before. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries())
            if (name === 'first-contentful-paint') resolve(startTime);
        });
        observer.observe({ type: 'paint', buffered: true });
      }),
  );
}

/** Until the page is told of changes: nothing says when its subscription has begun, and what changed before is told to nobody. */
async function untilTold(page: Page): Promise<void> {
  for (let tries = 1, isTold = false; !isTold; tries += 1) {
    const name = `Named to be heard ${tries}`;
    await server.api('PATCH', '/api/v1/projects/shop/flags/flag-0001', { name }, { 'if-match': '*' });
    const heard = page.getByText(name).first().waitFor({ timeout: HEARD_MS });
    isTold = await heard.then(
      () => true,
      () => false,
    );
  }
}

/** Starts the page's clocks; they stop when a text is shown. */
function watchFor(page: Page, text: string): Promise<void> {
  return page.evaluate((wanted) => {
    performance.mark('asked');
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const isShown = new Promise<{ wallMs: number; ownMs: number }>((resolve) => {
      const observer = new MutationObserver(() => {
        if (document.body.textContent?.includes(wanted) !== true) return;
        observer.disconnect();
        clearInterval(timer);
        performance.mark('shown');
        resolve({ wallMs: performance.measure('live', 'asked', 'shown').duration, ownMs: ticks * 10 });
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    Object.assign(globalThis, { isShown });
  }, text);
}

function shown(page: Page): Promise<{ readonly wallMs: number; readonly ownMs: number }> {
  // As watchFor put it there.
  return page.evaluate(
    () => (globalThis as unknown as { isShown: Promise<{ wallMs: number; ownMs: number }> }).isShown,
  );
}
