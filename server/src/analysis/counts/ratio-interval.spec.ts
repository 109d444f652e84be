import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addTick, logEvidence, startEvidence, type CountTick } from './count-evidence.js';
import { ratioInterval, startRatioEvidence } from './ratio-interval.js';

const feed = (ticks: readonly CountTick[]) => ticks.reduce(addTick, startRatioEvidence());
const at = (candidateBad: number, bad: number, share: number): CountTick => ({ candidateBad, bad, share, phi: 1 });

it('has nothing to say before anything went bad', () => {
  expect(ratioInterval(feed([at(0, 0, 0.1)]), 0.05)).toBeUndefined();
});

it.each([
  [12, 40, 0.1],
  [120, 400, 0.1],
  [5, 90, 0.02],
  [3, 300, 0.05],
])('estimates %i of %i bad events at a share of %d by their odds', (k, n, share) => {
  const odds = ((k / (n - k)) * (1 - share)) / share;
  const estimate = ratioInterval(feed([at(k, n, share)]), 0.05)?.estimate ?? NaN;
  expect(Math.abs(estimate / odds - 1)).toBeLessThan(0.01);
});

it('narrows around a ratio as its evidence grows', () => {
  const width = (times: number) => {
    const interval = ratioInterval(feed([at(12 * times, 40 * times, 0.1)]), 0.05);
    return (interval?.high ?? Infinity) / (interval?.low ?? 0);
  };
  expect(width(1)).toBeLessThan(12);
  expect(width(10)).toBeLessThan(2.3);
  expect(width(100)).toBeLessThan(1.4);
});

it('is open where all or none of many events are the candidate’s', () => {
  expect(ratioInterval(feed([at(0, 60, 0.5)]), 0.05)).toMatchObject({ estimate: 0, low: 0 });
  expect(ratioInterval(feed([at(60, 60, 0.5)]), 0.05)).toMatchObject({ estimate: null, high: null });
});

it('leaves out only ratios that the evidence of the mixture rules out, and next to none beside them', () => {
  const tick = fc
    .record({ n: fc.integer({ min: 1, max: 300 }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ n, part }) => at(Math.round(part * n), n, 0.2));
  fc.assert(
    fc.property(fc.array(tick, { minLength: 1, maxLength: 5 }), (ticks) => {
      const interval = ratioInterval(feed(ticks), 0.05);
      const mixture = logEvidence(feed(ticks));
      const against = (ratio: number) => mixture - logEvidence(ticks.reduce(addTick, startEvidence(1, [ratio])));
      for (const bound of [interval?.low, interval?.high]) {
        if (!bound) continue;
        expect(against(bound)).toBeGreaterThanOrEqual(Math.log(20) - 1e-6);
        const inside = bound === interval?.low ? bound * 1.03 : bound / 1.03;
        expect(against(inside)).toBeLessThan(Math.log(20));
      }
    }),
    { numRuns: 300 },
  );
});
