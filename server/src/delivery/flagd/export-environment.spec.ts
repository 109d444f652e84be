import { describe, expect, it } from '@jest/globals';
import {
  compileSnapshot,
  type EvaluationContext,
  type SnapshotFlag,
  type SnapshotSegment,
} from '@sluice/sdk/evaluation';
import { aRandomEnvironment, someRandomContexts } from '../../../test/builders/a-random-environment.js';
import { aFlag, aRule, aSnapshot, on } from '../../../test/builders/a-snapshot.js';
import { CONTEXTS } from '../../../test/builders/some-contexts.js';
import { askFlagd, askOurselves, disagreements } from '../../../test/clients/flagd-core.js';
import { objectionsToFlags } from '../../../test/clients/flagd-schema.js';
import { exportEnvironment, ExportMemory } from './export-environment.js';

const exported = (flags: readonly SnapshotFlag[], segments: readonly SnapshotSegment[] = []) =>
  exportEnvironment(compileSnapshot(aSnapshot(flags, segments)));

const E = { var: '' };
const some = (attribute: string, test: unknown): unknown => ({ some: [{ merge: [{ var: attribute }] }, test] });
const BETA: SnapshotSegment = {
  key: 'beta',
  included: ['ada'],
  excluded: ['bob'],
  rules: [{ clauses: [on('plan', 'in', 'pro')] }],
};
const IN_BETA = {
  or: [
    { in: [{ var: 'targetingKey' }, ['ada']] },
    { and: [{ '!': [{ in: [{ var: 'targetingKey' }, ['bob']] }] }, some('plan', { in: [E, ['pro']] })] },
  ],
};

const isAsciiPlan = ({ plan }: EvaluationContext): boolean => !/[^ -~\n]/u.test(JSON.stringify(plan ?? null));

const HAS_KEY = { $ref: 'has-targeting-key' };
const split = (shares: readonly number[], parts: object = {}) => ({
  split: { shares: shares.map((share, index) => ({ variation: 'abc'.charAt(index), share })), ...parts },
});

