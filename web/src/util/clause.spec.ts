import { describe, expect, it } from '@jest/globals';
import { OPERATORS as KNOWN } from '@sluice/sdk/evaluation';
import { type Clause, formatValue, OPERATORS, readValues, splitValues, withOperator } from './clause.js';

const clause = (operator: string, ...values: Clause['values']): Clause => ({
  attribute: 'country',
  operator,
  values,
  negate: true,
});

describe('the operators', () => {
  it('are those that evaluators know', () => expect(OPERATORS).toEqual(KNOWN));
});

describe('another operator', () => {
  it.each<[string, Clause, (typeof OPERATORS)[number], Partial<Clause>]>([
    ['keeps values of the same kind', clause('startsWith', 'a'), 'endsWith', { values: ['a'] }],
    ['drops values that it cannot compare with', clause('in', 'a', 7, true), 'lessThan', { values: [7] }],
    ['takes any value for equality', clause('lessThan', 7), 'in', { values: [7] }],
    ['has no values to ask for presence', clause('in', 'a'), 'exists', { values: [] }],
    ['has no attribute to ask for segments', clause('in', 'a'), 'inSegment', { values: [], attribute: '' }],
    ['does not take segments for texts', { ...clause('inSegment', 'staff'), attribute: '' }, 'in', { values: [] }],
  ])('%s', (_name, before, operator, after) => {
    expect(withOperator(before, operator)).toEqual({ ...before, ...after, operator });
  });
});

describe('what is typed', () => {
  it.each<[string, string, Parameters<typeof readValues>[2], readonly unknown[]]>([
    ['DE, AT,DE', 'in', 'text', ['DE', 'AT']],
    ['5, 6', 'in', 'text', ['5', '6']],
    ['5, 6', 'in', 'number', [5, 6]],
    ['true', 'in', 'boolean', [true]],
    ['18', 'greaterThan', 'text', [18]],
    ['^a{1,2}$', 'matches', 'text', ['^a{1,2}$']],
    ['>=1.2, <2', 'semver', 'text', ['>=1.2, <2']],
    ['one, two\nthree', 'in', 'text', ['one, two', 'three']],
    ['', 'in', 'text', []],
  ])('%j for %s as %s', (text, operator, as, values) => {
    expect(readValues(text, operator, as)).toEqual({ values, unread: undefined });
  });

  it('tells what is no number', () => expect(readValues('7, x', 'lessThan')).toEqual({ values: [7], unread: 'x' }));

  it('is split as fast as it is long', () => {
    const keys = Array.from({ length: 50_000 }, (_none, at) => `user-${at}`);
    expect(splitValues(keys.join('\r\n'))).toEqual(keys);
  });
});

describe('a value', () => {
  it.each<[string | number | boolean, string]>([
    ['DE', 'DE'],
    ['5', '"5"'],
    [5, '5'],
    ['true', '"true"'],
    [false, 'false'],
  ])('%j stands as %s', (value, text) => expect(formatValue(value)).toBe(text));
});
