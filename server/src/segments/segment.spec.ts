import { describe, expect, it } from '@jest/globals';
import { compileSnapshot } from '@sluice/sdk/evaluation';
import fc from 'fast-check';
import { aSegment } from '../../test/builders/a-segment.js';
import { SluiceError } from '../kernel/errors.js';
import type { ReferenceGraph } from './reference-graph.js';
import { applySegmentEdit, graphOf, parseSegmentDraft } from './segment.js';

const NONE: ReferenceGraph = new Map();
const names = (...values: readonly string[]) => [{ clauses: [{ operator: 'inSegment', values }] }];
const problemsOf = (work: () => unknown): readonly string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return error.problems.map(({ code, pointer }) => `${code} ${pointer}`);
  }
};

describe('parseSegmentDraft', () => {
  it('fills in what may be left out', () => {
    expect(parseSegmentDraft({ key: 'beta' }, NONE)).toEqual({
      key: 'beta',
      name: 'beta',
      description: '',
      included: [],
      excluded: [],
      rules: [],
    });
  });

  const clauses = [{ attribute: 'a', operator: 'in', values: [] }];
  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['SHAPE ']],
    ['a list', [], ['SHAPE ']],
    ['no key', {}, ['SHAPE /key']],
    ['a key in capitals', { key: 'Beta' }, ['SHAPE /key']],
    ['a key of 65 characters', { key: 'x'.repeat(65) }, ['SHAPE /key']],
    ['keys twice', { key: 'b', included: ['a', 'a'], excluded: ['c', 'c'] }, ['SHAPE /included', 'SHAPE /excluded']],
    ['empty keys', { key: 'b', included: ['x', ''] }, ['SHAPE /included/1']],
    ['numbers as keys', { key: 'b', excluded: ['x', 1] }, ['SHAPE /excluded/1']],
    ['an unknown field', { key: 'b', members: [] }, ['UNKNOWN_FIELD /members']],
    ['an unknown field of a rule', { key: 'b', rules: [{ clauses: [], serve: 1 }] }, ['UNKNOWN_FIELD /rules/0/serve']],
    [
      'a rule that is none',
      { key: 'b', rules: [7, { clauses: 7 }, {}] },
      ['SHAPE /rules/0', 'SHAPE /rules/1/clauses', 'SHAPE /rules/2/clauses'],
    ],
    ['rules that are none', { key: 'b', rules: {} }, ['SHAPE /rules']],
    ['rules that are null', { key: 'b', rules: null }, ['SHAPE /rules']],
    ['201 rules', { key: 'b', rules: Array.from({ length: 201 }, () => ({ clauses: [] })) }, ['SHAPE /rules']],
    [
      'faults everywhere',
      { key: '', name: '', rules: [7, { clauses }] },
      ['SHAPE /key', 'SHAPE /name', 'SHAPE /rules/0', 'CLAUSE_UNSOUND /rules/1/clauses/0/values'],
    ],
    [
      'a segment nobody made, after a clause that is none',
      { key: 'b', rules: [7, { clauses: [7, { operator: 'inSegment', values: ['x'] }] }] },
      ['SHAPE /rules/0', 'SHAPE /rules/1/clauses/0', 'SEGMENT_UNKNOWN /rules/1/clauses/1/values/0'],
    ],
    ['itself', { key: 'b', rules: names('b') }, ['SEGMENT_CYCLE /rules/0/clauses/0/values/0']],
    [
      'half of a surrogate pair',
      { key: 'b', name: '\ud800', included: ['x', '\udfff'] },
      ['TEXT_UNSTORABLE /name', 'TEXT_UNSTORABLE /included/1'],
    ],
  ])('points at %s', (_name, body, problems) =>
    expect(problemsOf(() => parseSegmentDraft(body, NONE))).toEqual(problems),
  );

  it('bounds what it says of 200 000 fields that nobody knows', () => {
    const fields = Array.from({ length: 200_000 }, (_, i) => [`f${i}`, 1] as const);
    expect(problemsOf(() => parseSegmentDraft({ key: 'b', ...Object.fromEntries(fields) }, NONE))).toHaveLength(1_000);
  });

  it('bounds what it says of 100 000 segments that nobody made, one of them itself', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i === 0 ? 'b' : `s${i}`));
    const rules = Array.from({ length: 10 }, () => ({ clauses: [{ operator: 'inSegment', values }] }));
    expect(problemsOf(() => parseSegmentDraft({ key: 'b', rules }, NONE))).toHaveLength(1_000);
  });

  it('throws nothing but SluiceError', () => {
    const body = fc.oneof(
      fc.anything(),
      fc.record({ key: fc.constant('b'), rules: fc.anything(), included: fc.anything() }),
    );
    fc.assert(fc.property(body, (input) => void problemsOf(() => parseSegmentDraft(input, NONE))));
  });
});

