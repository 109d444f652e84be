import { describe, expect, it } from '@jest/globals';
import { hasMetrics, policySteps } from './policy-steps.js';

const WORDS = {
  approval: 'asks people',
  webhook: 'asks a webhook',
  analysis: 'asks metrics',
  certificate: 'asks proof',
};

describe('the steps of a policy', () => {
  it('follow one another as long as they are held; what is sampled stays until it is said anew', () => {
    const policy = {
      steps: [
        { share: 0, holdSeconds: 60, sampling: 5_000 },
        { share: 10_000, holdSeconds: 120, minimumUnits: 500, gates: [{ kind: 'approval' }] },
        { share: 100_000, holdSeconds: 0, sampling: 0 },
      ],
    };
    expect(policySteps(policy, new Date(0), WORDS)).toMatchObject([
      { index: 0, sampling: 5_000, minimumUnits: 0, plannedAt: '1970-01-01T00:00:00.000Z', gates: [] },
      {
        sampling: 5_000,
        minimumUnits: 500,
        plannedAt: '1970-01-01T00:01:00.000Z',
        gates: [{ sentence: 'asks people' }],
      },
      { share: 100_000, sampling: 0, plannedAt: '1970-01-01T00:03:00.000Z', state: 'ahead' },
    ]);
  });

  it('are none of what is no policy', () => {
    expect(policySteps(null, new Date(0), WORDS)).toEqual([]);
    expect(hasMetrics('policy')).toBe(false);
    expect(hasMetrics({ metrics: [{}] })).toBe(true);
  });
});
