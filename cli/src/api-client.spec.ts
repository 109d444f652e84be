import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Asked, startStubServer, type StubServer } from '../test/stub-server.js';
import { ApiClient, type RequestOptions } from './api-client.js';

let server: StubServer;
let said: string[];
const stopping = new AbortController();
afterEach(() => server.close());

async function clientOf(
  answer: (request: Asked, response: ServerResponse, count: number) => void,
): Promise<(method: 'GET' | 'POST' | 'PATCH', options?: Partial<RequestOptions>) => Promise<unknown>> {
  server = await startStubServer(answer);
  said = [];
  const client = new ApiClient({
    url: `${server.url}/`,
    token: 'slu_ci_x',
    interrupted: stopping.signal,
    note: (line) => said.push(line),
  });
  return (method, options = {}) => client.request(method, '/api/v1/x', { until: Date.now() + 20_000, ...options });
}

function problem(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ status, code, detail: `It is ${code}.` }));
}

const ok = (response: ServerResponse): unknown => response.end('{"fine":true}');

describe('a request', () => {
  it('is repeated while the server is busy or away, under one key, and says so once', async () => {
    const request = await clientOf((_asked, response, count) => {
      if (count === 1) problem(response, 503, 'STARTING', { 'retry-after': '0' });
      else if (count === 2) problem(response, 429, 'TOO_MANY_REQUESTS');
      else if (count === 3) response.destroy();
      else if (count === 4) problem(response, 409, 'IDEMPOTENT_REQUEST_IN_FLIGHT');
      else if (count === 5) response.writeHead(502).end('<html>');
      else ok(response);
    });
    expect(await request('POST', { body: { a: 1 } })).toEqual({ fine: true });
    const keys = new Set(server.asked.map(({ headers }) => headers['idempotency-key']));
    expect([server.asked.length, keys.size]).toEqual([6, 1]);
    expect([...keys][0]).toMatch(/^"[0-9a-f]{64}"$/u);
    expect(said).toEqual([
      expect.stringMatching(/does not answer: It is STARTING\. Trying again/u),
      expect.stringMatching(/answers again/u),
    ]);
  });

  it('waits as long as Retry-After says', async () => {
    const request = await clientOf((_asked, response, count) =>
      count === 1 ? problem(response, 429, 'TOO_MANY_REQUESTS', { 'retry-after': '1' }) : ok(response),
    );
    const startedAt = performance.now();
    await request('GET');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  it('that must be patient for longer than there is time gives up at once', async () => {
    const request = await clientOf((_asked, response) =>
      problem(response, 429, 'TOO_MANY_REQUESTS', { 'retry-after': '3600' }),
    );
    await expect(request('GET')).rejects.toMatchObject({ exitCode: 5, message: expect.stringContaining('TOO_MANY') });
    expect(server.asked).toHaveLength(1);
  });

  it('is the same as another with the same name and content, and no other', async () => {
    const request = await clientOf((_asked, response) => ok(response));
    await request('POST', { sameAs: 'run-7', body: { a: 1 } });
    await request('POST', { sameAs: 'run-7', body: { a: 1 } });
    await request('POST', { sameAs: 'run-7', body: { a: 2 } });
    await request('POST', { sameAs: 'run-8', body: { a: 1 } });
    await request('POST', { body: { a: 1 } });
    await request('POST', { body: { a: 1 } });
    const keys = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(5);
  });

  it('that edits a version is never repeated: whether it was done cannot be told', async () => {
    const request = await clientOf((_asked, response) => response.destroy());
    const editing = request('PATCH', { body: {}, headers: { 'if-match': '"1"' } });
    await expect(editing).rejects.toMatchObject({ exitCode: 5 });
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    [401, 'TOKEN_REFUSED', 8],
    [403, 'FORBIDDEN', 8],
    [404, 'FLAG_NOT_FOUND', 2],
    [409, 'DIGEST_REJECTED', 6],
    [412, 'FROZEN', 6],
    [500, 'INTERNAL', 1],
  ])('that is refused with %i is not repeated', async (status, code, exitCode) => {
    const request = await clientOf((_asked, response) => problem(response, status, code));
    await expect(request('GET')).rejects.toMatchObject({ exitCode, message: `It is ${code}.`, problem: { code } });
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ['a page', '<html>'],
    ['half a document', '{"a":'],
  ])('that another program answers with %s says so', async (_name, text) => {
    const request = await clientOf((_asked, response) => response.end(text));
    await expect(request('GET')).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('not Sluice') });
  });

  it('carries the token and names the command', async () => {
    const request = await clientOf((_asked, response) => ok(response));
    await request('GET', { query: { limit: '5', after: undefined } });
    expect(server.asked[0]).toMatchObject({
      url: '/api/v1/x?limit=5',
      headers: { authorization: 'Bearer slu_ci_x', 'user-agent': expect.stringMatching(/^sluice-cli\/\d/u) },
    });
  });
});
