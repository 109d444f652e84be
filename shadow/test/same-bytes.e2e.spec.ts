import { connect } from 'node:net';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endToEnd, withoutField } from '../src/field-lines.js';
import { startProxy, type TestProxy } from './start-proxy.js';
import { listen } from './start-service.js';

/** What a service answers: its parts come one by one. */
interface Script {
  readonly status: number;
  readonly lines: readonly (readonly [string, string])[];
  readonly chunks: readonly Uint8Array[];
  readonly hasLength: boolean;
  readonly trailer: string | undefined;
}

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/).map((name) => `X-${name}`);
const value = fc.stringMatching(/^[\x21-\x7e\xa1-\xff]([\x20-\x7e\xa1-\xff]{0,30}[\x21-\x7e\xa1-\xff])?$/);
const line = fc.oneof(
  fc.tuple(token, value),
  fc.constantFrom<readonly [string, string]>(
    ['Set-Cookie', 'a=1; Path=/'],
    ['set-cookie', 'b=2'],
    ['ETag', 'W/"x"'],
    ['Date', 'Sat, 01 Jan 2000 00:00:00 GMT'],
    ['Content-Type', 'application/json'],
    ['Content-Encoding', 'gzip'],
    ['Vary', '*'],
  ),
);
const script: fc.Arbitrary<Script> = fc.record({
  status: fc.constantFrom(200, 201, 204, 301, 304, 400, 404, 418, 500, 503),
  lines: fc.array(line, { maxLength: 8 }),
  chunks: fc.array(fc.uint8Array({ maxLength: 20_000, size: 'max' }), { maxLength: 5 }),
  hasLength: fc.boolean(),
  trailer: fc.option(value, { nil: undefined }),
});
const call = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'),
  body: fc.array(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), { maxLength: 3 }),
  isChunked: fc.boolean(),
  path: fc.stringMatching(/^\/[\w\-./~%?=&]{0,40}$/),
});

let proxy: TestProxy;
let current: Script;
let asked: { readonly method: string; readonly path: string; readonly body: Buffer }[] = [];
const service = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method = '', url: path = '' } = request;
    asked.push({ method, path, body: Buffer.concat(chunks) });
    const { status, lines, hasLength, trailer } = current;
    const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
    const length = current.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const framing = hasLength ? ['Content-Length', String(length)] : [];
    const isTrailed = hasBody && !hasLength && trailer !== undefined;
    response.sendDate = false;
    response.writeHead(status, [...lines.flat(), ...framing, ...(isTrailed ? ['Trailer', 'X-Sum'] : [])]);
    for (const chunk of hasBody ? current.chunks : []) response.write(chunk);
    if (isTrailed) response.addTrailers([['X-Sum', trailer]]);
    response.end();
  });
});

beforeAll(async () => {
  const url = await listen(service);
  proxy = await startProxy({ primary: url, candidate: url, methods: new Set(['GET', 'HEAD', 'POST', 'OPTIONS']) });
});
afterAll(async () => {
  await proxy.close();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});

it('the caller hears through the proxy what it would hear without, and the primary what the caller says', async () => {
  const property = fc.asyncProperty(script, call, async (answer, { method, body, isChunked, path }) => {
    current = answer;
    const sent = method === 'POST' || method === 'DELETE' ? body : [];
    const message = messageOf(method, path, sent, isChunked);
    asked = [];
    const direct = await ask(String((service.address() as { port: number }).port), message); // a TCP server's address
    const through = await ask(new URL(proxy.url).port, message);
    expect(through).toEqual(direct);
    expect(asked[1]).toEqual(asked[0]);
  });
  await fc.assert(property, { numRuns: 150 });
});

function messageOf(method: string, path: string, body: readonly Uint8Array[], isChunked: boolean): Buffer {
  const whole = Buffer.concat(body);
  const chunked = Buffer.concat([
    ...body.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    Buffer.from('0\r\n\r\n'),
  ]);
  const framing =
    body.length === 0 ? '' : isChunked ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${whole.length}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${framing}\r\n`;
  return Buffer.concat([Buffer.from(head), body.length === 0 ? Buffer.alloc(0) : isChunked ? chunked : whole]);
}

/** The answer's end-to-end part: status line, field lines in order, body without its framing, trailers. */
async function ask(port: string, message: Buffer): Promise<unknown> {
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(message));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
  const text = Buffer.concat(chunks).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [statusLine, ...rest] = text.slice(0, end).split('\r\n');
  const lines = rest.flatMap((each) => [each.slice(0, each.indexOf(':')), each.slice(each.indexOf(':') + 2)]);
  const isChunked = rest.some((each) => /^transfer-encoding: chunked$/i.test(each));
  const body = text.slice(end + 4);
  return { statusLine, lines: withoutField(endToEnd(lines), 'trailer'), ...(isChunked ? unchunked(body) : { body }) };
}

function unchunked(text: string): { readonly body: string; readonly trailers: string } {
  let [body, at] = ['', 0];
  for (;;) {
    const end = text.indexOf('\r\n', at);
    const size = parseInt(text.slice(at, end), 16);
    if (size === 0) return { body, trailers: text.slice(end + 2) };
    if (!(size > 0)) throw new Error(`There is no chunk at ${at}.`);
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}
