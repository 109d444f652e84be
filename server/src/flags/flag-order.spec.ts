import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aFlag } from '../../test/builders/a-flag.js';
import {
  BY_KEY,
  FLAG_SORTS,
  type FlagOrder,
  type FlagPosition,
  isStored,
  parseSortKey,
  sortBehind,
  storedPosition,
  toSortKey,
} from './flag-order.js';

const order = fc.record({ sort: fc.constantFrom(...FLAG_SORTS), descending: fc.boolean() });
const key = fc.stringMatching(/^[a-c]{1,3}$/u);
const positions = fc.uniqueArray(fc.record({ value: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }), key }), {
  selector: (each) => each.key,
});
const FILTER = '[{}]';

describe('an order', () => {
  it('goes by value, then by key, and has those without a value last', () => {
    const some: readonly FlagPosition[] = [
      { value: null, key: 'a' },
      { value: 1, key: 'c' },
      { value: 2, key: 'b' },
      { value: 1, key: 'b' },
    ];
    const keysOf = (by: FlagOrder) => sortBehind(some, by, undefined).map(({ value, key: of }) => `${of}${value}`);
    expect(keysOf({ sort: 'evaluated', descending: false })).toEqual(['b1', 'c1', 'b2', 'anull']);
    expect(keysOf({ sort: 'evaluated', descending: true })).toEqual(['b2', 'b1', 'c1', 'anull']);
  });

  it('is cut anywhere without losing or repeating anything', () => {
    fc.assert(
      fc.property(positions, order, fc.integer({ min: 0, max: 20 }), (all, by, at) => {
        const whole = sortBehind(all, by, undefined);
        const last = whole[at];
        expect(sortBehind(all, by, last)).toEqual(last === undefined ? whole : whole.slice(at + 1));
      }),
    );
  });

  it('follows of flags themselves, or does not', () => {
    const flag = aFlag({ name: 'Cart', owner: null, dueAt: new Date(5), updatedAt: new Date(7) });
    const stored = FLAG_SORTS.filter((sort) => isStored({ sort, descending: false }));
    expect(stored.map((sort) => [sort, storedPosition(flag, { sort, descending: false }).value])).toEqual([
      ['key', null],
      ['name', 'Cart'],
      ['owner', null],
      ['due', 5],
      ['updated', 7],
    ]);
  });
});

describe('a cursor', () => {
  it.each<[FlagOrder, FlagPosition]>([
    [BY_KEY, { value: null, key: 'a/b' }],
    [
      { sort: 'name', descending: true },
      { value: 'Füße "店"', key: 'a' },
    ],
    [
      { sort: 'owner', descending: false },
      { value: null, key: 'a' },
    ],
    [
      { sort: 'updated', descending: false },
      { value: 1_763_755_200_000, key: 'a' },
    ],
    [
      { sort: 'evaluated', descending: true },
      { value: null, key: 'a' },
    ],
    [
      { sort: 'stage', descending: false },
      { value: 3, key: 'a' },
    ],
  ])('is read as it was written: %j', (by, position) => {
    expect(parseSortKey(toSortKey(position, by, FILTER), by, FILTER)).toEqual(position);
  });

  const ofKey = toSortKey({ value: null, key: 'a' }, BY_KEY, FILTER);
  it.each<[string, string, FlagOrder, string, string]>([
    ['of another order', ofKey, { sort: 'owner', descending: false }, FILTER, 'CURSOR_OF_ANOTHER_LIST'],
    ['of the other direction', ofKey, { sort: 'key', descending: true }, FILTER, 'CURSOR_OF_ANOTHER_LIST'],
    ['of a list that is narrowed otherwise', ofKey, BY_KEY, '[{"on":true}]', 'CURSOR_OF_ANOTHER_LIST'],
    ['whose value is of another kind', ofKey.replace('null', '"x"'), BY_KEY, FILTER, 'CURSOR_OF_ANOTHER_LIST'],
    ['that is a key alone', 'a', BY_KEY, FILTER, 'CURSOR_UNKNOWN'],
    ['that is other JSON', '{}', BY_KEY, FILTER, 'CURSOR_UNKNOWN'],
    [
      'with a key that no flag has',
      toSortKey({ value: null, key: '\0' }, BY_KEY, FILTER),
      BY_KEY,
      FILTER,
      'CURSOR_UNKNOWN',
    ],
    [
      'with NUL in its value',
      '["name x","a\\u0000b","a"]',
      { sort: 'name', descending: false },
      FILTER,
      'CURSOR_UNKNOWN',
    ],
    [
      'with half of a surrogate pair',
      '["owner x","\\ud800","a"]',
      { sort: 'owner', descending: false },
      FILTER,
      'CURSOR_UNKNOWN',
    ],
  ])('%s is refused', (_name, text, by, filter, code) => {
    expect(() => parseSortKey(text, by, filter)).toThrow(expect.objectContaining({ kind: 'invalid', code }));
  });

  it('with a moment that no date can be is refused', () => {
    const by: FlagOrder = { sort: 'due', descending: false };
    const text = toSortKey({ value: 8.7e15, key: 'a' }, by, FILTER);
    expect(() => parseSortKey(text, by, FILTER)).toThrow(expect.objectContaining({ code: 'CURSOR_OF_ANOTHER_LIST' }));
  });
});
