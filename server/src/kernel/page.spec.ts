import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePageRequest, toPage } from './page.js';

describe('parsePageRequest', () => {
  it.each<[string | undefined, number]>([
    [undefined, 50],
    ['1', 1],
    ['200', 200],
  ])('reads the limit %s as %d', (limit, expected) => {
    expect(parsePageRequest({ limit })).toEqual({ limit: expected, after: undefined });
  });

  it.each(['0', '201', '-1', '1.5', 'ten', '', 'NaN', 'Infinity', '1e9'])('refuses the limit "%s"', (limit) => {
    expect(() => parsePageRequest({ limit })).toThrow(expect.objectContaining({ code: 'LIMIT_OUT_OF_RANGE' }));
  });

  it.each<[string, string]>([
    ['no base64', '***'],
    ['no UTF-8', Buffer.from([0xff, 0xfe]).toString('base64url')],
    ['NUL', Buffer.from('a\0').toString('base64url')],
    ['nothing', ''],
  ])('refuses a cursor of %s', (_name, after) => {
    expect(() => parsePageRequest({ after })).toThrow(expect.objectContaining({ code: 'CURSOR_UNKNOWN' }));
  });

  it('refuses a cursor of another list', () => {
    const after = Buffer.from('shop').toString('base64url');
    const isNumber = (text: string) => /^\d+$/u.test(text);
    expect(() => parsePageRequest({ after }, isNumber)).toThrow(expect.objectContaining({ code: 'CURSOR_UNKNOWN' }));
  });
});

describe('toPage', () => {
  it('gives all of a short list and no cursor', () => {
    expect(toPage(['a', 'b'], 2, String)).toEqual({ items: ['a', 'b'], nextCursor: null });
    expect(toPage([], 2, String)).toEqual({ items: [], nextCursor: null });
  });

  it('is followed by the page that begins after its last item, whatever the sort keys', () => {
    const keys = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => !key.includes('\0')),
      {
        minLength: 2,
      },
    );
    fc.assert(
      fc.property(keys, (rows) => {
        const limit = rows.length - 1;
        const { items, nextCursor } = toPage(rows, limit, String);
        expect(items).toEqual(rows.slice(0, limit));
        expect(nextCursor).toMatch(/^[\w-]+$/u);
        expect(parsePageRequest({ after: nextCursor ?? undefined }).after).toBe(items.at(-1));
      }),
      { seed: 1 },
    );
  });
});
