import { describe, expect, it } from '@jest/globals';
import { planStep } from '../analysis/index.js';
import { planRamp, type RampQuestion } from './plan-ramp.js';

const ramp = (overrides: Partial<RampQuestion> = {}): RampQuestion => ({
  stretches: [{ share: 0.1, fromMinute: 0, minutes: 600 }],
  badPerMinute: 2,
  ratio: 3,
  phi: 1,
  margin: 0,
  alpha: 0.01,
  ...overrides,
});

describe('planRamp', () => {
  it.each<[string, Partial<RampQuestion>]>([
    ['as it is', {}],
    ['with a small rise', { ratio: 1.5 }],
    ['with bursts', { phi: 4 }],
    ['with a margin', { margin: 0.2 }],
    ['with little alpha', { alpha: 0.001 }],
  ])('says of a single step what planStep says: %s', (_name, overrides) => {
    const asked = ramp({ ...overrides, stretches: [{ share: 0.1, fromMinute: 0, minutes: 6_000 }] });
    const { ratio, phi, margin, alpha } = asked;
    // Two in 200 000 units: hardly ever does one go bad, so that failures of units are events.
    const step = { unitsPerMinute: 200_000, badRate: 0.00001, share: 0.1, metricsSharingAlpha: 1, phi, margin, alpha };
    const { medianMinutes } = planStep(step, { ratio, holdMinutes: 60 });
    expect(Math.abs((planRamp(asked).medianMinutes ?? Infinity) / (medianMinutes ?? NaN) - 1)).toBeLessThan(0.01);
  });

  it('tells the time since the ramp began, also where it waited before', () => {
    const early = planRamp(ramp());
    const late = planRamp(ramp({ stretches: [{ share: 0.1, fromMinute: 30, minutes: 600 }] }));
    expect(late.medianMinutes).toBeCloseTo((early.medianMinutes ?? NaN) + 30, 6);
    expect(late.chance).toBe(early.chance);
  });

  it('makes no difference between a step and its two halves', () => {
    const halves = [
      { share: 0.1, fromMinute: 0, minutes: 13 },
      { share: 0.1, fromMinute: 13, minutes: 587 },
    ];
    expect(planRamp(ramp({ stretches: halves })).medianMinutes).toBeCloseTo(planRamp(ramp()).medianMinutes ?? NaN, 6);
  });

  it.each<[string, Partial<RampQuestion>]>([
    ['without steps that compare', { stretches: [] }],
    ['without bad events', { badPerMinute: 0 }],
    ['without a rise', { ratio: 1 }],
    ['of a rise within the margin', { ratio: 1.1, margin: 0.2 }],
  ])('sees nothing %s', (_name, overrides) => {
    expect(planRamp(ramp(overrides))).toEqual({ chance: 0, medianMinutes: null });
  });

  it('is the more likely to see a rise the longer it lasts', () => {
    const chances = [5, 20, 40, 80].map(
      (minutes) => planRamp(ramp({ stretches: [{ share: 0.1, fromMinute: 0, minutes }] })).chance,
    );
    expect(chances).toEqual(chances.toSorted((a, b) => a - b));
    expect(chances[0]).toBeLessThan(0.2);
    expect(chances[3]).toBeGreaterThan(0.9);
  });
});
