import { describe, expect, it } from '@jest/globals';
import { aRule } from '../../test/builders/a-flag.js';
import { someContent, someSettings } from '../../test/builders/settings.js';
import type { NeighbourFlag } from './check-references.js';
import { promotionProblems, staleProblems } from './promotion-problems.js';

const needs = (...flags: readonly string[]) => flags.map((flag) => ({ flag, variations: ['on'] }));
const neighbour = (...flags: readonly string[]): NeighbourFlag => ({
  variationKeys: new Set(['on', 'off']),
  prerequisites: needs(...flags),
});
const NEIGHBOURS = { a: neighbour(), b: neighbour(), c: neighbour() };
/** Promotes flags with the prerequisites named, in order. */
const problemsOf = (
  planned: Readonly<Record<string, readonly string[]>>,
  target: Readonly<Record<string, NeighbourFlag>> = NEIGHBOURS,
  untouched: readonly string[] = [],
): readonly string[] =>
  promotionProblems(
    Object.entries(planned).map(([flag, flags], index) => ({
      index,
      flag,
      content: someContent({ prerequisites: needs(...flags) }),
    })),
    { segmentKeys: new Set(), flags: new Map(Object.entries(target)) },
    { environment: 'production', untouched: new Set(untouched) },
  ).map(({ code, pointer }) => `${code} ${pointer}`);

describe('promotionProblems', () => {
  it('finds nothing where all that is needed is there', () => {
    expect(problemsOf({ a: ['b'], b: [] })).toEqual([]);
  });

  it('points at every flag that needs one nobody has set in the target', () => {
    expect(problemsOf({ a: ['c'], b: ['c'] }, NEIGHBOURS, ['c'])).toEqual([
      'PREREQUISITE_UNTOUCHED /flags/0',
      'PREREQUISITE_UNTOUCHED /flags/1',
    ]);
  });

  it('is content when what is needed is promoted too', () => {
    expect(problemsOf({ a: ['c'], c: [] }, NEIGHBOURS, ['a', 'c'])).toEqual([]);
  });

  it('looks at the target as it will be: a circle that the promotion itself undoes is none', () => {
    const target = { ...NEIGHBOURS, b: neighbour('a') };
    expect(problemsOf({ a: ['b'], b: [] }, target)).toEqual([]);
    expect(problemsOf({ a: ['b'] }, target)).toEqual(['PREREQUISITE_CYCLE /flags/0']);
  });

  it('points at what names a segment that is not there', () => {
    const rule = aRule({ clauses: [{ attribute: '', operator: 'inSegment', values: ['gone'], negate: false }] });
    const planned = [{ index: 7, flag: 'a', content: someContent({ rules: [rule] }) }];
    const around = { segmentKeys: new Set<string>(), flags: new Map(Object.entries(NEIGHBOURS)) };
    const target = { environment: 'production', untouched: new Set<string>() };
    expect(promotionProblems(planned, around, target)).toMatchObject([
      { code: 'SEGMENT_UNKNOWN', pointer: '/flags/7' },
    ]);
  });
});

describe('staleProblems', () => {
  const now = { source: someSettings({ version: 3 }), target: someSettings({ version: 0 }) };

  it.each<[string, number, number, readonly string[]]>([
    ['nothing where both are as they were seen', 3, 0, []],
    ['the source', 2, 0, ['/flags/4/fromVersion']],
    ['the target', 3, 1, ['/flags/4/toVersion']],
    ['both', 4, 9, ['/flags/4/fromVersion', '/flags/4/toVersion']],
  ])('name %s', (_name, fromVersion, toVersion, pointers) => {
    const problems = staleProblems({ flag: 'a', fromVersion, toVersion }, 4, now);
    expect(problems.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(problems.every(({ code }) => code === 'VERSION_STALE')).toBe(true);
  });
});
