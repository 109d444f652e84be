import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileRules } from './compile-clause.js';
import { linkSegments } from './compile-segment.js';
import { findOutcome } from './match-clauses.js';
import { compileOperator } from './operators.js';
import { aClause } from './testing/builders.js';

const segments = linkSegments(new Map(), true);
const operator = fc.constantFrom(
  'in',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'lessThan',
  'lessThanOrEqual',
  'greaterThan',
  'greaterThanOrEqual',
);
const word = fc.constantFrom('', 'a', 'b', 'ab', 'ba', 'aba', 'é', '1');
const value = fc.oneof(word, fc.constantFrom(0, -0, 1, 1.5, Infinity, NaN), fc.boolean());

describe('findOutcome', () => {
  it('asks the quick way what the operator itself would answer', () => {
    fc.assert(
      fc.property(operator, fc.array(value, { maxLength: 6 }), fc.boolean(), value, (name, values, negate, subject) => {
        const rules = compileRules([{ clauses: [aClause('x', name, values, negate)], outcome: 'yes' }], 'rule');
        const match = compileOperator(name, values)?.test(subject);
        const expected = typeof match === 'boolean' ? (match !== negate ? 'yes' : undefined) : match;
        expect(findOutcome(rules, { x: subject }, segments)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });
});
