import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { worstOf, type MetricState } from './metric-state.js';

const state = fc.constantFrom<MetricState>('pass', 'fail', 'inconclusive', 'pending', 'error');

describe('worstOf', () => {
  it.each<[MetricState, readonly MetricState[]]>([
    ['pending', []],
    ['pass', ['pass', 'pass']],
    ['pending', ['pass', 'pending']],
    ['inconclusive', ['pending', 'inconclusive', 'pass']],
    ['error', ['inconclusive', 'error', 'pass']],
    ['fail', ['error', 'fail', 'inconclusive']],
  ])('is %s for %j', (worst, states) => {
    expect(worstOf(states)).toBe(worst);
  });

  it('passes only when there is a metric and every one passes, and fails exactly when one fails', () => {
    fc.assert(
      fc.property(fc.array(state), (states) => {
        const worst = worstOf(states);
        expect(worst === 'pass').toBe(states.length > 0 && states.every((each) => each === 'pass'));
        expect(worst === 'fail').toBe(states.includes('fail'));
      }),
    );
  });
});
