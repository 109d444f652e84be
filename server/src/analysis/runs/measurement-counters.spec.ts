import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MetricState } from '../metric-state.js';
import {
  assessMeasurements,
  assessRun,
  countMeasurement,
  NO_MEASUREMENTS,
  type MeasurementLimits,
} from './measurement-counters.js';
import { nextMeasurementAtMs } from './next-measurement.js';

const letters: Readonly<Record<string, MetricState>> = {
  p: 'pass',
  f: 'fail',
  i: 'inconclusive',
  e: 'error',
  '.': 'pending',
};
const after = (measurements: string) =>
  [...measurements].reduce(
    (counters, letter) => countMeasurement(counters, letters[letter] ?? 'pending'),
    NO_MEASUREMENTS,
  );

describe('assessMeasurements', () => {
  it.each<[string, MeasurementLimits, MetricState, MetricState]>([
    ['', {}, 'pending', 'inconclusive'],
    ['....', {}, 'pending', 'inconclusive'],
    ['pp', {}, 'pending', 'pass'],
    ['pf', {}, 'fail', 'fail'],
    ['pfpfpf', { failureLimit: 3 }, 'pending', 'pass'],
    ['pfpfpfpf', { failureLimit: 3 }, 'fail', 'fail'],
    ['ffff', { failureLimit: -1 }, 'pending', 'pass'],
    ['eeee', {}, 'pending', 'inconclusive'],
    ['eeeee', {}, 'error', 'error'],
    ['eeeeep', {}, 'pending', 'pass'],
    ['eepeepee', {}, 'pending', 'pass'],
    ['feeeee', {}, 'fail', 'fail'],
    ['i', {}, 'inconclusive', 'inconclusive'],
    ['ii', { inconclusiveLimit: 2 }, 'pending', 'pass'],
    ['ppp', { count: 3 }, 'pass', 'pass'],
    ['peep', { count: 3 }, 'pending', 'pass'],
    ['', { count: 0 }, 'inconclusive', 'inconclusive'],
    ['pfpp', { consecutiveSuccessLimit: 2, failureLimit: 1 }, 'pass', 'pass'],
    ['pfp', { consecutiveSuccessLimit: 2, failureLimit: 1, count: 3 }, 'inconclusive', 'inconclusive'],
    ['pfp', { consecutiveSuccessLimit: 2, failureLimit: -1, count: 3 }, 'fail', 'fail'],
  ])('after "%s" with %j', (measurements, limits, running, over) => {
    expect(assessMeasurements(after(measurements), limits, false)).toBe(running);
    expect(assessMeasurements(after(measurements), limits, true)).toBe(over);
  });

  it('never passes without a measurement, and never leaves a failure again', () => {
    const states = fc.array(fc.constantFrom('p', 'f', 'i', 'e', '.'), { maxLength: 30 });
    const limits = fc.record(
      { count: fc.nat(5), failureLimit: fc.integer({ min: -1, max: 3 }), consecutiveSuccessLimit: fc.nat(3) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(states, states, limits, fc.boolean(), (first, more, asked, isOver) => {
        const before = assessMeasurements(after(first.join('')), asked, isOver); // no undefined: keys are left out
        if (!first.some((letter) => 'pfi'.includes(letter))) expect(before).not.toBe('pass');
        const later = assessMeasurements(after([...first, ...more].join('')), asked, isOver);
        const isFailureLimitReached =
          after(first.join('')).failed > (asked.failureLimit ?? 0) && asked.failureLimit !== -1;
        if (isFailureLimitReached) expect(later).toBe('fail');
      }),
    );
  });
});

describe('assessRun', () => {
  it('is decided by the worst metric, and never by a dry run', () => {
    expect(
      assessRun([
        { state: 'pass', isDryRun: false },
        { state: 'fail', isDryRun: true },
        { state: 'inconclusive', isDryRun: false },
      ]),
    ).toBe('inconclusive');
    expect(assessRun([{ state: 'pass', isDryRun: true }])).toBe('pending');
  });
});

describe('nextMeasurementAtMs', () => {
  const schedule = { initialDelayMs: 5_000, intervalMs: 60_000 };

  it.each([
    ['after the initial delay', schedule, { startedAtMs: 1_000, counters: after('') }, 6_000],
    ['after the interval', schedule, { startedAtMs: 0, lastEndedAtMs: 9_000, counters: after('p') }, 69_000],
    ['soon after an error', schedule, { startedAtMs: 0, lastEndedAtMs: 9_000, counters: after('pe') }, 19_000],
    [
      'once without an interval',
      { initialDelayMs: 0 },
      { startedAtMs: 0, lastEndedAtMs: 9, counters: after('p') },
      undefined,
    ],
    [
      'no more than asked for',
      { ...schedule, count: 2 },
      { startedAtMs: 0, lastEndedAtMs: 9, counters: after('pep') },
      undefined,
    ],
  ])('is %s', (_name, asked, progress, expected) => {
    expect(nextMeasurementAtMs(asked, progress)).toBe(expected);
  });
});
