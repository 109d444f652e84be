import { afterEach, describe, expect, it } from '@jest/globals';
import { browserAt } from '../clients/browser.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const PUBLIC_URL = 'https://sluice.shop.example';
const FIRST = { email: 'ada@shop.example', name: 'Ada', password: 'correct horse battery' };

let server: TestServer | undefined;
afterEach(() => server?.close(), START_TIMEOUT_MS);

const start = async (settings: Readonly<Record<string, string>>): Promise<TestServer> => {
  server = await startTestServer(settings);
  return server;
};

describe('a cookie, where people come by HTTPS,', () => {
  it(
    'counts under the name that nobody else could have set',
    async () => {
      const { url, adminToken } = await start({ SLUICE_PUBLIC_URL: PUBLIC_URL });
      const ada = browserAt(url, PUBLIC_URL);
      expect((await ada.api('POST', '/api/v1/session/first', { ...FIRST, token: adminToken })).status).toBe(201);
      const [name = '', secret = ''] = (ada.cookie() ?? '').split('=');
      expect(name).toBe('__Host-sluice');
      const planted = (path: string) =>
        browserAt(url, PUBLIC_URL).api('GET', path, undefined, { cookie: `sluice=${secret}` });
      expect((await ada.api('GET', '/api/v1/projects')).status).toBe(200);
      expect(await planted('/api/v1/projects')).toMatchObject({ status: 401, body: { code: 'TOKEN_MISSING' } });
      expect((await planted('/api/v1/session')).body.viewer).toBeNull();
      expect((await ada.api('GET', '/api/v1/session')).body.viewer).toMatchObject({ name: 'Ada' });
    },
    START_TIMEOUT_MS,
  );
});

describe('what a client says of its own address', () => {
  /** Guesses until it is held back, each time from where it says it is; tells how often it was let guess. */
  async function guesses({ url }: TestServer, from: (n: number) => string): Promise<number> {
    for (let n = 0; n < 8; n += 1) {
      const body = { email: `nobody-${n}@shop.example`, password: 'guess' };
      const headers = { 'x-forwarded-for': from(n) };
      const { status, body: told } = await browserAt(url).api('POST', '/api/v1/session', body, headers);
      if (status === 429) return n;
      expect(told.code).toBe('SIGN_IN_REFUSED');
    }
    return 8;
  }

  it(
    'counts for nothing',
    async () => {
      const plain = await start({ SLUICE_FAILED_AUTH_PER_MINUTE: '3' });
      expect(await guesses(plain, (n) => `203.0.113.${n}`)).toBe(3);
    },
    START_TIMEOUT_MS,
  );

  it(
    'counts where a trusted proxy adds it, and no further than such proxies go',
    async () => {
      const settings = { SLUICE_FAILED_AUTH_PER_MINUTE: '3', SLUICE_TRUST_PROXY: '127.0.0.0/8, 10.0.0.0/8' };
      const proxied = await start(settings);
      expect(await guesses(proxied, (n) => `203.0.113.${n}, 10.0.0.1`)).toBe(8);
      expect(await guesses(proxied, (n) => `203.0.113.${n}, 198.51.100.7`)).toBe(3);
    },
    START_TIMEOUT_MS,
  );
});
