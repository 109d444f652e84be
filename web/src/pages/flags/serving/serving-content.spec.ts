import { describe, expect, it } from '@jest/globals';
import type { Clause } from '../../../util/clause.js';
import {
  exampleContexts,
  faultOf,
  reviewOf,
  type Rule,
  servedWords,
  type ServingContent,
  type Target,
  withRule,
  withTargets,
  withoutRule,
} from './serving-content.js';

const rule = (id: string, serve: Rule['serve'] = { variation: 'on' }, clauses: Rule['clauses'] = []): Rule => ({
  id,
  description: '',
  clauses,
  serve,
});
const split = (...shares: readonly [string, number][]): Rule['serve'] => ({
  split: { shares: shares.map(([variation, share]) => ({ variation, share })) },
});
const content = (some: Partial<ServingContent> = {}): ServingContent => ({
  on: true,
  offVariation: 'off',
  defaultServe: { variation: 'off' },
  targets: [],
  rules: [],
  prerequisites: [],
  ...some,
});

describe('rules', () => {
  it('are taken away and replaced by id', () => {
    const rules = [rule('a'), rule('b')];
    expect(withoutRule(rules, 'a')).toEqual([rule('b')]);
    expect(withRule(rules, rule('b', { variation: 'off' }))).toEqual([rule('a'), rule('b', { variation: 'off' })]);
  });
});

describe('targets', () => {
  const targets: readonly Target[] = [
    { variation: 'on', values: ['a', 'b'] },
    { variation: 'off', values: ['c'] },
  ];

  it.each<[string, string, readonly string[], readonly Target[]]>([
    ['keep their place', 'on', ['a'], [{ variation: 'on', values: ['a'] }, targets[1] as Target]],
    ['take a key from another variation', 'on', ['a', 'c'], [{ variation: 'on', values: ['a', 'c'] }]],
    ['are gone without keys', 'on', [], [targets[1] as Target]],
    ['begin at the end', 'new', ['d'], [...targets, { variation: 'new', values: ['d'] }]],
  ])('%s', (_name, variation, values, after) => expect(withTargets(targets, variation, values)).toEqual(after));

  it('are as fast by the ten thousand', () => {
    const keys = Array.from({ length: 50_000 }, (_none, at) => `user-${at}`);
    const many = withTargets([{ variation: 'off', values: keys }], 'on', keys.slice(0, 25_000));
    expect(many.map(({ values }) => values.length)).toEqual([25_000, 25_000]);
  });
});

describe('what cannot be stored', () => {
  it.each<[Partial<ServingContent>, string | undefined]>([
    [{}, undefined],
    [{ defaultServe: null }, undefined],
    [{ rules: [rule('a'), rule('b', split(['on', 90_000]))] }, 'The split of rule 2 lacks 10 %.'],
    [
      { defaultServe: split(['on', 60_000], ['off', 52_500]) },
      'The split of what is served otherwise is 12.5 % too much.',
    ],
    [{ prerequisites: [{ flag: 'a', variations: [] }] }, 'Prerequisite 1 names no flag, or no variation of it.'],
  ])('of %j', (some, fault) => expect(faultOf(content(some))).toBe(fault));
});

it('says what is served, without what nobody gets', () => {
  expect(servedWords(split(['on', 12_500], ['new', 0], ['off', 87_500]))).toBe('on 12.5 %, off 87.5 %');
});

it('shows of long lists what came and went', () => {
  const keys = Array.from({ length: 1_000 }, (_none, at) => `user-${at}`);
  const [before, after] = [keys, [...keys.slice(1), 'new']].map((values) =>
    content({ targets: [{ variation: 'on', values }] }),
  ) as [ServingContent, ServingContent];
  expect(reviewOf(before, after)).toEqual([
    { ...before, targets: [{ variation: 'on', keys: 1_000, onlyHere: 1, firstOfThem: ['user-0'] }] },
    { ...after, targets: [{ variation: 'on', keys: 1_000, onlyHere: 1, firstOfThem: ['new'] }] },
  ]);
});

it('makes contexts by which rules and targets can be tried', () => {
  const clause = (operator: string, value: Clause['values'][number], attribute = operator): Clause => {
    return { attribute, operator, values: [value], negate: false };
  };
  const clauses = [
    clause('in', 'DE'),
    clause('greaterThan', 17),
    clause('in', 1, '/deep'),
    clause('inSegment', 's', ''),
  ];
  const examples = exampleContexts({
    targets: [{ variation: 'on', values: ['vip'] }],
    rules: [rule('a', undefined, clauses)],
  });
  expect(examples.map(({ context }) => context)).toEqual([
    { targetingKey: 'user-1' },
    { targetingKey: 'vip' },
    { targetingKey: 'user-1', in: 'DE', greaterThan: 18 },
  ]);
});
