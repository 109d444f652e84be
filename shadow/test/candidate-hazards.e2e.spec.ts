import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { exchange, open } from './raw-http.js';
import { type ProxyOptions, startProxy, type TestProxy } from './start-proxy.js';
import { type Answer, json, nobodysUrl, type Service, startRawService, startService } from './start-service.js';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close();
});

const BODY = { order: 17 };

/** A proxy whose candidate speaks what it likes. */
async function against(
  speak: (socket: Socket, heard: string) => void,
  options: Partial<ProxyOptions> = {},
): Promise<TestProxy> {
  const raw = await startRawService(speak);
  closing.push(raw);
  return between((_request, response) => json(response, BODY), raw.url, options);
}

async function between(primary: Answer, candidate: URL, options: Partial<ProxyOptions> = {}): Promise<TestProxy> {
  const service = await aService(primary);
  const proxy = await startProxy({ ...options, primary: service.url, candidate });
  closing.push(proxy);
  return proxy;
}

async function aService(answer: Answer): Promise<Service> {
  const service = await startService(answer);
  closing.push(service);
  return service;
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const neverEnding = new Set<NodeJS.Timeout>();
afterEach(() => {
  for (const timer of neverEnding) clearInterval(timer);
});

it.each<[string, string, (socket: Socket) => void]>([
  ['never answers', 'timeout', () => undefined],
  ['sends its head and nothing more', 'timeout', (socket) => void socket.write(`${HEAD}Content-Length: 10\r\n\r\n`)],
  [
    'sends a byte at a time and never ends',
    'timeout',
    (socket) => {
      socket.write(`${HEAD}Content-Length: 1000000\r\n\r\n`);
      neverEnding.add(setInterval(() => void socket.write('x'), 5));
    },
  ],
  [
    'closes in the middle of its body',
    'candidate_error',
    (socket) => void socket.end(`${HEAD}Content-Length: 10\r\n\r\n{"or`),
  ],
  ['resets the connection', 'candidate_error', (socket) => void socket.resetAndDestroy()],
  ['closes without a word', 'candidate_error', (socket) => void socket.end()],
  ['speaks no HTTP', 'candidate_error', (socket) => void socket.write('220 smtp.example ESMTP\r\n')],
  ['sends a head without end', 'candidate_error', (socket) => void socket.write(`${HEAD}X: ${'x'.repeat(100_000)}`)],
  [
    'switches protocols unasked',
    'candidate_error',
    (socket) => void socket.write('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  ],
  ['sends a body that is no JSON', 'mismatch', (socket) => void socket.write(`${HEAD}Content-Length: 3\r\n\r\n{{{`)],
  [
    'sends a body beyond all bounds',
    'mismatch',
    (socket) => {
      socket.write(`${HEAD}\r\n`);
      const flood = (): void => {
        while (socket.write(Buffer.alloc(65_536)));
      };
      socket.on('drain', flood);
      flood();
    },
  ],
])('a candidate that %s is a %s, and the caller has the answer', async (_name, verdict, speak) => {
  const proxy = await against(speak, { deadlineMs: 100, maxBodyBytes: 10_000 });
  const response = await fetch(proxy.url);
  expect([response.status, await response.json()]).toEqual([200, BODY]);
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict }]);
  expect(proxy.runs.takeReports()).toMatchObject([{ verdicts: { [verdict]: 1 } }]);
});

it('a candidate that nobody runs is a candidate_error', async () => {
  const proxy = await between((_request, response) => json(response, BODY), await nobodysUrl());
  expect(await (await fetch(proxy.url)).json()).toEqual(BODY);
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'candidate_error' }]);
});

it('sends no copy again, whatever became of it', async () => {
  let copies = 0;
  const proxy = await against((socket) => {
    copies += 1;
    socket.resetAndDestroy();
  });
  await (await fetch(proxy.url)).text();
  await proxy.untilCompared(1);
  await (await fetch(proxy.url)).text();
  await proxy.untilCompared(2);
  expect(copies).toBe(2);
});

it('callers have their answers while every candidate hangs, and copies beyond the cap are shed', async () => {
  const proxy = await against(() => undefined, { settings: { maxConcurrent: 3, deadlineMs: 60_000 } });
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(proxy.url)).json()));
  expect(answers).toEqual(Array.from({ length: 20 }, () => BODY));
  const shed = await proxy.untilCompared(17);
  expect(shed.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 17 }, () => 'shed'));
});

