import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from '@jest/globals';
import { exchange } from './raw-http.js';
import { type ProxyOptions, startProxy, type TestProxy } from './start-proxy.js';
import { type Answer, json, nobodysUrl, type Service, startService } from './start-service.js';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close();
});

async function aService(answer: Answer): Promise<Service> {
  const service = await startService(answer);
  closing.push(service);
  return service;
}

async function aProxy(options: ProxyOptions): Promise<TestProxy> {
  const proxy = await startProxy(options);
  closing.push(proxy);
  return proxy;
}

async function aPair(
  primary: Answer,
  candidate: Answer,
  options: Partial<ProxyOptions> = {},
): Promise<{ readonly proxy: TestProxy; readonly primary: Service; readonly candidate: Service }> {
  const services = { primary: await aService(primary), candidate: await aService(candidate) };
  const proxy = await aProxy({ ...options, primary: services.primary.url, candidate: services.candidate.url });
  return { proxy, ...services };
}

it('answers as the primary does, and compares what the candidate answers', async () => {
  const { proxy, candidate } = await aPair(
    (_request, response) => json(response, { price: 10, currency: 'EUR' }, { etag: '"a"' }),
    (_request, response) => json(response, { price: 11, currency: 'EUR' }, { etag: '"a"' }),
  );
  const response = await fetch(`${proxy.url}/orders/17?b=2&a=1`);
  expect([response.status, await response.json()]).toEqual([200, { price: 10, currency: 'EUR' }]);
  const [result] = await proxy.untilCompared(1);
  expect(result).toMatchObject({ verdict: 'mismatch', stratum: 'GET:orders.:id', candidate: 'candidate' });
  expect(result?.differences.map(({ path }) => path)).toEqual(['$.body.price']);
  expect(candidate.seen[0]).toMatchObject({ path: '/orders/17?b=2&a=1', headers: { 'sluice-shadow': 'candidate' } });
  expect(candidate.seen[0]?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

it('compares the same values as equal however they are encoded, spaced and dated', async () => {
  const { proxy } = await aPair(
    (_request, response) => json(response, { a: 1, b: [1, 2] }, { date: 'Sat, 01 Jan 2000 00:00:00 GMT' }),
    (_request, response) => {
      const body = gzipSync('{ "b": [1, 2],  "a": 1 }');
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body);
    },
    { settings: { rules: [{ id: '1', kind: 'ignore', path: "$.headers['content-encoding']" }] } },
  );
  await fetch(proxy.url);
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'ignored', differences: [] }]);
});

it('names status and headers as places of their own', async () => {
  const { proxy } = await aPair(
    (_request, response) => response.writeHead(200, { 'set-cookie': 'sid=1; Path=/; Expires=x', 'x-a': '1' }).end(),
    (_request, response) => response.writeHead(404, { 'set-cookie': 'sid=2; Path=/; Expires=y', 'x-a': '2' }).end(),
  );
  await fetch(proxy.url);
  const [result] = await proxy.untilCompared(1);
  expect(result?.differences.map(({ path }) => path).sort()).toEqual([
    "$.headers['set-cookie'].sid.value",
    "$.headers['x-a']",
    '$.status',
  ]);
});

it('copies nothing of unsafe methods unless told, and nothing twice', async () => {
  const answer: Answer = (_request, response) => void response.end('ok');
  const { proxy, primary, candidate } = await aPair(answer, answer);
  await fetch(proxy.url, { method: 'POST', body: 'x' });
  await fetch(proxy.url, { headers: { 'sluice-shadow': 'candidate' } });
  await fetch(proxy.url);
  await proxy.untilCompared(1);
  expect(primary.seen).toHaveLength(3);
  expect(candidate.seen.map(({ method }) => method)).toEqual(['GET']);
});

it('copies bodies of methods that it was told to, whole, and counts those that are too long', async () => {
  const answer: Answer = ({ body }, response) => void response.end(String(body.length));
  const { proxy, primary, candidate } = await aPair(answer, answer, {
    methods: new Set(['POST']),
    maxBodyBytes: 1_000,
  });
  await fetch(proxy.url, { method: 'POST', body: 'x'.repeat(2_000) });
  await fetch(proxy.url, { method: 'POST', body: 'y'.repeat(900) });
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'match' }]);
  expect(primary.seen.map(({ body }) => body.length)).toEqual([2_000, 900]);
  expect(candidate.seen.map(({ body, headers }) => [body.length, headers['content-length']])).toEqual([[900, '900']]);
  expect(proxy.counters.read()).toMatchObject({ tooLong: 1, verdicts: { match: 1 } });
});

