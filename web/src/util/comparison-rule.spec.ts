import { describe, expect, it } from '@jest/globals';
import { boundWords, NO_RULE, suggestRule, toEffect } from './comparison-rule.js';

describe('a rule as it is typed', () => {
  it('is sent with the bounds that its kind takes, and no others', () => {
    const typed = { ...NO_RULE, path: ' $.price ', absolute: '0.005', relative: '', withinMs: '10', field: 'sku' };
    expect(toEffect({ ...typed, kind: 'tolerance' })).toEqual({ kind: 'tolerance', path: '$.price', absolute: 0.005 });
    expect(toEffect({ ...typed, kind: 'date' })).toEqual({ kind: 'date', path: '$.price', withinMs: 10 });
    expect(toEffect({ ...typed, kind: 'keyedBy' })).toEqual({ kind: 'keyedBy', path: '$.price', field: 'sku' });
    expect(toEffect({ ...typed, kind: 'ignore' })).toEqual({ kind: 'ignore', path: '$.price' });
  });

  it('is sent without a number that is none', () => {
    expect(toEffect({ ...NO_RULE, kind: 'tolerance', path: '$', absolute: 'some' })).toEqual({
      kind: 'tolerance',
      path: '$',
    });
  });
});

describe('the rule that a fault suggests', () => {
  const at = (kind: string) => [{ path: '$.a', kind }];
  it.each<[string, Parameters<typeof suggestRule>[0], object]>([
    [
      'of numbers is a tolerance as wide as the worst of them',
      { places: at('value'), maxDelta: { absolute: 0.01 } },
      { kind: 'tolerance', path: '$.a', absolute: '0.01' },
    ],
    ['of order is that order does not count', { places: at('order'), maxDelta: null }, { kind: 'unordered' }],
    ['of texts is to ignore them', { places: at('value'), maxDelta: null }, { kind: 'ignore', path: '$.a' }],
    [
      'of something missing is to ignore it, whatever else is a number',
      { places: at('missing'), maxDelta: { absolute: 1 } },
      { kind: 'ignore' },
    ],
    ['without a place is none', { places: [], maxDelta: null }, { path: '' }],
  ])('%s', (_name, fault, rule) => {
    expect(suggestRule(fault)).toMatchObject(rule);
  });
});

it('tells bounds in words', () => {
  expect(boundWords({ kind: 'tolerance', path: '$', absolute: 0.005, relative: null, ulps: 2 })).toBe(
    'absolute 0.005, ulps 2',
  );
  expect(boundWords({ kind: 'date', path: '$', withinMs: 5 })).toBe('within 5 ms');
  expect(boundWords({ kind: 'ignore', path: '$' })).toBe('');
});
