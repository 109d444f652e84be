import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseIdempotencyKey } from './idempotency-key.js';

it.each<[string, string]>([
  ['"my-key-1"', 'my-key-1'],
  [' "8e03978e-40d5-43dd-bc93-6894a57f9324" ', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['"a \\"quoted\\" \\\\ word"', 'a "quoted" \\ word'],
])('reads %s', (header, expected) => expect(parseIdempotencyKey(header)).toBe(expected));

it.each<[string, string | string[]]>([
  ['nothing', ''],
  ['an empty string', '""'],
  ['a bare token', 'my-key-1'],
  ['one quote', '"my-key'],
  ['two strings', '"a", "b"'],
  ['parameters', '"a";x=1'],
  ['a foreign escape', '"a\\n"'],
  ['a quote that is not escaped', '"a"b"'],
  ['a letter outside ASCII', '"ü"'],
  ['a control character', '"a\tb"'],
  ['256 characters', `"${'k'.repeat(256)}"`],
  ['two headers', ['"a"', '"b"']],
])('refuses %s', (_name, header) => {
  expect(() => parseIdempotencyKey(header)).toThrow(expect.objectContaining({ code: 'IDEMPOTENCY_KEY_MALFORMED' }));
});

it('reads back every printable key', () => {
  const printable = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 255,
  });
  fc.assert(
    fc.property(printable, (key) => {
      expect(parseIdempotencyKey(`"${key.replaceAll(/["\\]/gu, '\\$&')}"`)).toBe(key);
    }),
    { seed: 1 },
  );
});
