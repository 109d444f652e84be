import { describe, expect, it } from '@jest/globals';
import { describeServe, describeState, type ServingState } from './serve.js';

it.each<[unknown, string]>([
  [{ variation: 'on' }, 'on'],
  [{ split: [] }, 'a split'],
  [null, 'the caller’s default'],
])('%j is %s', (serve, words) => expect(describeServe(serve)).toBe(words));

describe('the state of an environment', () => {
  const state = { on: true, defaultServe: { variation: 'new' }, offVariation: 'old', ruleCount: 0, targetCount: 0 };

  it.each<[string, string, Partial<ServingState>]>([
    ['that is on', 'new', {}],
    ['with a rule and targets', 'new · 1 rule · 2 targets', { ruleCount: 1, targetCount: 2 }],
    ['that is off, whatever its rules', 'old', { on: false, ruleCount: 1 }],
    ['that is off without a variation', 'the caller’s default', { on: false, offVariation: null }],
  ])('%s serves %s', (_name, expected, more) => {
    expect(describeState({ ...state, ...more })).toBe(expected);
  });
});
