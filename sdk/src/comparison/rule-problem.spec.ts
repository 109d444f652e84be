import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { problemOfRule } from './rule-problem.js';

const rule = (effect: object, path = '$.a') => ({ id: 'r', path, ...effect });

describe('problemOfRule', () => {
  it.each([
    rule({ kind: 'ignore' }),
    rule({ kind: 'tolerance', absolute: 0 }),
    rule({ kind: 'tolerance', relative: 0.01, ulps: 4 }),
    rule({ kind: 'date', withinMs: 1000 }),
    rule({ kind: 'caseInsensitive' }, '$.**'),
    rule({ kind: 'unordered' }, '$'),
    rule({ kind: 'keyedBy', field: 'id' }, '$.items'),
  ])('finds none in %j', (each) => expect(problemOfRule(each)).toBeUndefined());

  it.each<[unknown, string]>([
    [null, 'A rule is an object with id, path and kind.'],
    [{ path: '$.a', kind: 'ignore' }, 'A rule needs an id.'],
    [rule({ kind: 'ignore' }, 'a'), 'A path is a text that begins with $, as in $.items[*].price.'],
    [
      rule({ kind: 'ignore' }, '$'),
      'A rule that ignores the whole result leaves nothing to compare: name a part of it.',
    ],
    [
      rule({ kind: 'ignore' }, '$.**'),
      'A rule that ignores the whole result leaves nothing to compare: name a part of it.',
    ],
    [rule({ kind: 'tolerance' }), 'A tolerance needs at least one of absolute, relative and ulps.'],
    [rule({ kind: 'tolerance', absolute: -1 }), 'absolute, relative and ulps are numbers, 0 or more.'],
    [rule({ kind: 'tolerance', absolute: 1, ulps: NaN }), 'absolute, relative and ulps are numbers, 0 or more.'],
    [rule({ kind: 'date', withinMs: '5' }), 'withinMs is a number of milliseconds, 0 or more.'],
    [rule({ kind: 'keyedBy', field: '' }), 'field is the name of the field to match by.'],
    [
      rule({ kind: 'like' }),
      'The kind of a rule is one of ignore, tolerance, date, caseInsensitive, unordered, keyedBy.',
    ],
  ])('says of %j what is wrong', (each, problem) => expect(problemOfRule(each)).toBe(problem));

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => void problemOfRule(value)));
  });
});
