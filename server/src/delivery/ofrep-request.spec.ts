import { describe, expect, it } from '@jest/globals';
import { mayBeNotModified, parseFlagKey, parseOfrepBody, parseOfrepContext } from './ofrep-request.js';

describe('parseOfrepBody', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('reads JSON, and nothing as nothing', () => {
    expect(parseOfrepBody(bytes('{"context":{"targetingKey":"\\u0000"}}'))).toEqual({
      context: { targetingKey: '\0' },
    });
    expect(parseOfrepBody(bytes(''))).toBeUndefined();
  });

  it('lets a key like __proto__ reach no prototype', () => {
    const body = parseOfrepBody(bytes('{"context":{"__proto__":{"plan":"pro"}}}'));
    expect(parseOfrepContext(body)['plan']).toBeUndefined();
  });

  it.each([bytes('{'), bytes('a=b'), Uint8Array.of(0x22, 0xe9, 0x22)])('refuses %p', (body) =>
    expect(() => parseOfrepBody(body)).toThrow(expect.objectContaining({ code: 'PARSE_ERROR' })),
  );
});

describe('parseOfrepContext', () => {
  it.each<[unknown, unknown]>([
    [undefined, {}],
    [null, {}],
    [{}, {}],
    [{ context: null }, {}],
    [
      { context: { targetingKey: 'u', plan: 'pro' }, other: 1 },
      { targetingKey: 'u', plan: 'pro' },
    ],
  ])('reads %j as %j', (body, context) => expect(parseOfrepContext(body)).toEqual(context));

  it.each<[unknown, string]>([
    [[], 'PARSE_ERROR'],
    ['text', 'PARSE_ERROR'],
    [{ context: [] }, 'INVALID_CONTEXT'],
    [{ context: 'u' }, 'INVALID_CONTEXT'],
    [{ context: 0 }, 'INVALID_CONTEXT'],
  ])('refuses %j: %s', (body, code) =>
    expect(() => parseOfrepContext(body)).toThrow(expect.objectContaining({ code })),
  );
});

describe('parseFlagKey', () => {
  it.each([
    ['/ofrep/v1/evaluate/flags/dark-mode', 'dark-mode'],
    ['/ofrep/v1/evaluate/flags/a/b%20c?x=1', 'a/b c'],
    ['/ofrep/v1/evaluate/flags/a%2Fb', 'a/b'],
    ['/ofrep/v1/evaluate/flags/a%2Fb%2F', 'a/b/'],
    ['/ofrep/v1/evaluate/flags/a/b/', 'a/b/'],
    ['/ofrep/v1/evaluate/flags/100%25', '100%'],
    ['/ofrep/v1/evaluate/flags/a%252Fb', 'a%2Fb'],
    ['/ofrep/v1/evaluate/flags/%C3%A9', 'é'],
  ])('reads %s as %s', (url, key) => expect(parseFlagKey(url)).toBe(key));

  it('refuses what does not decode', () => {
    expect(() => parseFlagKey('/ofrep/v1/evaluate/flags/%E9')).toThrow(
      expect.objectContaining({ code: 'PARSE_ERROR' }),
    );
  });
});

describe('mayBeNotModified', () => {
  it.each<[unknown, boolean]>([
    [undefined, true],
    ['', true],
    ['7.abc', true],
    ['8.def', false],
    ['6.old', false],
    [['7.abc', '7.abc'], false],
  ])('a client told of %j may be answered 304 at 7.abc: %p', (told, expected) =>
    expect(mayBeNotModified(told, '7.abc')).toBe(expected),
  );
});