it('asks the secondary as well, to tell noise from difference', async () => {
  let count = 0;
  const primary = await aService((_request, response) => json(response, { n: (count += 1) }));
  const candidate = await aService((_request, response) => json(response, { n: (count += 1) }));
  const proxy = await aProxy({
    ...{ primary: primary.url, candidate: candidate.url, secondary: primary.url },
    settings: { twinShare: 100_000 },
  });
  await fetch(proxy.url);
  await proxy.untilCompared(1);
  expect(primary.seen.map(({ headers }) => headers['sluice-shadow']).sort()).toEqual(['secondary', undefined]);
  expect(proxy.runs.takeReports()).toMatchObject([{ verdicts: { mismatch: 1 }, twins: { n: 1, b: 0, c: 0 } }]);
});

it('says that the primary is down, names no address, and counts it', async () => {
  const candidate = await aService((_request, response) => void response.end('ok'));
  const url = await nobodysUrl();
  const proxy = await aProxy({ primary: url, candidate: candidate.url });
  const response = await fetch(proxy.url);
  const text = await response.text();
  expect([response.status, response.headers.get('content-type')]).toEqual([502, 'application/problem+json']);
  expect(JSON.parse(text)).toMatchObject({ status: 502, code: 'PRIMARY_UNAVAILABLE' });
  expect(text).not.toContain(url.port);
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'control_error' }]);
  expect(proxy.counters.read().primaryFailures).toBe(1);
});

it('says nothing of the candidate when neither service answers', async () => {
  const proxy = await aProxy({ primary: await nobodysUrl(), candidate: await nobodysUrl() });
  await fetch(proxy.url);
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'compare_error' }]);
});

it('repeats of one request are one input, and the order of its query does not matter', async () => {
  const answer: Answer = (_request, response) => json(response, 1);
  const { proxy } = await aPair(answer, answer);
  for (const path of ['/a?x=1&y=2', '/a?y=2&x=1', '/a?x=1&y=3']) await fetch(proxy.url + path);
  await proxy.untilCompared(3);
  expect(proxy.runs.takeReports()).toMatchObject([{ verdicts: { match: 3 }, inputs: { n: 2, x: 0 } }]);
});

it('samples by the caller that a header names', async () => {
  const answer: Answer = (_request, response) => void response.end('ok');
  const { proxy, candidate } = await aPair(answer, answer, {
    identity: { kind: 'header', name: 'x-user' },
    settings: { share: 50_000 },
  });
  const ask = (user: number) => fetch(proxy.url, { headers: { 'x-user': `u${user}` } });
  for (let user = 0; user < 40; user += 1) await ask(user);
  await proxy.untilCompared(5);
  await candidate.untilSeen(proxy.results.length);
  const first = candidate.seen.map(({ headers }) => headers['x-user']);
  for (let user = 0; user < 40; user += 1) await ask(user);
  await candidate.untilSeen(2 * first.length);
  expect(candidate.seen.slice(first.length).map(({ headers }) => headers['x-user'])).toEqual(first);
  expect(first.length).toBeLessThan(40);
});

it('passes on what is end to end, and adds what a gateway does', async () => {
  const { proxy, primary, candidate } = await aPair(
    (_request, response) =>
      response.writeHead(200, { connection: 'x-hop', 'x-hop': '1', 'proxy-connection': 'a', 'x-end': '1' }).end(),
    (_request, response) => void response.end(),
  );
  const lines =
    'Host: shop.example\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 3\r\nX-Forwarded-For: 1.2.3.4';
  const heard = await exchange(proxy.url, `GET http://other.example/p?q HTTP/1.1\r\n${lines}\r\nX-End: 1\r\n\r\n`);
  expect(heard).toContain('x-end: 1\r\n');
  expect(heard).not.toMatch(/x-hop|proxy-connection/i);
  expect(primary.seen[0]).toMatchObject({
    path: '/p?q',
    headers: {
      host: 'shop.example',
      via: '1.1 sluice-shadow',
      'x-end': '1',
      'x-forwarded-for': '1.2.3.4, 127.0.0.1',
      'x-forwarded-proto': 'http',
    },
  });
  expect(primary.seen[0]?.headers).not.toHaveProperty('x-hop');
  expect(primary.seen[0]?.headers).not.toHaveProperty('sluice-shadow');
  await candidate.untilSeen(1);
  expect(candidate.seen[0]?.headers['host']).toBe('shop.example');
});
