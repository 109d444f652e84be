import { describe, expect, it } from '@jest/globals';
import { type JsonValue, OPERATORS } from '@sluice/sdk/evaluation';
import fc from 'fast-check';
import type { Problem } from '../kernel/errors.js';
import { fullAllowance, parseClauses, segmentsNamed } from './clause.js';

const problemsOf = (input: unknown): readonly Problem[] => {
  const problems: Problem[] = [];
  parseClauses(input, '/clauses', problems);
  return problems;
};
const pointersOf = (input: unknown): readonly string[] => problemsOf(input).map(({ pointer }) => pointer);
const clause = (operator: string, ...values: readonly unknown[]) => ({ attribute: 'a', operator, values });

describe('parseClauses', () => {
  it('fills in what may be left out', () => {
    const problems: Problem[] = [];
    const parsed = parseClauses([{ operator: 'inSegment', values: ['beta'] }], '', problems);
    expect(parsed).toEqual([{ attribute: '', operator: 'inSegment', values: ['beta'], negate: false }]);
    expect(problems).toEqual([]);
  });

  it.each<[string, readonly unknown[], readonly unknown[]]>([
    ['in', ['x', '', 0, -0, 1.5, true, false], [null, {}, ['x'], Infinity, NaN, undefined]],
    ['startsWith', ['x'], ['', 1, true, null]],
    ['endsWith', ['x'], ['', 1, true, null]],
    ['contains', ['x'], ['', 1, true, null]],
    ['matches', ['^x$'], ['', 1, true, null, '[', '(', '\\', 'a{2,1}', '\\p{Nonsense}', 'x'.repeat(501)]],
    ['lessThan', [0, -1, 1e308, 0.1], ['1', '', true, null, Infinity]],
    ['lessThanOrEqual', [0], ['1', true]],
    ['greaterThan', [0], ['1', true]],
    ['greaterThanOrEqual', [0], ['1', true]],
    [
      'before',
      ['2026-11-21T09:00:00Z', '2024-02-29T00:00:00+14:00', 0],
      ['', '2026-11-21', 'now', true, '2026-02-30T00:00:00Z'],
    ],
    ['after', ['2026-11-21t09:00:00.5z'], ['2026-13-01T00:00:00Z', '2026-01-01T25:00:00Z', false]],
    ['semver', ['>=1.2.0 <2', '^3.1', '*'], ['not a version', '>=', 1, true]],
    ['cidr', ['10.0.0.0/8', '2001:db8::/32'], ['10.0.0.0/33', '300.0.0.0/8', 'fe80::/129', '', 10]],
    ['inSegment', ['beta'], ['', 1, true, null]],
  ])('%s: takes sound values and points at each other one', (operator, sound, unsound) => {
    const attribute = operator === 'inSegment' ? '' : 'a';
    expect(problemsOf([{ ...clause(operator, ...sound), attribute }])).toEqual([]);
    for (const value of unsound) {
      expect([value, pointersOf([{ ...clause(operator, sound[0], value), attribute }])]).toEqual([
        value,
        ['/clauses/0/values/1'],
      ]);
    }
  });

  it.each<[string, unknown, readonly string[]]>([
    ['no list', {}, ['/clauses']],
    ['nothing', undefined, ['/clauses']],
    ['51 clauses', Array.from({ length: 51 }, () => clause('in', 1)), ['/clauses']],
    ['a clause that is no object', [null, 3, 'x', []], ['/clauses/0', '/clauses/1', '/clauses/2', '/clauses/3']],
    ['an operator nobody knows', [clause('isCool', 1)], ['/clauses/0/operator']],
    ['an operator by the name of a method', [clause('constructor', 1)], ['/clauses/0/operator']],
    [
      'fields nobody knows, and a fault beside them',
      [{ ...clause('in'), x: 1, y: 2 }],
      ['/clauses/0/x', '/clauses/0/y', '/clauses/0/values'],
    ],
    ['no values', [clause('in')], ['/clauses/0/values']],
    ['values for exists', [clause('exists', 1)], ['/clauses/0/values']],
    ['an attribute for inSegment', [clause('inSegment', 'beta')], ['/clauses/0/attribute']],
    ['no attribute', [{ operator: 'in', values: [1] }], ['/clauses/0/attribute']],
    ['a pointer that is none', [{ ...clause('in', 1), attribute: '/a~2b' }], ['/clauses/0/attribute']],
    ['a tilde that begins no escape at the end', [{ ...clause('in', 1), attribute: '/a~' }], ['/clauses/0/attribute']],
    [
      'a fault in every clause',
      [clause('in'), clause('nope', 1), clause('lessThan', 'x')],
      ['/clauses/0/values', '/clauses/1/operator', '/clauses/2/values/0'],
    ],
    [
      'half of a surrogate pair',
      [{ attribute: '\ud800', operator: 'in', values: ['ok', '\udc00'] }],
      ['/clauses/0/attribute', '/clauses/0/values/1'],
    ],
    ['NUL', [clause('in', 'a\0')], ['/clauses/0/values/0']],
    ['negate that is no truth', [{ ...clause('in', 1), negate: 'yes' }], ['/clauses/0/negate']],
    ['text of 2 001 characters', [clause('in', 'x'.repeat(2_001))], ['/clauses/0/values/0']],
    ['10 001 values', [clause('in', ...Array.from({ length: 10_001 }, (_, i) => i))], ['/clauses/0/values']],
  ])('points at %s', (_name, input, pointers) => expect(pointersOf(input)).toEqual(pointers));

  it.each(['/', '/a/b', '/a~0b~1c', 'a~b', 'toString', ' ', 'äöü 🛒'])('takes the attribute %p', (attribute) => {
    expect(problemsOf([{ ...clause('in', 1), attribute }])).toEqual([]);
  });

  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(\\w+\\s?)*$',
    '^(a+)+$',
    '(x+x+)+y',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(.*)*x',
    '(a|aa)+$',
    '(a|a?)+$',
    '(?:a{1000}){1000}',
    '(?=(a+)+$)x',
    '^(.*?,){11}P',
    '(\\d+)\\1+$',
    '^(?:a?){30}a{30}$',
    'a*a*a*a*a*b',
    '^(\\w|\\d)+$',
    '^([^x]*a)*$',
    '(?:a|b|ab)*c',
    '^(\\p{L}+[ -]?)*$',
    '(?<=^(a+)+)x',
    '(?<!^(a|aa)+)x',
  ])('refuses the pattern %s, which back-tracks without bound', (pattern) => {
    expect(pointersOf([clause('matches', pattern)])).toEqual(['/clauses/0/values/0']);
  });

  it.each([
    'beta',
    '@example\\.(com|org)$',
    '^[^@]+@example\\.com$',
    '^user-\\d+$',
    '^(dev|staging)-',
    '\\.internal$',
    '^[A-Z]{2}\\d{4,8}$',
    '^v?\\d+\\.\\d+\\.\\d+$',
    '^\\p{L}+$',
    '^.*@acme\\.io$',
    '^(?:[a-z0-9-]+\\.)+acme\\.com$',
    '^https?:\\/\\/',
    'iPhone|iPad',
    '^(?!test-).+',
    '\\bbeta\\b',
    '^(\\d{1,3}\\.){3}\\d{1,3}$',
    '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    '^(internal|beta)-[a-z0-9]+(-[a-z0-9]+)*$',
  ])('takes the honest pattern %s', (pattern) => expect(problemsOf([clause('matches', pattern)])).toEqual([]));

  it('takes 50 patterns for all rules together, and looks at no more', () => {
    const problems: Problem[] = [];
    const allowance = fullAllowance();
    const patterns = Array.from({ length: 25 }, (_, i) => `^user-${i}$`);
    for (const at of ['/0', '/1', '/2']) parseClauses([clause('matches', ...patterns)], at, problems, allowance);
    expect(problems.map(({ pointer }) => pointer)).toEqual(['/2/0/values']);
  });

  it('answers clauses that evaluators understand, or problems, and never throws', () => {
    const anyClause = fc.record(
      {
        attribute: fc.oneof(fc.string(), fc.anything()),
        operator: fc.oneof(fc.constantFrom(...OPERATORS), fc.anything()),
        values: fc.oneof(fc.array(fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.anything())), fc.anything()),
        negate: fc.oneof(fc.boolean(), fc.anything()),
      },
      { requiredKeys: [] },
    );
    const input = fc.oneof(fc.anything(), fc.array(fc.oneof(anyClause, fc.anything())));
    fc.assert(fc.property(input, (body) => void problemsOf(body)));
  });
});

describe('segmentsNamed', () => {
  it('answers each name where it stands, of inSegment alone', () => {
    const values: readonly JsonValue[] = ['a', 'b'];
    const clauses = [
      { attribute: 'x', operator: 'in', values },
      { attribute: '', operator: 'inSegment', values },
    ];
    expect(segmentsNamed(clauses, '/at')).toEqual([
      { key: 'a', pointer: '/at/1/values/0' },
      { key: 'b', pointer: '/at/1/values/1' },
    ]);
  });
});
