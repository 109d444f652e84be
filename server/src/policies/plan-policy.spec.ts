import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addTick, evidenceLimit, logEvidence, startHarmEvidence, tickOf } from '../analysis/index.js';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { alphaOf, courseOf, type MetricTraffic, planPolicy, type PolicyPlan } from './plan-policy.js';
import type { CountMetric, PolicyDocument, PolicyMetric, PolicyStep } from './policy.js';

const failures = (overrides: Partial<CountMetric> = {}): CountMetric =>
  // Every override here is of what all count metrics have.
  ({
    kind: 'failures',
    name: 'failures',
    count: 'units',
    dryRun: false,
    margin: 0,
    require: 'noHarm',
    ...overrides,
  }) as CountMetric;
const mean: PolicyMetric = { kind: 'mean', name: 'basket', value: 'v', worse: 'lower', margin: 0, dryRun: false };
const aStep = (share: number, overrides: Partial<PolicyStep> = {}): PolicyStep => ({
  share,
  holdSeconds: 600,
  minimumUnits: 0,
  gates: [],
  ...overrides,
});
const usual: MetricTraffic = { unitsPerMinute: 200, badRate: 0.01, phi: 1 };

function plan(overrides: Partial<PolicyDocument>, traffic: MetricTraffic = usual): PolicyPlan {
  const policy = aPolicyDocument({ metrics: [failures()], ...overrides });
  const byName = new Map(policy.metrics.map(({ name }) => [name, traffic]));
  const work = planPolicy({ policy, unitsPerMinute: traffic.unitsPerMinute, traffic: byName });
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Numbers in [0, 1), the same for the same seed: mulberry32 (Ettinger, public domain). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function poisson(random: () => number, expected: number): number {
  let time = 0;
  for (let count = 0; ; count += 1) {
    time -= Math.log1p(-random());
    if (time > expected) return count;
  }
}

const RUNS = 1_201;

/** When a rise is rolled back, drawn minute by minute: its median, Infinity where most are not; and how many are. */
function simulate(
  steps: readonly PolicyStep[],
  { unitsPerMinute, badRate }: MetricTraffic,
  ratio: number,
): { median: number; chance: number } {
  const random = seeded(7);
  const rate = unitsPerMinute * (badRate ?? 0);
  const found = Array.from({ length: RUNS }, () => {
    let evidence = startHarmEvidence(0);
    let minutes = 0;
    for (const step of steps) {
      const share = step.share / 100_000;
      for (let minute = 0; minute < step.holdSeconds / 60; minute += 1) {
        minutes += 1;
        const candidate = { units: unitsPerMinute * share, bad: poisson(random, rate * share * ratio) };
        const stable = { units: unitsPerMinute * (1 - share), bad: poisson(random, rate * (1 - share)) };
        evidence = addTick(evidence, tickOf(candidate, stable, 1));
        if (logEvidence(evidence) >= evidenceLimit(0.01)) return minutes;
      }
    }
    return Infinity;
  });
  const sorted = found.toSorted((a, b) => a - b);
  const seen = found.filter((minutes) => minutes < Infinity).length;
  return { median: sorted[(RUNS - 1) / 2] ?? Infinity, chance: seen / RUNS };
}

describe('a plan', () => {
  it.each<[string, Partial<PolicyStep>, Partial<PolicyDocument>, object]>([
    ['its hold', {}, {}, { candidateUnitsPerMinute: 20, sampleMinutes: 0, minutes: 10 }],
    ['its hold, with a small sample', { minimumUnits: 100 }, {}, { sampleMinutes: 5, minutes: 10 }],
    ['until its sample is there', { minimumUnits: 600 }, {}, { sampleMinutes: 30, minutes: 30 }],
    ['for ever at 0 % with a sample', { share: 0, minimumUnits: 1 }, {}, { sampleMinutes: null, minutes: null }],
    [
      'until the deadline, where that promotes',
      { minimumUnits: 2_000 },
      { onDeadline: { afterSeconds: 3_600, action: 'promote' } },
      { sampleMinutes: 100, minutes: 60 },
    ],
  ])('has a step last %s', (_name, step, policy, course) => {
    expect(courseOf(aPolicyDocument(policy), aStep(10_000, step), 200)).toMatchObject(course);
  });

  it.each<[string, readonly PolicyMetric[], number]>([
    ['one', [failures()], 0.01],
    ['all that act', [failures(), failures({ name: 'b' }), mean, failures({ name: 'dry', dryRun: true })], 0.01 / 3],
    ['none', [], 0.01],
  ])('divides alpha among %s', (_name, metrics, alpha) => {
    expect(alphaOf(aPolicyDocument({ metrics }))).toBeCloseTo(alpha, 12);
  });

  it('says of a step when it sees a rise, what its hold sees, and at what share that would be enough', () => {
    // Simulated in plan-step.spec.ts: 3× at 20 + 180 a minute is seen after 23 minutes.
    const { steps } = plan({ steps: [aStep(10_000, { holdSeconds: 3_600 }), aStep(100_000)] });
    const seen = steps[0]?.metrics[0];
    const minutes = (ratio: number) => seen?.minutesToDetect.find((each) => each.ratio === ratio)?.minutes ?? NaN;
    expect(Math.abs(minutes(3) / 23 - 1)).toBeLessThan(0.15);
    expect(minutes(2)).toBeGreaterThan(60);
    expect(seen?.detectableRatio).toBeGreaterThan(2);
    expect(seen?.detectableRatio).toBeLessThan(3);
    const share = seen?.sufficientShare ?? 0;
    expect(seen?.sentence).toMatch(
      new RegExp(
        `^This step can see a 2× rise in ${Math.ceil(minutes(2))} min; its hold is 60 min, ` +
          `in which it sees 2\\.\\d×; at ${share / 1_000} % it would need \\d+ min\\.$`,
        'u',
      ),
    );
    const median = (at: number) =>
      plan({ steps: [aStep(at, { holdSeconds: 3_600 })] }).steps[0]?.metrics[0]?.minutesToDetect[1]?.minutes ?? NaN;
    expect(median(share)).toBeLessThanOrEqual(60);
    expect(median(share - 1_000)).toBeGreaterThan(60);
  });

  it('says only what there is to say', () => {
    const sentence = (step: PolicyStep, traffic = usual) => plan({ steps: [step] }, traffic).steps[0]?.metrics[0];
    expect(sentence(aStep(50_000, { holdSeconds: 36_000 }))?.sentence).toMatch(
      /^This step can see a 2× rise in \d+ min; its hold is 10 h\.$/u,
    );
    expect(sentence(aStep(50_000, { holdSeconds: 0, minimumUnits: 36_000 }))?.sentence).toMatch(
      /; with its sample it lasts 6 h\.$/u,
    );
    expect(sentence(aStep(10), { ...usual, unitsPerMinute: 1 })).toMatchObject({
      minutesToDetect: [1.5, 2, 3, 5, 10].map((ratio) => ({ ratio, minutes: null })),
      detectableRatio: null,
      sufficientShare: null,
      sentence:
        'This step cannot see a 2× rise within 30 days; its hold is 10 min, in which it sees no rise up to 20×.',
    });
  });

  it.each<[string, PolicyStep, MetricTraffic, RegExp]>([
    ['at 0 %', aStep(0), usual, /^At 0 % the candidate has no traffic/u],
    ['at 100 %', aStep(100_000), usual, /^At 100 % there is no stable arm/u],
    ['where nothing goes bad', aStep(1_000), { ...usual, badRate: 0 }, /^Nothing went bad/u],
    ['where nobody knows', aStep(1_000), { ...usual, badRate: null }, /is not known: give "badRate"/u],
  ])('sees nothing %s, and says why', (_name, step, traffic, sentence) => {
    const { steps, metrics } = plan({ steps: [step] }, traffic);
    const seen = steps[0]?.metrics[0];
    expect(seen?.sentence).toMatch(sentence);
    expect(seen?.minutesToDetect.map(({ minutes }) => minutes)).toEqual([null, null, null, null, null]);
    expect(seen).toMatchObject({ detectableRatio: null, sufficientShare: null });
    expect(metrics[0]?.ramp.every(({ medianMinutes }) => medianMinutes === null)).toBe(true);
  });

  it('says how much of parallel runs is sampled at each step: a step that does not say goes on as before', () => {
    const steps = [aStep(0, { sampling: 100 }), aStep(0, { sampling: 50_000 }), aStep(10_000), aStep(100_000)];
    expect(plan({ steps }).steps.map(({ sampling }) => sampling)).toEqual([100, 50_000, 50_000, 50_000]);
    expect(plan({}).steps.map(({ sampling }) => sampling)).toEqual([0, 0]);
  });

  it('adds up the time of its steps and the bake', () => {
    const steps = [aStep(0), aStep(10_000, { minimumUnits: 600 }), aStep(100_000, { holdSeconds: 60 })];
    expect(plan({ steps, bakeSeconds: 300 }).totalMinutes).toBe(10 + 30 + 1 + 5);
    expect(plan({ steps: [aStep(0, { minimumUnits: 1 })] }).totalMinutes).toBeNull();
  });

  it('warns of what keeps a step longer, and of what it cannot tell', () => {
    const gates = [{ kind: 'approval', approvals: 1 }] as const;
    const { steps, metrics, warnings } = plan({
      steps: [aStep(10_000, { minimumUnits: 2_000, gates })],
      metrics: [failures({ require: 'nonInferior' }), mean],
      onDeadline: { afterSeconds: 3_600, action: 'rollBack' },
    });
    expect(steps[0]?.warnings).toEqual([
      'At 20 units of the candidate a minute the sample of 2000 takes 100 min: longer than the hold.',
      'The sample is not there at the deadline of 60 min: the release is rolled back.',
      'The step also waits for approval: how long is not in the plan.',
    ]);
    expect(metrics[0]?.warnings.join()).toMatch(/non-inferiority/u);
    expect(warnings.join()).toMatch(/history keeps no spread of values: basket/u);
    expect(plan({ metrics: [] }).warnings.join()).toMatch(/none of its steps sees/u);
  });

  it.each<[string, readonly PolicyStep[], MetricTraffic, number]>([
    ['in its second step', [aStep(10_000), aStep(25_000, { holdSeconds: 3_600 })], usual, 3],
    ['in its third', [aStep(5_000), aStep(25_000), aStep(50_000, { holdSeconds: 7_200 })], usual, 2],
    ['in its fourth', [aStep(1_000), aStep(5_000), aStep(10_000), aStep(50_000, { holdSeconds: 3_600 })], usual, 5],
    [
      'at its end, mostly',
      [aStep(5_000, { holdSeconds: 1_200 }), aStep(50_000, { holdSeconds: 1_260 })],
      { ...usual, unitsPerMinute: 500 },
      2,
    ],
    ['at once', [aStep(10_000, { holdSeconds: 3_600 }), aStep(50_000)], { ...usual, unitsPerMinute: 1_000 }, 5],
  ])('knows when a ramp sees a rise %s, within 15 %% of simulations', (_name, steps, traffic, ratio) => {
    const planned = plan({ steps }, traffic).metrics[0]?.ramp.find((each) => each.ratio === ratio);
    const simulated = simulate(steps, traffic, ratio);
    expect(Math.abs((planned?.medianMinutes ?? Infinity) / simulated.median - 1)).toBeLessThan(0.15);
    expect(Math.abs((planned?.chance ?? NaN) - simulated.chance)).toBeLessThan(0.1);
  });

  it('sees in a ramp what no step sees alone, and says what is left at its end', () => {
    const steps = [aStep(25_000, { holdSeconds: 1_200 }), aStep(50_000, { holdSeconds: 1_200 }), aStep(100_000)];
    const { metrics, steps: planned } = plan({ steps });
    expect(planned.map((each) => each.metrics[0]?.detectableRatio ?? Infinity).every((ratio) => ratio > 2)).toBe(true);
    const [small, twice, , , large] = metrics[0]?.ramp ?? [];
    expect(twice?.medianMinutes).toBeGreaterThan(20);
    expect(twice?.medianMinutes).toBeLessThan(40);
    expect(small).toMatchObject({ ratio: 1.5, medianMinutes: null });
    expect(small?.chance).toBeLessThan(0.5);
    expect(large?.chance).toBeGreaterThan(0.999);
  });

  it('does not count traffic of events twice: only how many there are matters', () => {
    const events: PolicyMetric = { ...failures(), kind: 'events', name: 'oops', event: 'oops' };
    const minutes = (unitsPerMinute: number, badRate: number) =>
      plan({ metrics: [events], steps: [aStep(10_000)] }, { unitsPerMinute, badRate, phi: 1 }).steps[0]?.metrics[0]
        ?.minutesToDetect;
    expect(minutes(20, 1)?.map((each) => each.minutes)).toEqual(
      minutes(2_000, 0.01)?.map((each) => expect.closeTo(each.minutes ?? NaN, 0)),
    );
  });

  it('is never later with more traffic', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5_000 }), fc.integer({ min: 1, max: 50 }), (unitsPerMinute, percents) => {
        const steps = [aStep(percents * 1_000), aStep(100_000)];
        const minutes = (units: number) =>
          plan({ steps }, { ...usual, unitsPerMinute: units }).steps[0]?.metrics[0]?.minutesToDetect[2]?.minutes ??
          Infinity;
        expect(minutes(unitsPerMinute * 2)).toBeLessThanOrEqual(minutes(unitsPerMinute));
      }),
      { numRuns: 8 },
    );
  });
});
