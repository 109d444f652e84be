import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { complaintAboutPath, fillPath, valuesAt } from './json-path.js';

const values = { service: 'checkout', version: '1.2.3', environment: 'production', window: '90s' };
const body = {
  versions: { '1.2.3': { errors: 4 } },
  list: [
    { v: '1.2.3', n: 1 },
    { v: '2', n: 2 },
  ],
};

it.each<[string, unknown[]]>([
  ["$.versions['{{version}}'].errors", [4]],
  ['$.list[?@.v == "{{version}}"].n', [1]],
  ['$.list[*].n', [1, 2]],
  ['$.list[?@.n > 1].n', [2]],
  ['$.nothing', []],
  ['$.__proto__', []],
  ['$.list.length', []],
])('finds %s', (path, found) => {
  expect(complaintAboutPath(path)).toBeUndefined();
  expect(valuesAt(fillPath(path, values), body, 10)).toEqual(found);
});

it.each([
  ['list', 'is not a JSONPath'],
  ['$.list[', 'is not a JSONPath'],
  ['$..', 'is not a JSONPath'],
  ['$.{{version}}', 'outside of quotes'],
  ["$['{{vresion}}']", 'unknown argument'],
  ["$['{{version}}]", 'not closed'],
  ['$[?match(@.v, "(a+)+b")]', 'is not a JSONPath'],
  ['$[?search(@.v, "(a+)+b")]', 'is not a JSONPath'],
  ['$[?(@.constructor.constructor("return 1")())]', 'is not a JSONPath'],
])('objects to %s', (path, says) => expect(complaintAboutPath(path)).toContain(says));

it('finds its own key, whatever a version is called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', "'"), (version, quote) => {
      const holder = Object.fromEntries([
        [version, 1],
        [`${version}x`, 2],
      ]);
      expect(valuesAt(fillPath(`$[${quote}{{version}}${quote}]`, { ...values, version }), holder, 9)).toEqual([1]);
    }),
  );
});

describe('a body that is hard to search', () => {
  it('is given up when it is deeper than any honest one', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5_000; i++) deep = [deep];
    expect(() => valuesAt('$..x', deep as [], 1)).toThrow();
  });

  it('is searched no further than needed', () => {
    expect(
      valuesAt(
        '$[*]',
        Array.from({ length: 100_000 }, (_, i) => i),
        2,
      ),
    ).toEqual([0, 1]);
  });
});