describe('a flag in flagd’s words', () => {
  it.each<[string, Partial<SnapshotFlag>, object]>([
    ['static', {}, { state: 'ENABLED', defaultVariant: 'a' }],
    ['off', { on: false }, { state: 'ENABLED', defaultVariant: 'c' }],
    ['off, without an off variation', { on: false, offVariation: 'none' }, { state: 'DISABLED', defaultVariant: null }],
    [
      'targets',
      { targets: [{ variation: 'b', values: ['ada', 'eve'] }] },
      { targeting: { if: [{ in: [{ var: 'targetingKey' }, ['ada', 'eve']] }, 'b', null] }, defaultVariant: 'a' },
    ],
    [
      'a split',
      { defaultServe: split([33_333, 0, 66_667]) },
      {
        targeting: {
          if: [HAS_KEY, { fractional: [{ cat: ['flag', { var: 'targetingKey' }] }, ['a', 33_333], ['c', 66_667]] }, ''],
        },
        defaultVariant: null,
      },
    ],
    [
      'a split by another attribute, with a seed and a fallback',
      { defaultServe: split([1, 99_999], { seed: 's', bucketBy: 'plan', fallback: 'c' }) },
      {
        targeting: {
          if: [expect.anything(), { fractional: [{ cat: ['s', { var: 'plan' }] }, ['a', 1], ['b', 99_999]] }, 'c'],
        },
      },
    ],
    [
      'everybody into one variation',
      { defaultServe: split([0, 100_000]) },
      { targeting: { if: [HAS_KEY, 'b', ''] }, defaultVariant: null },
    ],
    ['a split of nothing', { defaultServe: split([0, 0]) }, { targeting: { if: [true, '', null] } }],
    [
      'a variation that it does not have',
      { defaultServe: { variation: 'z' } },
      { targeting: { if: [true, '', null] } },
    ],
    [
      'a rule without clauses',
      { rules: [aRule()], defaultServe: { variation: 'c' } },
      { targeting: { if: [true, 'b', null] }, defaultVariant: 'c' },
    ],
    ['metadata', { metadata: { owner: 'shop', tier: 1 } }, { metadata: { owner: 'shop', tier: 1 } }],
  ])('%s', (_name, parts, expected) => {
    const flag = aFlag(parts);
    const { document, uncarried } = exported([flag]);
    expect(uncarried).toEqual([]);
    expect(document.flags['flag']).toMatchObject(expected);
    expect(objectionsToFlags(JSON.parse(JSON.stringify(document)))).toEqual([]);
    expect(disagreements(aSnapshot([flag]), CONTEXTS.filter(isAsciiPlan))).toEqual([]);
  });

  it('has its prerequisites written out, also those of prerequisites', () => {
    const first = aFlag({ key: 'first', rules: [aRule(on('plan', 'in', 'pro'))] });
    const second = aFlag({ key: 'second', prerequisites: [{ flag: 'first', variations: ['b', 'z'] }] });
    const third = aFlag({ key: 'third', prerequisites: [{ flag: 'second', variations: ['a'] }] });
    const flags = [
      first,
      second,
      third,
      aFlag({ key: 'fourth', prerequisites: [{ flag: 'gone', variations: ['a'] }] }),
    ];
    expect(exported(flags).document.flags['second']?.targeting).toEqual({
      if: [{ '!': [{ in: [{ if: [some('plan', { in: [E, ['pro']] }), 'b', 'a'] }, ['b', 'z']] }] }, 'c', null],
    });
    expect(disagreements(aSnapshot(flags), CONTEXTS)).toEqual([]);
  });

  it('leaves it to the caller where there is neither an off variation nor a default serve', () => {
    const { offVariation: _none, defaultServe: _neither, ...bare } = aFlag({ key: 'bare' });
    const flags = [bare, { ...bare, key: 'off', on: false }];
    const asking = { ...bare, key: 'asking', prerequisites: [{ flag: 'bare', variations: ['a'] }] };
    expect(
      disagreements(
        aSnapshot([...flags, asking, { ...asking, key: 'again', defaultServe: { variation: 'a' } }]),
        CONTEXTS,
      ),
    ).toEqual([]);
  });

  it('takes along what cannot be said of the flags and segments it leads through', () => {
    const segments = [
      { ...BETA, rules: [{ clauses: [on('', 'inSegment', 'inner')] }] },
      { ...BETA, key: 'inner', rules: [{ clauses: [on('plan', 'matches', 'x')] }] },
    ];
    const first = aFlag({ key: 'first', rules: [aRule(on('', 'inSegment', 'beta'))] });
    const second = aFlag({ key: 'second', prerequisites: [{ flag: 'first', variations: ['a'] }] });
    const off = aFlag({ key: 'off', on: false, rules: first.rules });
    const { document, uncarried } = exported([first, second, off], segments);
    const path = 'rules[0].clauses[0] > segment beta > rules[0].clauses[0] > segment inner > rules[0].clauses[0]';
    const reason = 'flagd has no regular expressions.';
    expect(uncarried).toEqual([
      { flag: 'first', path, reason },
      { flag: 'second', path: `prerequisites[0] > flag first > ${path}`, reason },
    ]);
    expect(Object.keys(document.flags)).toEqual(['off']);
  });

  it('is left out where flags or segments lead to themselves', () => {
    const circle = { ...BETA, rules: [{ clauses: [on('', 'inSegment', 'beta')] }] };
    const flags = ['x', 'y'].map((key) =>
      aFlag({ key, prerequisites: [{ flag: key === 'x' ? 'y' : 'x', variations: ['a'] }] }),
    );
    const { uncarried } = exported([...flags, aFlag({ rules: [aRule(on('', 'inSegment', 'beta'))] })], [circle]);
    expect(uncarried.map(({ flag, path }) => [flag, path])).toEqual([
      ['x', 'prerequisites'],
      ['y', 'prerequisites'],
      ['flag', 'rules[0].clauses[0] > segment beta'],
    ]);
  });

  it.each<[string, Partial<SnapshotFlag>]>([
    ['a list', { type: 'json', variations: [{ key: 'a', value: [1] }] }],
    ['null', { type: 'json', variations: [{ key: 'a', value: null }] }],
    ['a text among objects', { type: 'json', variations: [{ key: 'a', value: 'x' }] }],
    ['a number among texts', { variations: [{ key: 'a', value: 5 }] }],
    ['a reference', { type: 'json', variations: [{ key: 'a', value: { deep: [{ $ref: 'segment.beta' }] } }] }],
  ])('is left out when a value is %s', (_name, parts) => {
    expect(exported([aFlag(parts)]).uncarried).toMatchObject([{ flag: 'flag', path: 'variations[0].value' }]);
  });
});

