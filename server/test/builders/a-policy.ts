import type { PolicyDocument } from '../../src/policies/index.js';

/** A policy of one watched step, without metrics unless a test names some. */
export function aPolicyDocument(overrides: Partial<PolicyDocument> = {}): PolicyDocument {
  return {
    steps: [
      { share: 10_000, holdSeconds: 60, minimumUnits: 0, gates: [] },
      { share: 100_000, holdSeconds: 0, minimumUnits: 0, gates: [] },
    ],
    metrics: [],
    alpha: 0.01,
    bakeSeconds: 0,
    onDeadline: { afterSeconds: 3_600, action: 'hold' },
    onOutage: { afterSeconds: 300 },
    onNewer: 'supersede',
    freezeWindows: [],
    approvalsToStart: 0,
    ...overrides,
  };
}
