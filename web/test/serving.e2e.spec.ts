import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';

const HTML = { accept: 'text/html,*/*;q=0.8' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ SLUICE_PUBLIC_URL: 'https://sluice.example.com' });
}, 180_000);
afterAll(() => server.close());

const get = (path: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(server.url + path, { headers });

describe('the pages', () => {
  it.each(['/', '/projects/shop/flags/team%2Fcart?environment=production', '/no/such/page'])(
    'are one document at %s, made for this answer alone',
    async (path) => {
      const [one, other] = await Promise.all([get(path, HTML), get(path, HTML)]);
      const [page, again] = [await one.text(), await other.text()];
      expect([one.status, one.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      const nonce = /'nonce-([\w-]+)'/u.exec(one.headers.get('content-security-policy') ?? '')?.[1] ?? '';
      expect(page).toContain(`nonce="${nonce}"`);
      expect(again).not.toContain(nonce);
      expect(page).not.toContain('{{nonce}}');
      expect(one.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/u);
    },
  );

  it('bring assets that are kept for ever, as small as the browser takes them', async () => {
    const page = await (await get('/', HTML)).text();
    const [script = ''] = /\/assets\/[\w-]+\.js/u.exec(page) ?? [];
    const sizes = await Promise.all(
      ['br', 'gzip', 'identity'].map(async (coding) => {
        const answer = await fetch(server.url + script, { headers: { 'accept-encoding': coding } });
        expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        expect(answer.headers.get('content-encoding') ?? 'identity').toBe(coding);
        return Number(answer.headers.get('content-length'));
      }),
    );
    expect(sizes).toEqual([...sizes].sort((one, two) => one - two));
  });
});

describe('what is no page', () => {
  it.each([
    ['/api/v1/nowhere', HTML],
    ['/assets/gone-12345678.js', HTML],
    ['/assets/..%2findex.html', HTML],
    ['/projects/shop', { accept: 'application/json' }],
  ])('is a problem at %s', async (path, headers) => {
    const answer = await get(path, headers);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });
});
