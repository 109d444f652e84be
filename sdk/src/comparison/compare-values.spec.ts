import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ComparisonRule, RuleEffect } from '../evaluation/comparison-rule.js';
import { compareValues } from './compare-values.js';
import { compileRules, NO_RULES } from './compile-rules.js';
import { takeSnapshot } from './snapshot.js';
import { alike, anything, mirrored, placesOf } from '../../test/comparison/arbitraries.js';

const EQUAL = { kept: [], waived: [], isCut: false };
const compare = (control: unknown, candidate: unknown) => compareValues(control, candidate, NO_RULES);
const places = (control: unknown, candidate: unknown) => placesOf(compare(control, candidate).kept);
const rules = (...effects: readonly (readonly [string, RuleEffect])[]) =>
  compileRules(effects.map(([path, effect], index): ComparisonRule => ({ id: String(index), path, ...effect })));
const outcome = (control: unknown, candidate: unknown, compiled: ReturnType<typeof rules>) => {
  const { kept, waived } = compareValues(control, candidate, compiled);
  return { kept: placesOf(kept), waived: placesOf(waived) };
};

class Point {
  constructor(readonly x: number) {}
}
class Pixel {
  constructor(readonly x: number) {}
}

describe('compareValues', () => {
  it('finds no difference between a value and its snapshot', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(compare(value, takeSnapshot(value))).toEqual(EQUAL);
        expect(compare(takeSnapshot(value), value)).toEqual(EQUAL);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the mirrored differences when the arms change places', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(alike, alike), fc.tuple(anything, anything)), ([control, candidate]) => {
        const there = compare(control, candidate).kept;
        expect(placesOf(compare(candidate, control).kept.map(mirrored))).toEqual(placesOf(there));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each<[string, unknown, unknown]>([
    ['NaN', NaN, NaN],
    ['the two zeros', 0, -0],
    ['a boxed value and its content', Object('a'), 'a'],
    ['keys in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['an object without a prototype', { a: 1 }, Object.assign(Object.create(null) as object, { a: 1 })],
    ['a hole and undefined', [, 1], [undefined, 1]],
    ['buffers of the same bytes', Buffer.from('abc'), new Uint8Array([97, 98, 99])],
    ['dates', new Date(5), new Date(5)],
    ['invalid dates', new Date(NaN), new Date(NaN)],
    [
      'maps with the same keys in another order',
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ],
    ['maps by keys that are objects', new Map([[{ id: 1 }, 'x']]), new Map([[{ id: 1 }, 'x']])],
    ['sets of equal objects', new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }])],
    ['symbols of one description', Symbol('a'), Symbol('a')],
    ['expressions', /a/gi, /a/gi],
    ['URLs', new URL('https://a.example/b'), new URL('https://a.example/b')],
    ['instances', new Point(1), new Point(1)],
  ])('takes for equal: %s', (_name, control, candidate) => expect(compare(control, candidate)).toEqual(EQUAL));

  it.each<[string, unknown, unknown, readonly string[]]>([
    ['a member', { a: { b: 1 } }, { a: { b: 2 } }, ['$.a.b value +1']],
    ['a type', { a: 1 }, { a: '1' }, ['$.a type number→text']],
    ['null', { a: null }, { a: 0 }, ['$.a type null→0']],
    ['a missing member', { a: 1, b: 0 }, { a: 1 }, ['$.b missing 0→absent']],
    ['an extra member', {}, { a: [1] }, ['$.a extra absent→array']],
    ['undefined and no member', { a: undefined }, {}, ['$.a missing undefined→absent']],
    ['one member in place of another', { a: 1 }, { b: 1 }, ['$.a missing number→absent', '$.b extra absent→number']],
    ['an inherited name', {}, { constructor: 1 }, ['$.constructor extra absent→number']],
    [
      'elements, without their position',
      [{ p: 1 }, { p: 5 }],
      [{ p: 2 }, { p: 9 }],
      ['$[*].p value +1', '$[*].p value number→number'],
    ],
    ['one appended', [1, 2], [1, 2, 3], ['$ size +1']],
    [
      'one put in front',
      [
        { a: 1, b: 2 },
        { a: 2, b: 3 },
      ],
      [
        { a: 9, b: 9 },
        { a: 1, b: 2 },
        { a: 2, b: 3 },
      ],
      ['$ size +1'],
    ],
    ['one taken out of the middle', [1, 2, 3, 4], [1, 2, 4], ['$ size −1']],
    [
      'one put in and one changed',
      [
        { a: 1, b: 1 },
        { a: 5, b: 5 },
      ],
      [
        { a: 1, b: 1 },
        { a: 5, b: 7 },
        { a: 3, b: 3 },
      ],
      ['$ size +1', '$[*].b value number→number'],
    ],
    ['some taken out and the rest moved', [1, 2, 3, 4, 5], [5, 2, 1], ['$ order moved', '$ size fewer']],
    ['nothing left', [1, 2], [], ['$ size fewer']],
    ['elements in another order', [{ a: 1 }, { a: 2 }, { a: 3 }], [{ a: 3 }, { a: 2 }, { a: 1 }], ['$ order moved']],
    [
      'inner lists in another order',
      {
        a: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        a: [
          [1, 2],
          [4, 3],
        ],
      },
      ['$.a[*] order moved'],
    ],
    ['a class', new Point(1), new Pixel(1), ['$ type class']],
    ['an instance and a plain object', { p: new Point(1) }, { p: { x: 2 } }, ['$.p type class', '$.p.x value +1']],
    ['dates', { at: new Date(1) }, { at: new Date(2) }, ['$.at value time']],
    ['a date and its text', new Date(0), '1970-01-01T00:00:00Z', ['$ type notation']],
    ['bytes', Buffer.from('ab'), Buffer.from('ac'), ['$ value bytes→bytes']],
    ['numbers of bytes', Buffer.from('ab'), Buffer.from('abc'), ['$ size +1']],
    ['typed arrays', new Float32Array([1, 2]), new Float32Array([1, 3]), ['$[*] value +1']],
    [
      'map entries',
      new Map<unknown, unknown>([
        ['a', 1],
        [7, 1],
      ]),
      new Map<unknown, unknown>([
        ['a', 2],
        [7, 3],
      ]),
      ['$[*] value +1', '$[*] value number→number'],
    ],
    ['map keys', new Map([['a', 1]]), new Map([['b', 1]]), ['$[*] extra absent→number', '$[*] missing number→absent']],
    ['set members', new Set([1, 2]), new Set([1, 3]), ['$[*] value +1']],
    ['set sizes', new Set([1, 2]), new Set([1]), ['$ size −1']],
    ['errors as values', { e: new Error('a') }, { e: new Error('b') }, ['$.e.message value text→text']],
    [
      'errors of other classes',
      [new Error('a')],
      [new TypeError('a')],
      ['$[*] type class', '$[*].name value text→text'],
    ],
    ['expressions', /a/g, /a/i, ['$ value text→text']],
    [
      'keys that are data',
      { byId: { '10': 1, '11': 2 } },
      { byId: { '10': 2, '11': 3 } },
      ['$.byId[*] value +1', '$.byId[*] value +1'],
    ],
  ])('names what differs: %s', (_name, control, candidate, expected) =>
    expect(places(control, candidate)).toEqual(expected),
  );

  it('takes the keys of an object of more than a hundred members for data', () => {
    const members = (value: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_each, index) => [`k${index}`, index === 5 ? value : 0]));
    expect(places(members(1, 101), members(2, 101))).toEqual(['$[*] value +1']);
    expect(places(members(1, 100), members(2, 100))).toEqual(['$.k5 value +1']);
  });

  it('tells values, sizes and distances', () => {
    expect(compare({ a: 2, b: [1] }, { a: 4, b: [1, 2] }).kept).toEqual([
      {
        path: '$.a',
        kind: 'value',
        transition: 'number→number',
        control: 2,
        candidate: 4,
        delta: { absolute: 2, relative: 0.5, ulps: 2 ** 52 },
      },
      { path: '$.b', kind: 'size', transition: '+1', control: 1, candidate: 2 },
    ]);
  });
});

