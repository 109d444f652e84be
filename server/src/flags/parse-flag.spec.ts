import { describe, expect, it } from '@jest/globals';
import type { FlagType } from '@sluice/sdk/evaluation';
import fc from 'fast-check';
import { aFlag } from '../../test/builders/a-flag.js';
import { type Problem, SluiceError } from '../kernel/errors.js';
import { applyFlagEdit, parseFlagDraft } from './parse-flag.js';

const shown = ({ code, pointer }: Problem) => `${code} ${pointer}`;
const draftProblems = (body: unknown): readonly string[] => {
  try {
    parseFlagDraft(body);
    return [];
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return error.problems.map(shown);
  }
};
const editProblems = (body: unknown, before = aFlag()): readonly string[] => {
  const problems: Problem[] = [];
  applyFlagEdit(before, body, problems);
  return problems.map(shown);
};
const json = (value: unknown) => ({ key: 'f', type: 'json', variations: [{ key: 'a', value }] });

describe('parseFlagDraft', () => {
  it('gives a boolean flag its two variations, and fills in the rest', () => {
    expect(parseFlagDraft({ key: 'new-cart', type: 'boolean' })).toEqual({
      key: 'new-cart',
      type: 'boolean',
      name: 'new-cart',
      description: '',
      tags: [],
      owner: null,
      purpose: 'release',
      dueAt: null,
      variations: [
        { key: 'on', value: true },
        { key: 'off', value: false },
      ],
      metadata: {},
    });
  });

  it.each(['a', '0', 'team/new-cart', 'a.b_c-d:e', 'constructor', 'x'.repeat(128), 'CamelCase'])(
    'takes the key %p',
    (key) => expect(draftProblems({ key, type: 'boolean' })).toEqual([]),
  );

  it.each([
    '',
    ' ',
    '/a',
    '.',
    '-a',
    'a b',
    'ä',
    'a\n',
    'a%2f',
    'x'.repeat(129),
    '__proto__',
    'a\ud800',
    7,
    null,
    ['a'],
  ])('refuses the key %p', (key) => expect(draftProblems({ key, type: 'boolean' })).toEqual(['SHAPE /key']));

  it.each<[FlagType, readonly unknown[], readonly unknown[]]>([
    ['boolean', [true, false], ['true', 0, null, {}]],
    ['string', ['', 'x', '\u202e🛒'], [1, true, null, {}]],
    ['number', [0, -1, 1.5, 1e308, 5e-324], ['1', true, null, []]],
    ['json', [{}, [], { a: [null, 1, { b: 'c' }] }, [[[]]]], ['x', 1, true, null]],
  ])('%s: takes its own values and no others', (type, own, others) => {
    const draft = (values: readonly unknown[]) => ({
      key: 'f',
      type,
      variations: values.map((value, i) => ({ key: `v${i}`, value })),
    });
    expect(draftProblems(draft(own))).toEqual([]);
    expect(draftProblems(draft(others))).toEqual(others.map((_, i) => `VALUE_TYPE /variations/${i}/value`));
  });

  const variation = { key: 'a', value: 'x' };
  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['SHAPE ']],
    ['a list', [], ['SHAPE ']],
    ['an empty object', {}, ['SHAPE /key', 'SHAPE /type']],
    ['a type nobody knows', { key: 'f', type: 'object' }, ['SHAPE /type']],
    ['a type by the name of a method', { key: 'f', type: 'toString' }, ['SHAPE /type']],
    ['no variations where they are needed', { key: 'f', type: 'string' }, ['VARIATIONS_MISSING /variations']],
    ['an empty list of variations', { key: 'f', type: 'string', variations: [] }, ['SHAPE /variations']],
    [
      '101 variations',
      { key: 'f', type: 'string', variations: Array.from({ length: 101 }, (_, i) => ({ key: `v${i}`, value: '' })) },
      ['SHAPE /variations'],
    ],
    [
      'variations that are none',
      { key: 'f', type: 'string', variations: [null, 'a', { key: 'ok', value: 1, x: 2 }] },
      ['SHAPE /variations/0', 'SHAPE /variations/1', 'UNKNOWN_FIELD /variations/2/x', 'VALUE_TYPE /variations/2/value'],
    ],
    [
      'a key twice',
      { key: 'f', type: 'string', variations: [variation, variation] },
      ['VARIATION_TWICE /variations/1/key'],
    ],
    [
      'two variations without keys, each once',
      { key: 'f', type: 'string', variations: [{ value: 'x' }, { value: 'y' }] },
      ['SHAPE /variations/0/key', 'SHAPE /variations/1/key'],
    ],
    [
      'a variation without a value',
      { key: 'f', type: 'string', variations: [{ key: 'a' }] },
      ['SHAPE /variations/0/value'],
    ],
    [
      'variation keys that cannot be',
      {
        key: 'f',
        type: 'string',
        variations: [
          { ...variation, key: '' },
          { ...variation, key: 'a/b' },
          { ...variation, key: 'x'.repeat(65) },
        ],
      },
      ['SHAPE /variations/0/key', 'SHAPE /variations/1/key', 'SHAPE /variations/2/key'],
    ],
    ['a number without end inside of JSON', json({ a: [Infinity] }), ['SHAPE /variations/0/value']],
    ['no number inside of JSON', json([NaN]), ['SHAPE /variations/0/value']],
    [
      'half of a surrogate pair inside of JSON, in value and key',
      json({ a: ['ok', '\ud800'], '\udc00': 1 }),
      ['TEXT_UNSTORABLE /variations/0/value/a/1', 'TEXT_UNSTORABLE /variations/0/value/\udc00'],
    ],
    [
      'half of a surrogate pair in every text',
      {
        key: 'f',
        type: 'boolean',
        name: '\ud800',
        description: '\ud800',
        owner: '\ud800',
        tags: ['\ud800'],
        metadata: { '\ud800': 1, a: '\ud800' },
      },
      ['/name', '/description', '/tags/0', '/owner', '/metadata/\ud800', '/metadata/a'].map(
        (at) => `TEXT_UNSTORABLE ${at}`,
      ),
    ],
    ['tags twice, after trimming', { key: 'f', type: 'boolean', tags: ['a', ' a '] }, ['SHAPE /tags']],
    [
      'names of nothing but space',
      { key: 'f', type: 'boolean', name: '  ', owner: '\t' },
      ['SHAPE /name', 'SHAPE /owner'],
    ],
    [
      'too long a name',
      { key: 'f', type: 'boolean', name: 'x'.repeat(201), description: 'x'.repeat(5_001) },
      ['SHAPE /name', 'SHAPE /description'],
    ],
    ['dates that are none', { key: 'f', type: 'boolean', dueAt: '2026-02-30T00:00:00Z' }, ['SHAPE /dueAt']],
    ['dates without a zone', { key: 'f', type: 'boolean', dueAt: '2026-02-03T00:00:00' }, ['SHAPE /dueAt']],
    [
      'a year that the store does not have',
      { key: 'f', type: 'boolean', dueAt: '0000-01-01T00:00:00Z' },
      ['SHAPE /dueAt'],
    ],
    [
      'a year that is 10 000 in UTC',
      { key: 'f', type: 'boolean', dueAt: '9999-12-31T23:59:59-05:00' },
      ['SHAPE /dueAt'],
    ],
    [
      'metadata of other kinds',
      { key: 'f', type: 'boolean', metadata: { a: null, b: {}, c: [], d: Infinity } },
      ['a', 'b', 'c', 'd'].map((key) => `SHAPE /metadata/${key}`),
    ],
    [
      'faults everywhere',
      { key: '!', type: 'number', x: 1, purpose: 'fun', variations: [{ key: '', value: 'x' }] },
      ['UNKNOWN_FIELD /x', 'SHAPE /key', 'SHAPE /purpose', 'SHAPE /variations/0/key', 'VALUE_TYPE /variations/0/value'],
    ],
  ])('points at %s', (_name, body, problems) => expect([...draftProblems(body)].sort()).toEqual([...problems].sort()));

  it('takes a date with an offset as its instant', () => {
    expect(parseFlagDraft({ key: 'f', type: 'boolean', dueAt: '2026-12-31T23:00:00-02:00' }).dueAt).toEqual(
      new Date('2027-01-01T01:00:00Z'),
    );
  });

  it('throws nothing but SluiceError, and takes what it took again', () => {
    const likely = fc.record(
      {
        key: fc.oneof(fc.constant('f'), fc.anything()),
        type: fc.oneof(fc.constantFrom('boolean', 'string', 'number', 'json'), fc.anything()),
        variations: fc.oneof(
          fc.array(fc.record({ key: fc.constantFrom('a', 'b'), value: fc.jsonValue() }), { maxLength: 3 }),
          fc.anything(),
        ),
        dueAt: fc.oneof(fc.constant(null), fc.anything()),
        metadata: fc.oneof(fc.constant({}), fc.anything()),
      },
      { requiredKeys: ['key', 'type'] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          likely,
          fc.anything({ withNullPrototype: true, withSparseArray: true, withMap: true, withBigInt: true }),
        ),
        (body) => {
          if (draftProblems(body).length > 0) return;
          const once = parseFlagDraft(body);
          expect(parseFlagDraft({ ...once, dueAt: once.dueAt?.toISOString() ?? null })).toEqual(once);
        },
      ),
    );
  });
});

