import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planStep, type PlannedStep } from './plan-step.js';

const step = (overrides: Partial<PlannedStep> = {}): PlannedStep => ({
  unitsPerMinute: 200,
  badRate: 0.01,
  share: 0.1,
  alpha: 0.01,
  margin: 0,
  phi: 1,
  metricsSharingAlpha: 1,
  ...overrides,
});
const hour = (ratio: number) => ({ ratio, holdMinutes: 60 });
const anyStep = fc.record({
  unitsPerMinute: fc.integer({ min: 50, max: 20_000 }),
  badRate: fc.double({ min: 0.0005, max: 0.05, noNaN: true }),
  share: fc.double({ min: 0.01, max: 0.6, noNaN: true }),
  alpha: fc.constantFrom(0.001, 0.01, 0.05),
  margin: fc.constantFrom(0, 0.1),
  phi: fc.double({ min: 1, max: 10, noNaN: true }),
  metricsSharingAlpha: fc.integer({ min: 1, max: 8 }),
});

describe('planStep', () => {
  it.each<[string, PlannedStep, number, number]>([
    ['3× at 20 + 180 a minute', step(), 3, 23],
    ['2× at a half of 50 a minute', step({ unitsPerMinute: 50, badRate: 0.02, share: 0.5 }), 2, 61],
    ['1.5× at 1000 + 9000 a minute', step({ unitsPerMinute: 10_000, badRate: 0.001 }), 1.5, 62],
    ['20× at a half of 1000 a minute', step({ unitsPerMinute: 1000, share: 0.5 }), 20, 1],
  ])('sees %s about when simulations do', (_name, planned, ratio, simulated) => {
    const { medianMinutes } = planStep(planned, hour(ratio));
    expect(Math.abs((medianMinutes ?? Infinity) / simulated - 1)).toBeLessThan(0.15);
  });

  it.each<[string, PlannedStep]>([
    ['traffic', step({ unitsPerMinute: 0 })],
    ['bad events', step({ badRate: 0 })],
    ['a candidate', step({ share: 0 })],
    ['a stable arm', step({ share: 1 })],
  ])('sees nothing without %s', (_name, planned) => {
    expect(planStep(planned, hour(3))).toEqual({ medianMinutes: null, detectableRatio: null, power: 0 });
  });

  it('sees nothing where nothing is wrong', () => {
    expect(planStep(step(), hour(1))).toMatchObject({ medianMinutes: null, power: 0 });
  });

  it('takes longer with bursts, and with metrics that share alpha, and less time for a larger rise', () => {
    fc.assert(
      fc.property(anyStep, fc.double({ min: 1.5, max: 10, noNaN: true }), (planned, ratio) => {
        const minutes = (changed: Partial<PlannedStep>, rise = ratio) =>
          planStep({ ...planned, ...changed }, hour(rise)).medianMinutes ?? Infinity;
        expect(minutes({ phi: planned.phi * 2 })).toBeGreaterThanOrEqual(minutes({}));
        expect(minutes({ metricsSharingAlpha: planned.metricsSharingAlpha + 5 })).toBeGreaterThanOrEqual(minutes({}));
        expect(minutes({}, ratio * 1.5)).toBeLessThanOrEqual(minutes({}));
      }),
      { numRuns: 40 },
    );
  });

  it('names as detectable what it sees within the hold every second time', () => {
    fc.assert(
      fc.property(anyStep, (planned) => {
        const { detectableRatio } = planStep(planned, hour(2));
        if (detectableRatio === null || detectableRatio > 500) return;
        expect(planStep(planned, hour(detectableRatio * 1.01)).power).toBeGreaterThanOrEqual(0.49);
        expect(planStep(planned, hour(detectableRatio * 1.01)).medianMinutes).toBeLessThanOrEqual(61);
      }),
      { numRuns: 40 },
    );
  });
});