describe('an environment exported to flagd', () => {
  it('has each segment once, as flags name it', () => {
    const flags = ['x', 'y'].map((key) => aFlag({ key, rules: [aRule(on('', 'inSegment', 'beta'))] }));
    const { document } = exported(flags, [BETA, { ...BETA, key: 'unused' }]);
    expect(document.$evaluators).toEqual({ 'segment.beta': IN_BETA });
  });

  it('writes out segments with a "$", which clients would take for part of a pattern', () => {
    const segment = { ...BETA, included: ['$&', '$$', "$'", '$1'] };
    const flag = aFlag({ rules: [aRule(on('', 'inSegment', 'beta'))] });
    const { document } = exported([flag], [segment]);
    expect(document.$evaluators).toEqual({});
    const contexts = ['$&', '$$', '$', '$1', "$'"].map((targetingKey) => ({ targetingKey }));
    expect(disagreements(aSnapshot([flag], [segment]), contexts)).toEqual([]);
  });

  it('has what a long prerequisite serves once, however many flags ask for it', () => {
    const values = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
    const rules = [aRule(on('', 'inSegment', 'beta'), on('plan', 'in', 'pro'))];
    const long = aFlag({ key: 'long', targets: [{ variation: 'b', values }], rules, defaultServe: split([1, 99_999]) });
    const asking = Array.from({ length: 100 }, (_, index) =>
      aFlag({ key: `asking-${index}`, prerequisites: [{ flag: 'long', variations: ['b'] }] }),
    );
    const last = aFlag({ key: 'last', prerequisites: [{ flag: 'asking-0', variations: ['a'] }] });
    const snapshot = aSnapshot([long, ...asking, last], [BETA]);
    const { document, uncarried } = exportEnvironment(compileSnapshot(snapshot));
    expect(uncarried).toEqual([]);
    expect(Object.keys(document.$evaluators).sort()).toEqual(['flag.long', 'has-targeting-key', 'segment.beta']);
    expect(JSON.stringify(document).length).toBeLessThan(3 * JSON.stringify(values).length);
    expect(objectionsToFlags(JSON.parse(JSON.stringify(document)))).toEqual([]);
    const someFlags = { ...snapshot, flags: [long, ...asking.slice(0, 3), last] };
    expect(disagreements(someFlags, [{ targetingKey: 'user-7' }, ...CONTEXTS.filter(isAsciiPlan)])).toEqual([]);
  });

  it('leaves out what its prerequisites or segments make too long', () => {
    const values = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
    const layers = Array.from({ length: 9 }, (_, depth) => depth);
    const flags = layers.map((depth) => {
      const prerequisites = ['a', 'b'].map((variation) => ({ flag: `f${depth - 1}`, variations: [variation] }));
      const parts = depth === 0 ? { targets: [{ variation: 'b', values }] } : { prerequisites };
      return aFlag({ key: `f${depth}`, ...parts });
    });
    const segments = layers.map((depth): SnapshotSegment => {
      const rule = { clauses: [on('', 'inSegment', `s${depth - 1}`)] };
      return { ...BETA, key: `s${depth}`, ...(depth === 0 ? { included: values } : { rules: [rule, rule] }) };
    });
    const members = ['s6', 's8'].map((key) => aFlag({ key, rules: [aRule(on('', 'inSegment', key))] }));
    const { document, uncarried } = exported([...flags, ...members], segments);
    const tooLong = 'make it too long: written out for flagd it would be longer than 4 MiB.';
    expect(uncarried).toEqual([
      { flag: 'f8', path: 'prerequisites', reason: `Its prerequisites ${tooLong}` },
      { flag: 's8', path: '', reason: `Its targets, rules and segments ${tooLong}` },
    ]);
    expect(JSON.stringify(document).length).toBeLessThan(16 * 1024 * 1024);
  });

  it('is made anew only where it, or what it leads to, has changed', () => {
    const flags = [
      aFlag({ key: 'first', rules: [aRule(on('', 'inSegment', 'outer'))] }),
      aFlag({ key: 'second', prerequisites: [{ flag: 'first', variations: ['b'] }] }),
      aFlag({ key: 'third', prerequisites: [{ flag: 'plain', variations: ['b'] }] }),
      aFlag({ key: 'plain' }),
      aFlag({ key: 'off', on: false }),
    ];
    const outer = { ...BETA, key: 'outer', rules: [{ clauses: [on('', 'inSegment', 'beta')] }] };
    const memory = new ExportMemory();
    const made = (segments: readonly SnapshotSegment[], of = flags) => {
      const compiled = compileSnapshot(aSnapshot(of, segments));
      const { document } = exportEnvironment(compiled, memory);
      expect(document).toEqual(exportEnvironment(compiled).document);
      return document.flags;
    };
    const before = made([BETA, outer]);
    const changedFrom = (after: typeof before): string[] =>
      Object.keys(after).filter((key) => after[key] !== before[key]);
    expect(changedFrom(made([BETA, outer]))).toEqual([]);
    expect(changedFrom(made([{ ...BETA, included: ['eve'] }, outer]))).toEqual(['first', 'second']);
    const circle = { ...BETA, rules: outer.rules };
    expect(changedFrom(made([circle, outer]))).toEqual([]);
    expect(Object.keys(made([circle, outer]))).toEqual(['third', 'plain', 'off']);
    const plainOff = flags.map((flag) => (flag.key === 'plain' ? { ...flag, on: false } : flag));
    made([BETA, outer]);
    expect(changedFrom(made([BETA, outer], plainOff)).sort()).toEqual(['first', 'plain', 'second', 'third']);
  });

  it('is evaluated by flagd as by ourselves, whatever it is made of', () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const snapshot = aRandomEnvironment(seed, 60);
      expect(disagreements(snapshot, someRandomContexts(seed + 1_000, 60))).toEqual([]);
    }
  }, 60_000);

  it('is valid by the published schema', () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const { document } = exportEnvironment(compileSnapshot(aRandomEnvironment(seed, 60)));
      expect(objectionsToFlags(JSON.parse(JSON.stringify(document)))).toEqual([]);
    }
  });

  it('names a few of the flags that it leaves out', () => {
    const flags = Array.from({ length: 25 }, (_, index) =>
      aFlag({ key: `flag-${index}`, rules: [aRule(on('plan', 'matches', 'x'))] }),
    );
    const { metadata } = exported(flags).document;
    expect(metadata['uncarried']).toMatch(/^flag-0, .*flag-19 and 5 more$/u);
  });

  it('is split otherwise by clients that hash UTF-16 units: by text beyond ASCII only', () => {
    const flag = aFlag({ defaultServe: split([50_000, 50_000]) });
    const [ours, theirs] = [askOurselves(aSnapshot([flag])), askFlagd(aSnapshot([flag]))];
    const differing = (key: (index: number) => string): number =>
      Array.from({ length: 400 }, (_, index) => ({ targetingKey: key(index) })).filter(
        (context) => ours(flag, context).variant !== theirs(flag, context).variant,
      ).length;
    expect(differing((index) => `user-${index}`)).toBe(0);
    // About half; 0 once flagd-core hashes bytes: then this test and the caution in docs/flagd.md can go.
    expect(differing((index) => `Zürich-${index}`)).toBeGreaterThan(100);
  });
});
