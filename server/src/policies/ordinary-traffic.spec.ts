import { describe, expect, it } from '@jest/globals';
import { historySourceOf, type MetricHistory, minutesOf, summariseTraffic } from './ordinary-traffic.js';
import type { CountMetric } from './policy.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const minute = (index: number, units: number, bad: number) => ({ from: at(index), seconds: 60 as const, units, bad });
const historyOf = (...intervals: MetricHistory['intervals']): MetricHistory => ({ intervals, isBadKnown: true });
const common = { name: 'm', dryRun: false, margin: 0, require: 'noHarm' } as const;

describe('ordinary traffic', () => {
  it('counts the minutes of silence after its first', () => {
    const history = historyOf(minute(0, 100, 1), minute(1, 100, 3), minute(9, 200, 0));
    expect(summariseTraffic(history, at(10))).toEqual({
      unitsPerMinute: 40,
      badRate: 0.01,
      phi: 1,
      from: at(0),
      to: at(10),
      minutes: 10,
      isPhiKnown: false,
    });
    expect(minutesOf(history, at(10)).map(({ units }) => units)).toEqual([100, 100, 0, 0, 0, 0, 0, 0, 0, 200]);
  });

  it('takes in hours, but looks for bursts in minutes only', () => {
    const hour = { from: at(-120), seconds: 3600 as const, units: 6_000, bad: 600 };
    const history = historyOf(hour, ...Array.from({ length: 60 }, (_, index) => minute(index, 100, 10)));
    const summary = summariseTraffic(history, at(60));
    // 12 000 units in 180 minutes, 1 200 of them bad; every minute the same.
    expect(summary).toMatchObject({ unitsPerMinute: 12_000 / 180, badRate: 0.1, phi: 1, isPhiKnown: true });
    expect(minutesOf(history, at(60))).toHaveLength(60);
  });

  it('takes the dispersion of the last day, silence too', () => {
    // Every other minute 20, else none: mean 10, variance 100 × 60/59.
    const history = historyOf(...Array.from({ length: 30 }, (_, index) => minute(2 * index + 1, 100, 20)));
    const whole = historyOf(minute(0, 100, 0), ...history.intervals);
    expect(summariseTraffic(whole, at(60))?.phi).toBeCloseTo((100 * 60) / 59 / 10, 9);
    expect(summariseTraffic(whole, at(60 + 24 * 60))?.phi).toBe(1);
  });

  it('knows nothing of what was never measured', () => {
    expect(summariseTraffic(historyOf(), at(10))).toBeUndefined();
    expect(summariseTraffic(historyOf(minute(0, 0, 0)), at(10))).toBeUndefined();
    const slow = { ...historyOf(minute(0, 10, 0)), isBadKnown: false };
    expect(summariseTraffic(slow, at(10))).toMatchObject({ unitsPerMinute: 1, badRate: null });
  });

  it.each<[CountMetric, ReturnType<typeof historySourceOf>]>([
    [
      { ...common, kind: 'failures', count: 'callers' },
      { units: 'unit', bad: { metric: 'unit', field: 'bad' } },
    ],
    [
      { ...common, kind: 'events', event: 'oops' },
      { units: 'unit', bad: { metric: 'oops', field: 'sum' } },
    ],
    [
      { ...common, kind: 'slow', duration: 'request', slowerThanMs: 5 },
      { units: 'request', bad: null },
    ],
  ])('is read of %j where history keeps it', (metric, source) => {
    expect(historySourceOf(metric)).toEqual(source);
  });
});