describe('applySegmentEdit', () => {
  const before = aSegment({ included: ['a'], rules: [{ clauses: [] }] });

  it('replaces what is given and keeps the rest', () => {
    const { included, rules, name } = applySegmentEdit(before, { included: ['b'] }, graphOf([before]));
    expect({ included, rules, name }).toEqual({ included: ['b'], rules: before.rules, name: before.name });
  });

  it.each<[string, unknown, readonly string[]]>([
    ['a new key', { key: 'other' }, ['UNKNOWN_FIELD /key']],
    ['null for a list', { included: null }, ['SHAPE /included']],
    ['null for the rules', { rules: null }, ['SHAPE /rules']],
    ['nothing', undefined, ['SHAPE ']],
  ])('points at %s', (_name, body, problems) =>
    expect(problemsOf(() => applySegmentEdit(before, body, graphOf([before])))).toEqual(problems),
  );

  it('finds a circle however long, and only where it closes', () => {
    const graph: ReferenceGraph = new Map([
      ['beta-testers', []],
      ['b', ['c', 'c']],
      ['c', ['d']],
      ['d', ['beta-testers']],
      ['free', []],
    ]);
    const edit = () => applySegmentEdit(before, { rules: names('free', 'b') }, graph);
    expect(problemsOf(edit)).toEqual(['SEGMENT_CYCLE /rules/0/clauses/0/values/1']);
    expect(problemsOf(() => applySegmentEdit(before, { rules: names('free') }, graph))).toEqual([]);
  });

  it('refuses references that evaluators would give up on', () => {
    const doubling = Array.from(
      { length: 12 },
      (_, i) => [`s${i}`, i === 0 ? [] : [`s${i - 1}`, `s${i - 1}`]] as const,
    );
    const graph = new Map<string, readonly string[]>([['beta-testers', []], ...doubling.slice(0, 9)]);
    const edit = (...keys: readonly string[]) =>
      problemsOf(() => applySegmentEdit(before, { rules: names(...keys) }, graph));
    expect(edit('s8')).toEqual([]);
    expect(edit('s8', 's8')).toEqual(['SEGMENT_TANGLE /rules']);
  });

  it('refuses an edit that makes others too long to follow', () => {
    const chain = Array.from({ length: 999 }, (_, i) => [`s${i}`, [i === 0 ? 'beta-testers' : `s${i - 1}`]] as const);
    const graph = new Map<string, readonly string[]>([['beta-testers', []], ['x', []], ...chain]);
    expect(problemsOf(() => applySegmentEdit(before, { rules: names('x') }, graph))).toEqual(['SEGMENT_TANGLE /rules']);
  });

  it('lets through only what evaluators can follow', () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const edits = fc.array(fc.tuple(fc.constantFrom(...keys), fc.array(fc.constantFrom(...keys), { maxLength: 6 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(edits, (list) => {
        const segments = new Map(keys.map((key) => [key, aSegment({ key })]));
        for (const [key, named] of list) {
          const current = segments.get(key) ?? aSegment({ key });
          const apply = () =>
            segments.set(key, {
              ...current,
              ...applySegmentEdit(current, { rules: names(...named) }, graphOf([...segments.values()])),
            });
          problemsOf(named.length === 0 ? () => undefined : apply);
        }
        const snapshot = {
          schemaVersion: 1,
          project: '',
          environment: '',
          revision: 1,
          flags: [],
          segments: [...segments.values()],
        } as const;
        expect(compileSnapshot(snapshot).segments.tangled.size).toBe(0);
      }),
    );
  });
});
