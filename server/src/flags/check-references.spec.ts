import { describe, expect, it } from '@jest/globals';
import { aRule } from '../../test/builders/a-flag.js';
import { someContent } from '../../test/builders/settings.js';
import { type NeighbourFlag, referenceProblems } from './check-references.js';

const neighbour = (...prerequisites: readonly string[]): NeighbourFlag => ({
  variationKeys: new Set(['on', 'off']),
  prerequisites: prerequisites.map((flag) => ({ flag, variations: ['on'] })),
});
const needs = (...flags: readonly string[]) => flags.map((flag) => ({ flag, variations: ['on'] }));
const problemsOf = (
  fields: Parameters<typeof someContent>[0],
  flags: Readonly<Record<string, NeighbourFlag>> = {},
  segments: readonly string[] = [],
): readonly string[] => {
  const around = { segmentKeys: new Set(segments), flags: new Map(Object.entries({ me: neighbour(), ...flags })) };
  return referenceProblems('me', someContent(fields), around).map(({ code, pointer }) => `${code} ${pointer}`);
};
const inSegments = (...values: readonly string[]) =>
  aRule({ clauses: [{ attribute: '', operator: 'inSegment', values, negate: false }] });

describe('referenceProblems', () => {
  it('finds nothing where there is nothing to find', () => {
    expect(
      problemsOf({ rules: [inSegments('beta')], prerequisites: needs('a') }, { a: neighbour() }, ['beta']),
    ).toEqual([]);
  });

  it('points at every segment and flag that nobody made, and every variation that is none', () => {
    const prerequisites = [...needs('nobody', 'constructor'), { flag: 'a', variations: ['on', 'x', 'toString'] }];
    expect(
      problemsOf({ rules: [aRule(), inSegments('beta', 'gone')], prerequisites }, { a: neighbour() }, ['beta']),
    ).toEqual([
      'SEGMENT_UNKNOWN /rules/1/clauses/0/values/1',
      'FLAG_UNKNOWN /prerequisites/0/flag',
      'FLAG_UNKNOWN /prerequisites/1/flag',
      'VARIATION_UNKNOWN /prerequisites/2/variations/1',
      'VARIATION_UNKNOWN /prerequisites/2/variations/2',
    ]);
  });

  it.each<[string, readonly string[], Readonly<Record<string, NeighbourFlag>>, readonly string[]]>([
    ['of one', ['me'], {}, ['/prerequisites/0/flag']],
    ['of two', ['a'], { a: neighbour('me') }, ['/prerequisites/0/flag']],
    [
      'of four',
      ['x', 'a'],
      { x: neighbour(), a: neighbour('b'), b: neighbour('x', 'c'), c: neighbour('me') },
      ['/prerequisites/1/flag'],
    ],
  ])('points at where a circle %s closes', (_name, flags, around, pointers) =>
    expect(problemsOf({ prerequisites: needs(...flags) }, around)).toEqual(
      pointers.map((at) => `PREREQUISITE_CYCLE ${at}`),
    ),
  );

  it('refuses prerequisites that evaluators would give up on', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`f${i}`, i === 0 ? neighbour() : neighbour(`f${i - 1}`, `f${i - 1}`)]),
    );
    expect(problemsOf({ prerequisites: needs('f8') }, doubling)).toEqual([]);
    expect(problemsOf({ prerequisites: needs('f8', 'f8') }, doubling)).toEqual(['PREREQUISITE_TANGLE /prerequisites']);
  });

  it('passes over holes that malformed parts leave', () => {
    const holed: { flag: string; variations: string[] }[] = [];
    holed[1] = { flag: 'nobody', variations: ['on'] };
    expect(problemsOf({ prerequisites: holed })).toEqual(['FLAG_UNKNOWN /prerequisites/1/flag']);
  });
});
