import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aRule } from '../../test/builders/a-flag.js';
import { someContent } from '../../test/builders/settings.js';
import type { Problem } from '../kernel/errors.js';
import { parseSettings, settingsProblems } from './parse-settings.js';

const VARIATIONS = new Set(['on', 'off']);
const read = (body: unknown, before?: ReturnType<typeof someContent>) => {
  const problems: Problem[] = [];
  const content = parseSettings(body, () => 'a-new-id', problems, before);
  problems.push(...settingsProblems(content, VARIATIONS));
  return { content, problems: problems.map(({ code, pointer }) => `${code} ${pointer}`) };
};
const problemsWith = (fields: object): readonly string[] => read({ ...someContent(), ...fields }).problems;
const split = (shares: unknown, rest: object = {}) => ({ defaultServe: { split: { shares, ...rest } } });
const half = <Share = number>(variation: string, share = 50_000 as Share) => ({ variation, share });
const SHARES = '/defaultServe/split/shares';

describe('parseSettings', () => {
  it('reads all there is to say', () => {
    const content = someContent({
      targets: [{ variation: 'off', values: ['u1', 'u2'] }],
      rules: [
        aRule({ serve: { split: { bucketBy: '/org/id', seed: '', shares: [half('on', 1), half('off', 99_999)] } } }),
      ],
      prerequisites: [{ flag: 'other', variations: ['x'] }],
    });
    expect(read(content)).toEqual({ content, problems: [] });
  });

  it('gives rules an id where they have none, and an empty description', () => {
    const { content } = read({ ...someContent(), rules: [{ clauses: [], serve: { variation: 'on' } }] });
    expect(content.rules).toEqual([{ id: 'a-new-id', description: '', clauses: [], serve: { variation: 'on' } }]);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['SHAPE ']],
    ['null', null, ['SHAPE ']],
    ['a list', [], ['SHAPE ']],
    ['text', 'on', ['SHAPE ']],
    [
      'an empty object',
      {},
      ['on', 'offVariation', 'defaultServe', 'targets', 'rules', 'prerequisites'].map((field) => `SHAPE /${field}`),
    ],
    [
      'fields by the names of methods',
      { ...someContent(), constructor: 1, toString: 2 },
      ['UNKNOWN_FIELD /constructor', 'UNKNOWN_FIELD /toString'],
    ],
    [
      'what the server keeps',
      { ...someContent(), version: 3, updatedAt: null },
      ['UNKNOWN_FIELD /version', 'UNKNOWN_FIELD /updatedAt'],
    ],
  ])('points at %s', (_name, body, problems) => expect(read(body).problems).toEqual(problems));

  it.each<[string, object, readonly string[]]>([
    ['on that is text', { on: 'true' }, ['SHAPE /on']],
    ['on that is null', { on: null }, ['SHAPE /on']],
    ['an off variation that is none', { offVariation: 'maybe' }, ['VARIATION_UNKNOWN /offVariation']],
    ['an off variation by the name of a method', { offVariation: 'toString' }, ['VARIATION_UNKNOWN /offVariation']],
    [
      'a default of another variation',
      { defaultServe: { variation: 'maybe' } },
      ['VARIATION_UNKNOWN /defaultServe/variation'],
    ],
    ['a default that serves nothing', { defaultServe: {} }, ['SHAPE /defaultServe']],
    [
      'a default that serves two ways',
      { defaultServe: { variation: 'on', split: { shares: [half('on', 100_000)] } } },
      ['SHAPE /defaultServe'],
    ],
    [
      'a variation with a field too many',
      { defaultServe: { variation: 'on', x: 1 } },
      ['UNKNOWN_FIELD /defaultServe/x'],
    ],
    ['a variation that is a number', { defaultServe: { variation: 1 } }, ['SHAPE /defaultServe/variation']],
    ['a split that is none', { defaultServe: { split: null } }, ['SHAPE /defaultServe/split']],
    [
      'a split with fields too many',
      split([half('on', 100_000)], { weight: 1 }),
      ['UNKNOWN_FIELD /defaultServe/split/weight'],
    ],
    ['no shares', split([]), [`SHAPE ${SHARES}`]],
    ['shares short of the whole', split([half('on'), half('off', 49_999)]), [`SHARES_INCOMPLETE ${SHARES}`]],
    ['shares beyond the whole', split([half('on'), half('off', 50_001)]), [`SHARES_INCOMPLETE ${SHARES}`]],
    ['shares of zero alone', split([half('on', 0)]), [`SHARES_INCOMPLETE ${SHARES}`]],
    ['a share that is huge', split([half('on', 1e20)]), [`SHAPE ${SHARES}/0/share`, `SHAPE ${SHARES}/0/share`]],
    ['a share above the whole', split([half('on', 100_001)]), [`SHAPE ${SHARES}/0/share`]],
    ['a share below nothing', split([half('on', 100_000), half('off', -1)]), [`SHAPE ${SHARES}/1/share`]],
    ['a share of a fraction', split([half('on', 0.5)]), [`SHAPE ${SHARES}/0/share`]],
    ['a share that is text', split([half('on', '100000')]), [`SHAPE ${SHARES}/0/share`]],
    ['a share without end', split([half('on', Infinity)]), [`SHAPE ${SHARES}/0/share`]],
    ['a share that is no number', split([half('on', NaN)]), [`SHAPE ${SHARES}/0/share`]],
    ['a variation twice', split([half('on'), half('on')]), [`NAMED_TWICE ${SHARES}/1/variation`]],
    [
      'variations of others',
      split([half('x'), half('y')]),
      [`VARIATION_UNKNOWN ${SHARES}/0/variation`, `VARIATION_UNKNOWN ${SHARES}/1/variation`],
    ],
    [
      'bucketBy that is no pointer',
      split([half('on', 100_000)], { bucketBy: '/a~' }),
      ['SHAPE /defaultServe/split/bucketBy'],
    ],
    [
      'bucketBy that is empty',
      split([half('on', 100_000)], { bucketBy: '' }),
      ['SHAPE /defaultServe/split/bucketBy', 'SHAPE /defaultServe/split/bucketBy'],
    ],
    ['a seed that is a number', split([half('on', 100_000)], { seed: 7 }), ['SHAPE /defaultServe/split/seed']],
    [
      '101 targets',
      { targets: Array.from({ length: 101 }, () => ({ variation: 'on', values: [] })) },
      ['SHAPE /targets'],
    ],
    [
      'a key under two targets',
      {
        targets: [
          { variation: 'on', values: ['a', 'b'] },
          { variation: 'off', values: ['c', 'a'] },
        ],
      },
      ['NAMED_TWICE /targets/1/values/1'],
    ],
    [
      'a target after one that is none',
      { targets: [7, { variation: 'x', values: ['a', 'a'] }] },
      ['SHAPE /targets/0', 'VARIATION_UNKNOWN /targets/1/variation', 'NAMED_TWICE /targets/1/values/1'],
    ],
    [
      'empty and odd keys',
      { targets: [{ variation: 'on', values: ['', 7, null] }] },
      ['SHAPE /targets/0/values/0', 'SHAPE /targets/0/values/1', 'SHAPE /targets/0/values/2'],
    ],
    ['rules that are no list', { rules: {} }, ['SHAPE /rules']],
    ['201 rules', { rules: Array.from({ length: 201 }, (_, i) => aRule({ id: `r${i}` })) }, ['SHAPE /rules']],
    ['a rule that is none', { rules: [null] }, ['SHAPE /rules/0']],
    ['an empty rule', { rules: [{}] }, ['SHAPE /rules/0/serve', 'SHAPE /rules/0/clauses']],
    [
      'a fault after a rule that is none',
      { rules: [7, aRule({ serve: { variation: 'x' } })] },
      ['SHAPE /rules/0', 'VARIATION_UNKNOWN /rules/1/serve/variation'],
    ],
    ['ids that stand twice', { rules: [aRule(), aRule()] }, ['NAMED_TWICE /rules/1/id']],
    ['an empty id', { rules: [aRule({ id: '' })] }, ['SHAPE /rules/0/id']],
    [
      'faults in serve and clauses at once',
      {
        rules: [
          { clauses: [{ attribute: 'a', operator: 'lessThan', values: ['x'] }], serve: { variation: 'x', y: 1 } },
        ],
      },
      [
        'UNKNOWN_FIELD /rules/0/serve/y',
        'CLAUSE_UNSOUND /rules/0/clauses/0/values/0',
        'VARIATION_UNKNOWN /rules/0/serve/variation',
      ],
    ],
    [
      '51 prerequisites',
      { prerequisites: Array.from({ length: 51 }, () => ({ flag: 'a', variations: ['on'] })) },
      ['SHAPE /prerequisites'],
    ],
    [
      'a prerequisite of no variation',
      { prerequisites: [{ flag: 'a', variations: [] }] },
      ['SHAPE /prerequisites/0/variations'],
    ],
    [
      'halves of surrogate pairs',
      { offVariation: '\ud800', rules: [aRule({ id: '\udfff', description: 'a\ud800' })] },
      [
        'TEXT_UNSTORABLE /offVariation',
        'TEXT_UNSTORABLE /rules/0/id',
        'TEXT_UNSTORABLE /rules/0/description',
        'VARIATION_UNKNOWN /offVariation',
      ],
    ],
  ])('points at %s', (_name, fields, problems) =>
    expect([...problemsWith(fields)].sort()).toEqual([...problems].sort()),
  );

  it('takes shares of zero beside the whole, and whole pairs of surrogates', () => {
    expect(problemsWith(split([half('on', 100_000), half('off', 0)], { seed: '🛒' }))).toEqual([]);
  });

  it('takes no more patterns in all rules together than in one', () => {
    const clauses = [{ attribute: 'a', operator: 'matches', values: ['^a$', '^b$'], negate: false }];
    const rules = Array.from({ length: 26 }, (_, i) => aRule({ id: `r${i}`, clauses }));
    expect(problemsWith({ rules })).toEqual(['CLAUSE_UNSOUND /rules/25/clauses/0/values']);
  });

  it('bounds what it says of 400 000 keys that stand twice', () => {
    const values = Array.from({ length: 40_000 }, () => 'a');
    const targets = Array.from({ length: 10 }, () => ({ variation: 'on', values }));
    const { content } = read({ ...someContent(), targets: [] });
    expect(settingsProblems({ ...content, targets }, VARIATIONS)).toHaveLength(399_999);
  });

  describe('as an edit', () => {
    const before = someContent({
      rules: [aRule({ clauses: [{ attribute: 'a', operator: 'matches', values: ['(a+)+$'] }] })],
    });

    it('keeps what is not given, without looking at it again', () => {
      expect(read({ on: false }, before)).toEqual({ content: { ...before, on: false }, problems: [] });
      expect(read({}, before)).toEqual({ content: before, problems: [] });
    });

    it('takes null where there may be nothing', () => {
      expect(read({ offVariation: null, defaultServe: null }, before).content).toMatchObject({
        offVariation: null,
        defaultServe: null,
      });
    });

    it.each<[string, unknown, readonly string[]]>([
      ['null for what there must be', { on: null, rules: null }, ['SHAPE /on', 'SHAPE /rules']],
      ['fields nobody knows', { enabled: true }, ['UNKNOWN_FIELD /enabled']],
      ['a body that is no object', 'off', ['SHAPE ']],
    ])('points at %s', (_name, body, problems) => expect(read(body, before).problems).toEqual(problems));
  });

  it('never throws, and lets no part pass that it points at', () => {
    const mixed = fc.record(
      {
        on: fc.oneof(fc.boolean(), fc.anything()),
        offVariation: fc.oneof(fc.constantFrom('on', 'x', null), fc.anything()),
        defaultServe: fc.oneof(
          fc.constant({ variation: 'on' }),
          fc.record({ split: fc.record({ shares: fc.anything() }) }),
          fc.anything(),
        ),
        targets: fc.oneof(
          fc.array(fc.record({ variation: fc.constantFrom('on', 'x'), values: fc.array(fc.string()) })),
          fc.anything(),
        ),
        rules: fc.oneof(fc.array(fc.record({ clauses: fc.anything(), serve: fc.anything() })), fc.anything()),
        prerequisites: fc.oneof(
          fc.array(fc.record({ flag: fc.string(), variations: fc.array(fc.string()) })),
          fc.anything(),
        ),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      mixed,
      fc.anything({ withNullPrototype: true, withSparseArray: true, withMap: true, withBigInt: true }),
    );
    fc.assert(
      fc.property(body, (input) => {
        const { content, problems } = read(input);
        // What was accepted is accepted again, unchanged.
        if (problems.length === 0) expect(read(content)).toEqual({ content, problems: [] });
      }),
    );
  });
});