it('an answer that its caller did not wait for says nothing, and ends everything', async () => {
  const [begun, gone, copyGone] = [new EventEmitter(), new EventEmitter(), new EventEmitter()];
  const all = Promise.all([once(gone, 'close'), once(copyGone, 'close')]);
  const heard = once(begun, 'open');
  const candidate = await aService((_request, response) => void response.on('close', () => copyGone.emit('close')));
  const proxy = await between((_request, response) => {
    response.on('close', () => gone.emit('close'));
    begun.emit('open');
  }, candidate.url);
  const caller = open(proxy.url);
  caller.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await Promise.all([heard, candidate.untilSeen(1)]);
  caller.destroy();
  await all;
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'compare_error' }]);
  expect(proxy.counters.read()).toMatchObject({ abandoned: 1, primaryFailures: 0 });
});

it('a stream of events has no end to compare, and flows', async () => {
  const candidate = await aService((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  const proxy = await between((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  }, candidate.url);
  const leaving = new AbortController();
  const response = await fetch(proxy.url, { signal: leaving.signal });
  const first = await response.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe('data: 1\n\n');
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'compare_error' }]);
  leaving.abort();
});

it('an answer of the primary beyond the bound reaches the caller whole, and says nothing of the candidate', async () => {
  const long = 'x'.repeat(3_000_000);
  const answer: Answer = (_request, response) => void response.end(long);
  const candidate = await aService(answer);
  const proxy = await between(answer, candidate.url);
  expect(await (await fetch(proxy.url)).text()).toBe(long);
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'compare_error' }]);
});

it('a primary that breaks off breaks off for the caller, and is a control_error', async () => {
  const primary = await startRawService((socket) => void socket.end(`${HEAD}Content-Length: 10\r\n\r\n{"or`));
  const candidate = await aService((_request, response) => json(response, BODY));
  closing.push(primary);
  const proxy = await startProxy({ primary: primary.url, candidate: candidate.url });
  closing.push(proxy);
  const heard = await exchange(proxy.url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(heard).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n\{"or$/);
  expect(await proxy.untilCompared(1)).toMatchObject([{ verdict: 'control_error' }]);
});

it('a connection that the primary closed while it was idle costs no caller an answer', async () => {
  let connections = 0;
  const asked = new WeakMap<Socket, number>();
  const primary = await startRawService((socket) => {
    const count = (asked.get(socket) ?? 0) + 1;
    asked.set(socket, count);
    if (count === 1) connections += 1;
    // It says nothing of its idle time, and closes as the second request comes.
    if (count === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    else socket.resetAndDestroy();
  });
  closing.push(primary);
  const proxy = await startProxy({ primary: primary.url, candidate: primary.url, settings: { share: 0 } });
  closing.push(proxy);
  expect(await (await fetch(proxy.url)).text()).toBe('ok');
  expect(await (await fetch(proxy.url)).text()).toBe('ok');
  expect(connections).toBe(2);
});

it('passes connections on to the primary that are handed over, both ways, and copies none', async () => {
  const primary = await startRawService((socket, heard) => {
    if (heard.startsWith('GET /chat')) {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\nhello;');
    } else socket.write(heard.toUpperCase());
  });
  const candidate = await aService((_request, response) => void response.end());
  closing.push(primary);
  const proxy = await startProxy({ primary: primary.url, candidate: candidate.url });
  closing.push(proxy);
  const caller = open(proxy.url);
  caller.setEncoding('latin1');
  let heard = '';
  const until = async (text: string): Promise<void> => {
    while (!heard.includes(text)) heard += String(await once(caller, 'data'));
  };
  caller.write('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n');
  await until('hello;');
  expect(heard).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
  caller.write('over and out');
  await until('OVER AND OUT');
  caller.destroy();
  expect(candidate.seen).toEqual([]);
  expect(proxy.counters.read().tunnels).toBe(1);
});

it('an upgrade that the primary declines is declined', async () => {
  const proxy = await between((_request, response) => void response.writeHead(403).end('no'), await nobodysUrl());
  const lines = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: chat';
  const heard = await exchange(proxy.url, `GET / HTTP/1.1\r\n${lines}\r\n\r\n`);
  expect(heard).toMatch(/^HTTP\/1.1 403 Forbidden\r\n[^]*\r\n\r\nno$/);
});