describe('applyFlagEdit', () => {
  it('replaces what is given and keeps the rest', () => {
    const problems: Problem[] = [];
    const before = aFlag({ owner: 'payments', dueAt: new Date('2027-01-01T00:00:00Z'), tags: ['a'] });
    const after = applyFlagEdit(before, { owner: null, tags: [], name: ' Cart ' }, problems);
    expect(problems).toEqual([]);
    expect(after).toMatchObject({
      owner: null,
      tags: [],
      name: 'Cart',
      dueAt: before.dueAt,
      variations: before.variations,
    });
    expect(applyFlagEdit(before, { dueAt: null }, problems).dueAt).toBeNull();
  });

  it.each<[string, unknown, readonly string[]]>([
    [
      'what never changes',
      { key: 'other', type: 'json', version: 9 },
      ['UNKNOWN_FIELD /key', 'UNKNOWN_FIELD /type', 'UNKNOWN_FIELD /version'],
    ],
    ['null where there must be something', { name: null, variations: null }, ['SHAPE /name', 'SHAPE /variations']],
    ['values of another type', { variations: [{ key: 'on', value: 1 }] }, ['VALUE_TYPE /variations/0/value']],
    ['no variations', { variations: [] }, ['SHAPE /variations']],
    ['a list', [], ['SHAPE ']],
    ['nothing', undefined, ['SHAPE ']],
  ])('points at %s', (_name, body, problems) => expect(editProblems(body)).toEqual(problems));

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (body) => void editProblems(body)));
  });
});
