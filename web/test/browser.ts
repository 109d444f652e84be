import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { CalledServer } from '../../server/test/e2e/start-test-server.js';
import { findChromium } from './find-chromium.js';
import { firstPersonOf, type Person } from './people.js';

const WAIT_MS = 60_000;

/** How a page is opened. */
export interface Opening {
  /** Whose session: the first person's, an admin, unless said; null: nobody's. */
  readonly as?: Person | null;
  readonly colorScheme?: 'light' | 'dark';
  /** 1280 by 800 unless said. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A page of a server in a real browser, which keeps a record of what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Exceptions, what the console was told as an error, and breaches of the policy (CSP), in order. */
  readonly faults: readonly string[];
}

/** One for a spec file: start it in beforeAll, close it in afterAll. */
export function launchBrowser(): Promise<Browser> {
  // Chromium's own sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findChromium(), args });
}

/** Opens a path of a server in a context of its own: cookies and storage are no other page's. */
export async function openPage(
  browser: Browser,
  server: CalledServer,
  path: string,
  how: Opening = {},
): Promise<OpenPage> {
  const { as, colorScheme = 'light', viewport = { width: 1280, height: 800 } } = how;
  const context = await browser.newContext({ baseURL: server.url, colorScheme, viewport, reducedMotion: 'reduce' });
  context.setDefaultTimeout(WAIT_MS);
  const person = as === undefined ? await firstPersonOf(server) : as;
  const page = await context.newPage();
  if (person !== null) await giveCookie(page, server, person);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      // eslint-disable-next-line no-console -- how it gets out of the page
      console.error(`Content-Security-Policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  await page.goto(path);
  return { page, context, faults };
}

/** By the debugger: Playwright's own way names the domain, which a cookie of the host alone (`__Host-`) must not have. */
async function giveCookie(page: Page, server: CalledServer, { cookie }: Person): Promise<void> {
  const secure = cookie.name.startsWith('__Host-');
  const debugged = await page.context().newCDPSession(page);
  const url = secure ? server.url.replace('http:', 'https:') : server.url;
  await debugged.send('Network.setCookie', { ...cookie, url, path: '/', httpOnly: true, secure, sameSite: 'Strict' });
  await debugged.detach();
}
