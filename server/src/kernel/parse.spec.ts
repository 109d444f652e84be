import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Problem } from './errors.js';
import { parseInput, parsePart } from './parse.js';

const schema = z.strictObject({
  name: z.string().min(1),
  share: z.int().optional(),
  rules: z.array(z.strictObject({ key: z.string() })).default([]),
});

describe('parseInput', () => {
  it('gives what was parsed, with defaults', () => {
    expect(parseInput(schema, { name: 'a' }, 'thing')).toEqual({ name: 'a', rules: [] });
  });

  it('throws every problem of every depth at once', () => {
    const input = { name: '', share: 0.5, rules: [{ key: 1 }, { key: 'a', extra: 1, 'b/c': 2 }], more: true };
    const problems = problemsOf(() => parseInput(schema, input, 'thing'));
    expect(problems.map(({ pointer, code }) => `${code} ${pointer}`).sort()).toEqual([
      'SHAPE /name',
      'SHAPE /rules/0/key',
      'SHAPE /share',
      'UNKNOWN_FIELD /more',
      'UNKNOWN_FIELD /rules/1/b~1c',
      'UNKNOWN_FIELD /rules/1/extra',
    ]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['a string', 'name'],
  ])('says of %s that it is no object, under the pointer of the whole', (_name, input) => {
    expect(problemsOf(() => parseInput(schema, input, 'thing'))).toMatchObject([
      { pointer: '', code: 'SHAPE', message: input === undefined ? 'must be given' : 'must be an object' },
    ]);
  });

  it('refuses text that no store can hold, wherever it is', () => {
    const input = { name: 'a\0', rules: [{ key: 'half \ud800 pair' }, { key: 'whole 🛒 pair' }] };
    expect(problemsOf(() => parseInput(schema, input, 'thing'))).toMatchObject([
      { pointer: '/name', code: 'TEXT_UNSTORABLE' },
      { pointer: '/rules/0/key', code: 'TEXT_UNSTORABLE' },
    ]);
  });

  it('answers a bounded number of problems', () => {
    const input = { name: 'a', rules: Array.from({ length: 5_000 }, () => ({})) };
    expect(problemsOf(() => parseInput(schema, input, 'thing'))).toHaveLength(1_000);
  });
});

describe('parsePart', () => {
  it('adds to the problems that there are, under the pointer of the part', () => {
    const problems: Problem[] = [{ pointer: '/earlier', code: 'SHAPE', message: 'known' }];
    expect(parsePart(z.string(), 5, '/rules/0/key', problems)).toBeUndefined();
    expect(problems.map(({ pointer }) => pointer)).toEqual(['/earlier', '/rules/0/key']);
  });

  it('still gives what could be read beside fields that nobody knows', () => {
    const problems: Problem[] = [];
    expect(parsePart(schema, { name: 'a', more: 1 }, '', problems)).toEqual({ name: 'a', rules: [] });
    expect(problems).toMatchObject([{ pointer: '/more', code: 'UNKNOWN_FIELD' }]);
  });
});

function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { problems: readonly Problem[] }).problems;
  }
}
