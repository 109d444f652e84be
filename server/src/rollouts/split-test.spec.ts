import { describe, expect, it } from '@jest/globals';
import { addTick, evidenceLimit, logEvidence, planStep, startHarmEvidence, tickOf } from '../analysis/index.js';
import type { TrafficMinute } from '../policies/index.js';
import { type Random, seeded } from '../kernel/seeded-random.js';
import { binomial, poisson } from './seeded-draws.js';
import { type SplitMetric, type SplitOutcome, splitTest, type SplitTask, ticksOf } from './split-test.js';

const DAY = 1_440;

/** Minutes of 200 units of which two go bad, independently. */
function independent(seed: number, badPerMinute = 2, units = 200): readonly TrafficMinute[] {
  const random = seeded(seed);
  return Array.from({ length: DAY }, () => ({ units, bad: poisson(random, badPerMinute) }));
}

/** Two bad of 200 as well, but ten at a time. */
function bursting(seed: number): readonly TrafficMinute[] {
  const random = seeded(seed);
  return Array.from({ length: DAY }, () => ({ units: 200, bad: 10 * poisson(random, 0.2) }));
}

const aMetric = (overrides: Partial<SplitMetric> = {}): SplitMetric => ({
  name: 'failures',
  margin: 0,
  alpha: 0.01,
  counts: 'badUnits',
  minutes: independent(5),
  ...overrides,
});
const aTask = (overrides: Partial<SplitTask> = {}): SplitTask => ({
  steps: [{ share: 0.1, minutes: 60 }],
  metrics: [aMetric()],
  splits: 200,
  ratios: [],
  seed: 1,
  ...overrides,
});

