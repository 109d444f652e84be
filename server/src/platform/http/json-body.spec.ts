import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonBody, requireIdentityEncoding } from './json-body.js';

const parse = (text: string) => parseJsonBody(Buffer.from(text));

it('reads what JSON writes, as JSON reads it', () => {
  const safe = fc.json({ maxDepth: 8 }).filter((text) => !/__proto__|constructor|\\u0000|\0/u.test(text));
  fc.assert(
    fc.property(safe, (text) => expect(parse(text)).toEqual(JSON.parse(text))),
    { seed: 1 },
  );
});

it('takes nothing for undefined', () => expect(parse('')).toBeUndefined());

describe('depth', () => {
  it.each<[string, string]>([
    ['lists', '['.repeat(64) + ']'.repeat(64)],
    ['objects', '{"a":'.repeat(64) + '1' + '}'.repeat(64)],
    ['brackets in a string', JSON.stringify('['.repeat(10_000))],
    ['brackets behind an escaped quote', JSON.stringify(`"${'{'.repeat(10_000)}`)],
    ['brackets behind an escaped backslash', `["\\\\",${'[],'.repeat(100)}1]`],
    ['many lists beside each other', `[${'[],'.repeat(10_000)}1]`],
  ])('is fine: %s', (_name, text) => expect(parse(text)).toEqual(JSON.parse(text)));

  it.each<[string, string]>([
    ['65 lists', '['.repeat(65) + ']'.repeat(65)],
    ['65 objects', '{"a":'.repeat(65) + '1' + '}'.repeat(65)],
    ['a million lists that never end', '['.repeat(1_000_000)],
    ['brackets behind the end of a string', `"\\\\"${'['.repeat(65)}`],
  ])('is too much: %s', (_name, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'JSON_TOO_DEEP' }));
  });
});

describe('NUL', () => {
  it.each(['"\\u0000"', '"a\\u0000b"', '{"\\u0000":1}', '"\\\\\\u0000"', '"\0"'])('is refused: %j', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'JSON_HAS_NUL' }));
  });

  it.each(['"\\\\u0000"', '"u0000"', '"\\u0001"', '"\\\\\\\\u0000"'])('is not meant by %j', (text) => {
    expect(parse(text)).toBe(JSON.parse(text));
  });

  it('is looked for in no more than linear time', () => {
    const text = JSON.stringify('\\'.repeat(500_000));
    expect(parse(text)).toHaveLength(500_000);
  });
});

it.each<[string, Buffer]>([
  ['a lone byte', Buffer.from([0x22, 0xff, 0x22])],
  ['a cut sequence', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
  ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ['half of a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
])('refuses %s: it is not UTF-8', (_name, bytes) => {
  expect(() => parseJsonBody(bytes)).toThrow(expect.objectContaining({ code: 'BODY_NOT_UTF8' }));
});

it.each<[string, string]>([
  ['__proto__', '{"__proto__":{"a":1}}'],
  ['an escaped __proto__', '{"\\u005f_proto__":{"a":1}}'],
  ['__proto__ inside', '{"a":[{"__proto__":null}]}'],
  ['a constructor with a prototype', '{"constructor":{"prototype":{"a":1}}}'],
  ['a word', 'undefined'],
  ['NaN', 'NaN'],
  ['a comment', '{/**/}'],
  ['single quotes', "{'a':1}"],
  ['two values', '1 2'],
  ['a cut end', '{"a":'],
])('refuses %s', (_name, text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'JSON_MALFORMED' }));
});

it('leaves the prototype of objects alone', () => {
  expect(() => parse('{"__proto__":{"polluted":true}}')).toThrow();
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

describe('an encoding', () => {
  it.each([undefined, '', 'identity', ' Identity '])('is fine: %s', (encoding) => {
    expect(() => requireIdentityEncoding(encoding)).not.toThrow();
  });

  it.each(['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip', 'unheard-of'])('is refused: %s', (encoding) => {
    expect(() => requireIdentityEncoding(encoding)).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'CONTENT_ENCODING_UNSUPPORTED' }),
    );
  });
});
