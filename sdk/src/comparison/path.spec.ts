import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEEP, formatPath, isDataKey, ONE, parsePath, parseRulePath, POSITION, type Step } from './path.js';

describe('formatPath', () => {
  it.each<[readonly Step[], string]>([
    [[], '$'],
    [['items', POSITION, 'price'], '$.items[*].price'],
    [['content-type'], "$['content-type']"],
    [['', 'Jane Doe', 'Müller', "O'Hara", 'a.b', 'Content-Type'], '$[*][*][*][*][*][*]'],
    [['a\nb', 'a\u0000', '\ud800'], '$[*][*][*]'],
    [['jane123', 'line1', 'x-b3-flags', 'order-123'], "$[*].line1['x-b3-flags'][*]"],
    [['byDay', '2026-11-21'], '$.byDay[*]'],
    [['users', 'eve@example.com', 'name'], '$.users[*].name'],
    [['x'.repeat(65)], '$[*]'],
  ])('writes %j as %s', (steps, path) => expect(formatPath(steps)).toBe(path));

  it('names what lies deeper than 30 steps by its ancestor', () => {
    expect(formatPath(Array.from({ length: 31 }, () => 'a'))).toBe(`$${'.a'.repeat(30)}.**`);
  });

  it('writes what parsePath reads', () => {
    const step = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(POSITION));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const normal = steps.map((each) => (each !== POSITION && isDataKey(each) ? POSITION : each));
        expect(parsePath(formatPath(steps))).toEqual(normal);
      }),
    );
  });

  it('writes only what stands in one line of text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (steps) => {
        expect(formatPath(steps)).toMatch(/^[\w$.[\]*'-]+$/);
      }),
    );
  });
});

describe('isDataKey', () => {
  it.each([
    '7',
    '2026-11-21',
    '12:30',
    '-1',
    '12.5',
    'order-10023',
    'a@b',
    '0f8fad5bd9cb469fa165',
    '',
    '-',
    'sha256',
    'Jane Doe',
  ])('takes %s for data', (key) => expect(isDataKey(key)).toBe(true));
  it('takes a UUID for data', () => expect(isDataKey('c0f8fad5-d9cb-469f-a165-70867728950e')).toBe(true));
  it.each(['price', 'md5', 'line1', '_', '$ref', 'content-type', 'created_at', 'totalNet'])(
    'takes %s for a name',
    (key) => expect(isDataKey(key)).toBe(false),
  );
});

describe('parseRulePath', () => {
  it.each([
    ['$', []],
    ['$.items[*].price', ['items', ONE, 'price']],
    ['$.items.*.price', ['items', ONE, 'price']],
    ["$['content-type']", ['content-type']],
    ["$['\\u0061'].**", ['a', DEEP]],
    ['$.**.at', [DEEP, 'at']],
  ])('reads %s', (pattern, steps) => expect(parseRulePath(pattern)).toEqual({ steps }));

  it.each<[unknown, string]>([
    ['items', 'A path is a text that begins with $, as in $.items[*].price.'],
    ['', 'A path is a text that begins with $, as in $.items[*].price.'],
    [7, 'A path is a text that begins with $, as in $.items[*].price.'],
    ['$.items[0]', 'Positions in lists are no part of a path: write [*] for any of them.'],
    ['$..price', 'Write .** for any number of steps: $.**.price.'],
    ['$["a"]', "Keys are quoted by single quotes: ['content-type']."],
    [
      '$.byDay.2026',
      "The path cannot be read from character 8 on: each step is .key, ['any key'], [*] for any one, or .** for any number of them.",
    ],
    ["$.byDay['2026-11-21']", "The key '2026-11-21' is taken for data, which paths leave out: write [*] in its place."],
    ["$['Jane Doe'].a", "The key 'Jane Doe' is taken for data, which paths leave out: write [*] in its place."],
    [`$${'.a'.repeat(32)}`, 'A path has at most 30 steps.'],
    [`$.${'a'.repeat(1000)}`, 'A path has at most 1000 characters.'],
  ])('says of %j what to write instead', (pattern, problem) => expect(parseRulePath(pattern)).toEqual({ problem }));

  it('reads or objects to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '.', '*', '[', ']', "'", '\\', 'a', 'u', '0') }), (text) => {
        const parsed = parseRulePath(`$${text}`);
        expect('problem' in parsed ? parsed.problem : '.').toMatch(/\.$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
