import { createHash } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { takeSnapshot } from '@sluice/sdk/comparison';
import { incomparable, observeAnswer, type ObservedAnswer, VOLATILE_HEADERS } from './observed-answer.js';

const LIMIT = 1_000;
const digest = (body: string | Buffer) => ({
  sha256: createHash('sha256').update(body).digest('hex'),
  bytes: Buffer.byteLength(body),
});

function observe(
  body: string | Buffer | undefined,
  lines: readonly string[],
  isPrimary = true,
): Promise<ObservedAnswer> {
  const answer = { method: 'GET', status: 200, lines, body: body === undefined ? undefined : Buffer.from(body) };
  return observeAnswer(answer, { isPrimary, ignored: new Set(VOLATILE_HEADERS), limit: LIMIT });
}

it.each<[string, string, string | Buffer, unknown]>([
  ['JSON', 'application/json', '{"a":[1,null]}', { a: [1, null] }],
  ['JSON of a type of its own', 'application/problem+json; charset=UTF-8', '1', 1],
  ['the JSON null', 'application/json', 'null', null],
  ['what is no JSON', 'application/json', '{', digest('{')],
  [
    'JSON that is no UTF-8',
    'application/json',
    Buffer.from([0x22, 0xff, 0x22]),
    digest(Buffer.from([0x22, 0xff, 0x22])),
  ],
  ['JSON of another charset', 'application/json; charset=iso-8859-1', '1', digest('1')],
  ['text', 'text/html', '<p>ä</p>', '<p>ä</p>'],
  ['XML', 'application/atom+xml', '<a/>', '<a/>'],
  ['an image', 'image/png', 'abc', digest('abc')],
  ['nothing', 'application/json', '', digest('')],
])('compares %s', async (_name, type, body, value) => {
  expect((await observe(body, ['Content-Type', type])).body).toEqual(value);
});

it('does not take whole numbers for equal that a double cannot tell apart, and leaves all others as they are', async () => {
  const valueOf = async (text: string) => (await observe(text, ['Content-Type', 'application/json'])).body;
  expect(await valueOf('[9007199254740993]')).not.toEqual(await valueOf('[9007199254740992]'));
  expect(await valueOf('[9007199254740992, 0.30000000000000004, 1e300, "9007199254740993"]')).toEqual([
    ...[9007199254740992, 0.30000000000000004, 1e300, '9007199254740993'],
  ]);
});

it.each<[string, string, Buffer]>([
  ['gzip', 'gzip', gzipSync('[1]')],
  ['brotli', 'br', brotliCompressSync('[1]')],
  ['deflate as it should be', 'deflate', deflateSync('[1]')],
  ['deflate as some send it', 'deflate', deflateRawSync('[1]')],
  ['two codings', 'gzip, BR', brotliCompressSync(gzipSync('[1]'))],
  ['none', 'identity', Buffer.from('[1]')],
])('undoes %s', async (_name, coding, body) => {
  const lines = ['Content-Type', 'application/json', 'Content-Encoding', coding];
  expect((await observe(body, lines)).body).toEqual([1]);
});

it('compares by its bytes what cannot be decoded', async () => {
  expect((await observe('[1]', ['Content-Encoding', 'gzip'])).body).toEqual(digest('[1]'));
  expect((await observe('[1]', ['Content-Encoding', 'compress'])).body).toEqual(digest('[1]'));
});

it('a body that would be decoded to more than the bound is too long', async () => {
  const bomb = gzipSync('0'.repeat(LIMIT * 500));
  expect(bomb.length).toBeLessThan(LIMIT);
  const lines = ['Content-Encoding', 'gzip', 'Content-Type', 'text/plain'];
  const [primary, candidate] = [await observe(bomb, lines), await observe(bomb, lines, false)];
  expect(() => takeSnapshot(primary)).toThrow();
  expect(candidate).toMatchObject({ status: 200, body: 'longer than what is compared' });
});

it('a primary’s answer that is too long, or is none, cannot be read by any comparison', async () => {
  for (const each of [incomparable(), await observe(undefined, [])]) expect(() => takeSnapshot(each)).toThrow();
});

it('compares headers in small letters, without those that always differ or frame the body', async () => {
  const lines = ['ETag', '"a"', 'Date', 'now', 'AGE', '3', 'Content-Length', '2', 'Connection', 'X-Hop', 'x-hop', '1'];
  const { headers } = await observe('', [...lines, 'Vary', 'a', 'vary', 'b', 'Keep-Alive', 'x']);
  expect(headers).toEqual({ etag: '"a"', vary: 'a, b' });
});

it('compares the length that an answer tells in place of its body', async () => {
  const about = { isPrimary: true, ignored: new Set<string>(), limit: LIMIT };
  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 304],
  ] as const) {
    const answer = { method, status, lines: ['Content-Length', '17'], body: Buffer.alloc(0) };
    expect((await observeAnswer(answer, about)).headers).toEqual({ 'content-length': '17' });
  }
});

it('takes cookies apart, and leaves out when they expire', async () => {
  const lines = ['Set-Cookie', 'sid=a=b; Path=/; HttpOnly; Expires=x; Max-Age=3', 'set-cookie', '__proto__=1'];
  const { headers } = await observe('', lines);
  const cookies = headers['set-cookie'] as Record<string, unknown>; // as made of two
  expect(Object.entries(cookies)).toEqual([
    ['sid', { value: 'a=b', path: '/', httponly: '', 'max-age': '3' }],
    ['__proto__', { value: '1' }],
  ]);
});

it('never fails, whatever came', async () => {
  const type = fc.constantFrom('application/json', 'text/plain', 'application/json; charset', ';;', 'x/y');
  const coding = fc.constantFrom('gzip', 'br', 'deflate', 'gzip,gzip', ',', '__proto__');
  const property = fc.asyncProperty(
    fc.uint8Array({ maxLength: 64 }),
    type,
    coding,
    async (body, contentType, codings) => {
      await observe(Buffer.from(body), ['Content-Type', contentType, 'Content-Encoding', codings], false);
    },
  );
  await fc.assert(property);
});