function run(task: SplitTask): SplitOutcome {
  const work = splitTest(task);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** How many of 500 hours at a tenth would be rolled back, bursts of ten split as they are and tempered by phi. */
function firesOnBursts(random: Random, phi: number): number {
  let fired = 0;
  for (let hour = 0; hour < 500; hour += 1) {
    let evidence = startHarmEvidence(0);
    let isFired = false;
    for (let minute = 0; minute < 60; minute += 1) {
      const bursts = poisson(random, 0.2);
      const moved = binomial(random, bursts, 0.1);
      const candidate = { units: 20, bad: 10 * moved };
      evidence = addTick(evidence, tickOf(candidate, { units: 180, bad: 10 * (bursts - moved) }, phi));
      isFired ||= logEvidence(evidence) >= evidenceLimit(0.01);
    }
    fired += isFired ? 1 : 0;
  }
  return fired;
}

describe('ordinary traffic that is split at random', () => {
  it('is rolled back no more often than alpha allows', () => {
    const { falseRollbacks } = run(aTask({ splits: 2_000 }));
    expect(falseRollbacks.of).toBe(2_000);
    expect(falseRollbacks.rate).toBeLessThanOrEqual(0.01);
    expect(falseRollbacks.high).toBeLessThan(0.015);
    // It can happen, or the test would say nothing: with a large alpha it does.
    const { falseRollbacks: often } = run(aTask({ splits: 500, metrics: [aMetric({ alpha: 0.5 })] }));
    expect(often.rate).toBeGreaterThan(0.05);
    expect(often.rate).toBeLessThanOrEqual(0.5);
  });

  it('is not rolled back for its bursts, which would do so untempered', () => {
    const { falseRollbacks } = run(aTask({ splits: 1_000, metrics: [aMetric({ minutes: bursting(9) })] }));
    expect(falseRollbacks.rate).toBeLessThanOrEqual(0.01);
    expect(firesOnBursts(seeded(2), 1)).toBeGreaterThan(50);
    expect(firesOnBursts(seeded(2), 10)).toBeLessThanOrEqual(5);
  });

  it.each<[string, number, SplitMetric['counts'], number, number]>([
    ['failures at a tenth', 0.1, 'badUnits', 3, 0],
    ['failures at a half', 0.5, 'badUnits', 2, 0],
    ['events at a tenth', 0.1, 'events', 3, 0],
    ['failures with a margin', 0.1, 'badUnits', 5, 0.5],
  ])('shows a rise when the plan says: %s', (_name, share, counts, ratio, margin) => {
    const metric = aMetric({ counts, margin, minutes: independent(5, 2) });
    const steps = [{ share, minutes: 120 }];
    const [found] = run(aTask({ steps, metrics: [metric], splits: 500, ratios: [ratio], seed: 4 })).detections;
    const bad = metric.minutes.reduce((sum, each) => sum + each.bad, 0) / DAY;
    const step = {
      share,
      margin,
      alpha: 0.01,
      unitsPerMinute: 200,
      badRate: bad / 200,
      phi: 1,
      metricsSharingAlpha: 1,
    };
    const { medianMinutes } = planStep(step, { ratio, holdMinutes: 60 });
    expect(Math.abs((found?.medianMinutes ?? Infinity) / (medianMinutes ?? NaN) - 1)).toBeLessThan(0.15);
    expect(found?.caught.rate).toBeGreaterThan(0.95);
  });

  it('waits through steps that compare nothing, and counts their minutes', () => {
    const minutes = (...before: SplitTask['steps']) =>
      run(aTask({ steps: [...before, { share: 0.5, minutes: 120 }], ratios: [10] })).detections[0]?.medianMinutes ??
      NaN;
    expect(minutes({ share: 0, minutes: 90 })).toBeGreaterThan(90);
    expect(minutes({ share: 0, minutes: 90 }) - 90).toBeLessThanOrEqual(minutes() + 1);
    const { detections } = run(aTask({ steps: [{ share: 1, minutes: 60 }], ratios: [10] }));
    expect(detections[0]).toMatchObject({ medianMinutes: null, caught: { count: 0, of: 200, rate: 0 } });
  });

  it('knows of each metric by itself', () => {
    const quiet = aMetric({ name: 'quiet', minutes: independent(6, 0.002) });
    const { detections } = run(aTask({ metrics: [aMetric(), quiet], ratios: [2, 10] }));
    expect(detections.map(({ metric, ratio }) => [metric, ratio])).toEqual([
      ['failures', 2],
      ['failures', 10],
      ['quiet', 2],
      ['quiet', 10],
    ]);
    expect(detections[1]?.caught.rate).toBeGreaterThan(0.9);
    expect(detections[3]?.caught.rate).toBeLessThan(0.1);
  });

  it('is the same for the same seed', () => {
    const task = aTask({ ratios: [2] });
    expect(run(task)).toEqual(run(task));
    expect(run({ ...task, seed: 2 })).not.toEqual(run(task));
  });

  it('goes round a history that is shorter than the ramp', () => {
    const metric = aMetric({ minutes: independent(5).slice(0, 45) });
    const [found] = run(aTask({ steps: [{ share: 0.5, minutes: 200 }], metrics: [metric], ratios: [3] })).detections;
    expect(found?.caught.rate).toBeGreaterThan(0.9);
  });

  it('says nothing of no history', () => {
    const outcome = run(aTask({ metrics: [aMetric({ minutes: [] })], ratios: [2] }));
    expect(outcome.falseRollbacks).toEqual({ count: 0, of: 0, rate: 0, low: 0, high: 1 });
    expect(outcome.detections[0]).toMatchObject({ medianMinutes: null });
  });
});

describe('its cost', () => {
  it('goes by the minutes that compare, the metrics, the splits and the ratios', () => {
    const steps = [
      { share: 0, minutes: 100 },
      { share: 0.1, minutes: 60 },
      { share: 1, minutes: 100 },
    ];
    expect(ticksOf(aTask({ steps, metrics: [aMetric(), aMetric()], ratios: [2, 3], splits: 10 }))).toBe(
      60 * 2 * 3 * 10,
    );
  });

  it('is spread over pieces of a few hundred looks', () => {
    const task = aTask({ ratios: [1.01], splits: 5, steps: [{ share: 0.1, minutes: 2_000 }] });
    let pieces = 0;
    for (const work = splitTest(task); work.next().done !== true;) pieces += 1;
    expect(pieces).toBeGreaterThanOrEqual(Math.floor((0.9 * ticksOf(task)) / 500));
  });
});
