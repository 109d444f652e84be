import { expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { findPreset } from './presets.js';
import { samplingAt } from './sampling-at.js';

it('samples as the step says, else as the step before, else nothing', () => {
  const step = { holdSeconds: 0, minimumUnits: 0, gates: [] };
  const { steps } = aPolicyDocument({
    steps: [
      { ...step, share: 0 },
      { ...step, share: 0, sampling: 1_000 },
      { ...step, share: 10_000 },
      { ...step, share: 100_000, sampling: 0 },
    ],
  });
  expect(steps.map((_, index) => samplingAt(steps, index))).toEqual([0, 1_000, 1_000, 0]);
});

it('goes on being sampled while a proven candidate is served', () => {
  const steps = findPreset('proven')?.document.steps ?? [];
  expect(samplingAt(steps, steps.length - 1)).toBe(50_000);
});
