import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ComparisonRule, RuleEffect } from '../evaluation/comparison-rule.js';
import { compareValues } from './compare-values.js';
import { compileRules, NO_RULES } from './compile-rules.js';
import { coverageOf, type Coverage } from './coverage.js';
import type { NumericDelta } from './difference.js';
import { alike } from '../../test/comparison/arbitraries.js';

const rule = (path: string, effect: RuleEffect): ComparisonRule => ({ id: 'r', path, ...effect });
const ignore = (path: string) => rule(path, { kind: 'ignore' });
const near = (absolute: number): NumericDelta => ({ absolute, relative: 0.5, ulps: 1e9 });
const places = (control: unknown, candidate: unknown) => compareValues(control, candidate, NO_RULES).kept;

describe('coverageOf', () => {
  it.each<[string, ComparisonRule, ReturnType<typeof places>, NumericDelta | undefined, Coverage]>([
    ['an ignored place', ignore('$.a'), places({ a: 1 }, { a: 2 }), undefined, 'all'],
    ['a place below', ignore('$.a'), places({ a: { b: 1 } }, { a: {} }), undefined, 'all'],
    ['one of two', ignore('$.a'), places({ a: 1, b: 1 }, { a: 2, b: 2 }), undefined, 'some'],
    ['another place', ignore('$.c'), places({ a: 1 }, { a: 2 }), undefined, 'none'],
    ['a wide tolerance', rule('$.a', { kind: 'tolerance', absolute: 5 }), places({ a: 1 }, { a: 4 }), near(4), 'all'],
    [
      'a narrow tolerance',
      rule('$.a', { kind: 'tolerance', absolute: 1 }),
      places({ a: 1 }, { a: 4 }),
      near(4),
      'some',
    ],
    [
      'a tolerance of unknown distances',
      rule('$.a', { kind: 'tolerance', absolute: 5 }),
      places({ a: 1 }, { a: 4 }),
      undefined,
      'some',
    ],
    [
      'a tolerance of texts',
      rule('$.a', { kind: 'tolerance', absolute: 5 }),
      places({ a: 'x' }, { a: 'y' }),
      undefined,
      'none',
    ],
    [
      'two notations of an instant',
      rule('$', { kind: 'date', withinMs: 0 }),
      places('2026-11-21T12:00:00Z', '2026-11-21T12:00:00.0Z'),
      undefined,
      'all',
    ],
    ['two instants', rule('$', { kind: 'date', withinMs: 5 }), places(new Date(0), new Date(1)), undefined, 'some'],
    ['case', rule('$', { kind: 'caseInsensitive' }), places('a', 'A'), undefined, 'all'],
    ['other texts', rule('$', { kind: 'caseInsensitive' }), places('a', 'B'), undefined, 'none'],
    ['order', rule('$.l', { kind: 'unordered' }), places({ l: [1, 2] }, { l: [2, 1] }), undefined, 'all'],
    [
      'order by a field',
      rule('$.l', { kind: 'keyedBy', field: 'id' }),
      places({ l: [1, 2] }, { l: [2, 1] }),
      undefined,
      'all',
    ],
    [
      'elements that may have moved',
      rule('$.l', { kind: 'keyedBy', field: 'id' }),
      places({ l: [{ a: 1 }] }, { l: [{ a: 2 }] }),
      undefined,
      'some',
    ],
    ['sizes', rule('$.l', { kind: 'unordered' }), places({ l: [1] }, { l: [1, 2] }), undefined, 'none'],
    [
      'errors',
      ignore('$.a'),
      [{ path: '$', kind: 'error', transition: 'message', control: '', candidate: '' }],
      undefined,
      'none',
    ],
    ['no places', ignore('$.a'), [], undefined, 'none'],
    ['a rule that cannot be read', ignore('a'), places({ a: 1 }, { a: 2 }), undefined, 'none'],
    [
      'a path that cannot be read',
      ignore('$.a'),
      [{ path: '$a[', kind: 'value', transition: '+1', control: 1, candidate: 2 }],
      undefined,
      'none',
    ],
  ])('of %s', (_name, each, found, maxDelta, coverage) => expect(coverageOf(each, found, maxDelta)).toBe(coverage));

  const largest = (deltas: readonly NumericDelta[]): NumericDelta => ({
    absolute: Math.max(...deltas.map((each) => each.absolute)),
    relative: Math.max(...deltas.map((each) => each.relative)),
    ulps: Math.max(...deltas.map((each) => each.ulps)),
  });

  const effect = fc.constantFrom<RuleEffect>(
    { kind: 'ignore' },
    { kind: 'tolerance', absolute: 1 },
    { kind: 'caseInsensitive' },
    { kind: 'date', withinMs: 1 },
    { kind: 'unordered' },
    { kind: 'keyedBy', field: 'a' },
  );
  const anyRule = fc.tuple(fc.constantFrom('$', '$.a', '$[*]', '$.**', '$.**.b', '$.*.*'), effect);
  const check = (control: unknown, candidate: unknown, each: ComparisonRule) => {
    const before = places(control, candidate);
    const deltas = before.flatMap(({ delta }) => (delta === undefined ? [] : [delta]));
    const maxDelta = before.length > 0 && deltas.length === before.length ? largest(deltas) : undefined;
    const { kept } = compareValues(control, candidate, compileRules([each]));
    return { before: before.length, kept: kept.length, coverage: coverageOf(each, before, maxDelta) };
  };

  it('is all only where the rule then hides everything', () => {
    fc.assert(
      fc.property(alike, alike, anyRule, (control, candidate, [path, each]) => {
        const { kept, coverage } = check(control, candidate, rule(path, each));
        if (coverage === 'all') expect(kept).toBe(0);
      }),
      { numRuns: 5_000 },
    );
  });

  // In lists, a rule for their elements also changes which of them are taken for the same.
  const records = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(0, 1, 5, 'a', 'A', '', null, new Date(0), new Date(1)),
      fc.dictionary(fc.constantFrom('a', 'b'), tie('value')),
    ),
  })).value;

  it('is none only where the rule then hides nothing', () => {
    fc.assert(
      fc.property(records, records, anyRule, (control, candidate, [path, each]) => {
        const { before, kept, coverage } = check(control, candidate, rule(path, each));
        if (coverage === 'none') expect(kept).toBe(before);
      }),
      { numRuns: 5_000 },
    );
  });
});