describe('compareValues under rules', () => {
  it.each<[string, unknown, unknown, ReturnType<typeof rules>]>([
    ['ignored', { at: 1, a: 1 }, { at: 2, a: 1 }, rules(['$.at', { kind: 'ignore' }])],
    ['ignored below', { meta: { at: 1 } }, { meta: { at: 'x', by: 1 } }, rules(['$.meta', { kind: 'ignore' }])],
    ['ignored and absent', { at: 1 }, {}, rules(['$.at', { kind: 'ignore' }])],
    [
      'ignored in elements that moved',
      [
        { a: 1, at: 1 },
        { a: 2, at: 2 },
      ],
      [{ a: 2, at: 3 }, { a: 1 }],
      rules(['$[*].at', { kind: 'ignore' }], ['$', { kind: 'unordered' }]),
    ],
    ['absolute', 10, 10.5, rules(['$', { kind: 'tolerance', absolute: 0.5 }])],
    ['relative', 100, 101, rules(['$', { kind: 'tolerance', relative: 0.01 }])],
    ['ulps', 0.3, 0.1 + 0.2, rules(['$', { kind: 'tolerance', ulps: 1 }])],
    ['any bound', 100, 101, rules(['$', { kind: 'tolerance', absolute: 0, relative: 0.01 }])],
    ['bigint', 100n, 101n, rules(['$', { kind: 'tolerance', absolute: 1 }])],
    [
      'typed arrays',
      new Float32Array([1, 2]),
      new Float32Array([1, 2.125]),
      rules(['$[*]', { kind: 'tolerance', absolute: 0.2 }]),
    ],
    ['dates', new Date(0), new Date(900), rules(['$', { kind: 'date', withinMs: 900 }])],
    ['instants', '2026-11-21T12:00:00Z', '2026-11-21T13:00:00.5+01:00', rules(['$', { kind: 'date', withinMs: 500 }])],
    ['a date and a text', new Date(0), '1970-01-01T00:00:00Z', rules(['$', { kind: 'date', withinMs: 0 }])],
    ['case', ['A'], ['a'], rules(['$[*]', { kind: 'caseInsensitive' }])],
    ['order', [1, 2, 2], [2, 1, 2], rules(['$', { kind: 'unordered' }])],
    [
      'order and distance',
      [1, 2, 3],
      [3.01, 1.01, 2.01],
      rules(['$', { kind: 'unordered' }], ['$[*]', { kind: 'tolerance', absolute: 0.1 }]),
    ],
    [
      'order and case',
      ['A', 'b'],
      ['B', 'a'],
      rules(['$', { kind: 'unordered' }], ['$[*]', { kind: 'caseInsensitive' }]),
    ],
    [
      'order within order',
      [
        [1, 2],
        [3, 4],
      ],
      [
        [4, 3],
        [2, 1],
      ],
      rules(['$.**', { kind: 'unordered' }]),
    ],
    [
      'order by a field',
      [{ id: 1 }, { id: 2 }],
      [{ id: 2 }, { id: 1 }],
      rules(['$', { kind: 'keyedBy', field: 'id' }]),
    ],
  ])('waives what they cover: %s', (_name, control, candidate, compiled) => {
    const { kept, waived, isCut } = compareValues(control, candidate, compiled);
    expect({ kept, isCut }).toEqual({ kept: [], isCut: false });
    expect(waived).not.toEqual([]);
  });

  it.each<[string, unknown, unknown, ReturnType<typeof rules>, readonly string[]]>([
    ['a larger distance', 10, 10.6, rules(['$', { kind: 'tolerance', absolute: 0.5 }]), ['$ value rounding']],
    ['NaN', 10, NaN, rules(['$', { kind: 'tolerance', relative: 1 }]), ['$ value number→NaN']],
    ['text instead of a number', 10, '10', rules(['$', { kind: 'tolerance', absolute: 1 }]), ['$ type number→text']],
    ['a later date', new Date(0), new Date(901), rules(['$', { kind: 'date', withinMs: 900 }]), ['$ value time']],
    ['no instants', 'a', 'b', rules(['$', { kind: 'date', withinMs: 900 }]), ['$ value text→text']],
    ['other letters', 'A', 'b', rules(['$', { kind: 'caseInsensitive' }]), ['$ value text→text']],
    ['another element', [1, 5], [7, 1], rules(['$', { kind: 'unordered' }]), ['$[*] value number→number']],
    ['one more element', [1, 5], [7, 5, 1], rules(['$', { kind: 'unordered' }]), ['$ size +1']],
    [
      'a member of a keyed element',
      [
        { id: 1, a: 1 },
        { id: 2, a: 5 },
      ],
      [
        { id: 2, a: 6 },
        { id: 1, a: 1 },
      ],
      rules(['$', { kind: 'keyedBy', field: 'id' }]),
      ['$[*].a value +1'],
    ],
    [
      'keyed elements that have no counterpart',
      [{ id: 1 }, { id: 2 }],
      [{ id: 1 }, { id: 3 }],
      rules(['$', { kind: 'keyedBy', field: 'id' }]),
      ['$[*] extra absent→object', '$[*] missing object→absent'],
    ],
    [
      'a keyed element too many',
      [{ id: 1 }],
      [{ id: 2 }, { id: 1 }],
      rules(['$', { kind: 'keyedBy', field: 'id' }]),
      ['$ size +1', '$[*] extra absent→object'],
    ],
    [
      'a key twice: by position',
      [
        { id: 1, a: 1 },
        { id: 1, a: 2 },
      ],
      [
        { id: 1, a: 2 },
        { id: 1, a: 1 },
      ],
      rules(['$', { kind: 'keyedBy', field: 'id' }]),
      ['$ order moved'],
    ],
    ['what lies beside', { at: 1, a: 1 }, { at: 2, a: 2 }, rules(['$.at', { kind: 'ignore' }]), ['$.a value +1']],
  ])('keeps what they do not: %s', (_name, control, candidate, compiled, expected) =>
    expect(outcome(control, candidate, compiled).kept).toEqual(expected),
  );

  it('finds nothing that counts in a permutation, unordered', () => {
    const permuted = fc
      .array(alike, { maxLength: 8 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(permuted, ([control, candidate]) => {
        const compiled = rules(['$', { kind: 'unordered' }]);
        expect(outcome(control, candidate, compiled).kept).toEqual([]);
        expect(outcome({ a: control }, { a: candidate }, rules(['$.**', { kind: 'unordered' }])).kept).toEqual([]);
      }),
    );
  });

  it('finds the same in a permutation of keyed elements as in the same order', () => {
    const elements = fc.uniqueArray(fc.tuple(fc.nat(20), alike, alike), { selector: ([id]) => id, maxLength: 6 });
    const permuted = elements.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(permuted, ([list, shuffled]) => {
        const control = list.map(([id, a]) => ({ id, a }));
        const inOrder = list.map(([id, _a, b]) => ({ id, a: b }));
        const candidate = shuffled.map(([id, _a, b]) => ({ id, a: b }));
        const compiled = rules(['$', { kind: 'keyedBy', field: 'id' }]);
        expect(outcome(control, candidate, compiled).kept).toEqual(outcome(control, inOrder, compiled).kept);
      }),
    );
  });

  it('keeps and waives together what is kept without rules, where order does not matter', () => {
    const effect = fc.constantFrom<RuleEffect>(
      { kind: 'ignore' },
      { kind: 'tolerance', absolute: 1 },
      { kind: 'caseInsensitive' },
      { kind: 'date', withinMs: 1 },
    );
    const rule = fc.tuple(fc.constantFrom('$.a', '$.**.b', '$[*]', '$.*.*'), effect);
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(0, 1, 5, 'a', 'A', null, new Date(0), new Date(1)),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(value, value, fc.array(rule, { maxLength: 4 }), (control, candidate, effects) => {
        const { kept, waived } = compareValues(control, candidate, rules(...effects));
        expect(placesOf([...kept, ...waived])).toEqual(places(control, candidate));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('compareValues and the golden cases of Diffy', () => {
  it.each<[string, unknown, unknown, readonly string[]]>([
    ['Ordering([0,1,2],[2,1,0])', ['a', 'b', 'c'], ['c', 'b', 'a'], ['$ order moved']],
    [
      'SeqSize(missing [a], extra [c,c])',
      ['a', 'a', 'b', 'b'],
      ['a', 'b', 'b', 'c', 'c'],
      ['$ size +1', '$[*] value text→text'],
    ],
    ['Type: an int and a long', 2, 3n, ['$ type number→bigint']],
    ['Primitive', { a: { b: 1 } }, { a: { b: 3 } }, ['$.a.b value number→number']],
    ['Indexed: children without their position', [1, 2, 3], [1, 5, 3], ['$[*] value number→number']],
    ['MissingField', { a: 1, c: 2 }, { a: 1 }, ['$.c missing number→absent']],
    ['ExtraField', { a: 1 }, { a: 1, c: 2 }, ['$.c extra absent→number']],
    ['dictionary: values.* without the key', { '1': 'a', '2': 'b' }, { '1': 'a', '2': 'c' }, ['$[*] value text→text']],
  ])('%s', (_name, control, candidate, expected) => expect(places(control, candidate)).toEqual(expected));
});

describe('compareValues and values that would hold it up', () => {
  const ring = (length: number): object => {
    const first: { next?: object } = {};
    let last = first;
    for (let at = 1; at < length; at += 1) last = last.next = {};
    last.next = first;
    return first;
  };

  it('takes cycles for equal that no path tells apart', () => {
    expect(compare(ring(1), ring(1))).toEqual(EQUAL);
    expect(compare(ring(2), ring(3))).toEqual(EQUAL);
    const list: unknown[] = [1];
    list.push(list, new Map([['self', list]]));
    expect(compare(list, takeSnapshot(list))).toEqual(EQUAL);
    expect(places({ ...ring(1), a: 1 }, { ...ring(1), a: 2 })).toEqual(['$.a value +1']);
  });

  it('takes a shared object for equal to two', () => {
    const shared = { a: 1 };
    expect(compare([shared, shared], [{ a: 1 }, { a: 1 }])).toEqual(EQUAL);
  });

  it('ends when there are too many parts, too much depth, or too many differences', () => {
    const doubled = (depth: number): unknown => (depth === 0 ? 1 : [doubled(depth - 1), doubled(depth - 1)]);
    expect(compare(doubled(17), doubled(17))).toMatchObject({ kept: [], isCut: true });
    let [deep, other]: unknown[] = [1, 1];
    for (let at = 0; at < 50_000; at += 1) [deep, other] = [[deep], [other]];
    expect(compare(deep, other)).toMatchObject({ kept: [], isCut: true });
    const many = (value: number) => Array.from({ length: 200 }, () => ({ value }));
    expect(compare(many(1), many(2))).toMatchObject({ isCut: true, kept: { length: 100 } });
  });

  it('looks on when many differences are waived', () => {
    const many = (value: number) => ({ list: Array.from({ length: 200 }, () => ({ value })), last: value });
    const { kept, waived, isCut } = compareValues(many(1), many(2), rules(['$.list', { kind: 'ignore' }]));
    expect({ kept: placesOf(kept), waived: waived.length, isCut }).toEqual({
      kept: ['$.last value +1'],
      waived: 100,
      isCut: false,
    });
  });

  it('says nothing of what cannot be read', () => {
    expect(compare(Promise.resolve(1), Promise.resolve(2))).toEqual({ ...EQUAL, isCut: true });
    expect(compare(new Proxy(new Map(), {}), new Proxy(new Map([[1, 2]]), {}))).toEqual({ ...EQUAL, isCut: true });
  });

  it('compares each nested element a few times at most', () => {
    const nested = (depth: number, value: number): unknown => (depth === 0 ? value : [nested(depth - 1, value)]);
    let reads = 0;
    const counting = (value: unknown): unknown => {
      if (!Array.isArray(value)) return value;
      return new Proxy(value.map(counting), {
        get: (target, key, receiver) => {
          reads += key === '0' ? 1 : 0;
          return Reflect.get(target, key, receiver) as unknown;
        },
      });
    };
    expect(places(counting(nested(12, 1)), counting(nested(12, 2)))).toEqual([`$${'[*]'.repeat(12)} value +1`]);
    expect(reads).toBeLessThan(100);
  });

  const long = Array.from({ length: 100_000 }, (_each, id) => ({ id, text: `element ${id}` }));

  it.each<[string, readonly unknown[], ReturnType<typeof rules>, readonly string[], readonly string[]]>([
    ['moved, unordered', long.toReversed(), rules(['$', { kind: 'unordered' }]), [], ['$ order moved']],
    ['moved, keyed', long.toReversed(), rules(['$', { kind: 'keyedBy', field: 'id' }]), [], ['$ order moved']],
    ['moved', long.toReversed(), NO_RULES, ['$ order moved'], []],
    ['one put in front', [{ id: -1 }, ...long], NO_RULES, ['$ size +1'], []],
    [
      'one put in front, the last one other',
      [{ id: -1 }, ...long.with(-1, { id: 0, text: '' })],
      NO_RULES,
      ['$ size +1', '$[*].id value number→0', '$[*].text value text→empty'],
      [],
    ],
  ])('looks at each of 100 000 elements a few times: %s', (_name, candidate, compiled, kept, waived) => {
    const limits = { differences: 100, nodes: 1_000_000, depth: 500 };
    const found = compareValues(long, candidate, compiled, limits);
    expect({ kept: placesOf(found.kept), waived: placesOf(found.waived), isCut: found.isCut }).toEqual({
      kept,
      waived,
      isCut: false,
    });
  });

  it('compares 100 000 moved numbers within its usual limits', () => {
    const numbers = Array.from({ length: 100_000 }, (_each, index) => index);
    const { kept, waived, isCut } = compareValues(
      numbers.slice(0, 49_000),
      numbers.slice(0, 49_000).reverse(),
      rules(['$', { kind: 'unordered' }]),
    );
    expect({ kept, waived: placesOf(waived), isCut }).toEqual({ kept: [], waived: ['$ order moved'], isCut: false });
  });
});
