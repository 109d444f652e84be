import { describe, expect, it } from '@jest/globals';
import type { CountMetric } from '../policies/index.js';
import type { ArmCounts, CountState } from './evidence.js';
import { type CountTask, judgeCount, type JudgedCount, startCount } from './judge-count.js';

const MINUTE_MS = 60_000;
const start = Date.UTC(2026, 0, 1, 12);
const failures: CountMetric = {
  kind: 'failures',
  name: 'failures',
  count: 'units',
  margin: 0,
  require: 'noHarm',
  dryRun: false,
};
const counts = (candidateBad: number, candidateUnits: number, stableBad: number, stableUnits: number): ArmCounts => {
  return { candidateBad, candidateUnits, stableBad, stableUnits };
};
/** k of n bad events are the candidate's, which has a part of all units. */
const split = (k: number, n: number, part: number): ArmCounts => counts(k, 10_000 * part, n - k, 10_000 * (1 - part));

function judgeOne(totals: ArmCounts, overrides: Partial<CountTask> = {}): JudgedCount {
  const metric = overrides.metric ?? failures;
  return judgeCount({
    metric,
    subject: 'flag/new-cart',
    before: startCount(metric),
    totals,
    alpha: 0.01,
    isComparable: true,
    isWhole: false,
    quantiles: { stable: {}, candidate: {} },
    now: new Date(start),
    ...overrides,
  });
}

/** Ticks a second apart, each of which adds to the totals. */
function judgeAll(
  ticks: readonly ArmCounts[],
  { stepMs = 1_000, ...overrides }: Partial<CountTask> & { stepMs?: number } = {},
) {
  const metric = overrides.metric ?? failures;
  let totals = counts(0, 0, 0, 0);
  let before: CountState = overrides.before ?? startCount(metric);
  return ticks.map((tick, index) => {
    totals = counts(
      totals.candidateBad + tick.candidateBad,
      totals.candidateUnits + tick.candidateUnits,
      totals.stableBad + tick.stableBad,
      totals.stableUnits + tick.stableUnits,
    );
    const judged = judgeOne(totals, { ...overrides, before, now: new Date(start + index * stepMs) });
    before = judged.state;
    return judged;
  });
}

describe('bad events counted in both arms', () => {
  it('come to the published evidence, at one share and over a ramp', () => {
    const { result } = judgeOne(split(12, 40, 0.1));
    expect(result.evidence).toBeCloseTo(4.943476, 6);
    expect(result.limit).toBeCloseTo(Math.log(100), 12);
    expect(result.state).toBe('fail');
    const ramp = judgeAll([split(3, 20, 0.01), split(6, 30, 0.05), split(9, 40, 0.1)]);
    expect(ramp.at(-1)?.result.evidence).toBeCloseTo(8.202984, 6);
  });

  it('go by the share that was observed in each tick, not over the whole', () => {
    const moved = judgeAll([split(1, 100, 0.01), split(50, 100, 0.5)]).at(-1)?.result;
    expect(moved?.state).toBe('pass');
    expect(moved?.evidence).toBeLessThan(0);
  });

  it.each<[string, ArmCounts, string]>([
    ['nothing at all', counts(0, 0, 0, 0), 'pending'],
    ['traffic of the stable arm alone, however bad', counts(0, 0, 900, 1_000), 'pending'],
    ['traffic of the candidate alone, however bad', counts(900, 1_000, 0, 0), 'pending'],
    ['bad events without any units', counts(9, 0, 0, 0), 'pending'],
    ['traffic of both and nothing bad', counts(0, 10, 0, 10), 'pass'],
    ['the same rate of bad ones', counts(100, 1_000, 900, 9_000), 'pass'],
    ['a candidate that heals', counts(0, 1_000, 900, 9_000), 'pass'],
    ['a candidate in which all goes bad', counts(50, 50, 0, 950), 'fail'],
  ])('say what is known of %s', (_name, totals, state) => expect(judgeOne(totals).result.state).toBe(state));

  it('show the figures of both arms in words and numbers', () => {
    const { result, observation } = judgeOne(counts(12, 1_000, 28, 9_000), {
      quantiles: { stable: { p99: 9 }, candidate: {} },
    });
    expect(result.sentence).toContain('candidate 12 bad of 1000 units (1.20 %), stable 28 bad of 9000 units (0.311 %)');
    expect(result).toMatchObject({
      stable: { units: 9_000, bad: 28, p99: 9 },
      candidate: { units: 1_000, bad: 12 },
      phi: 1,
    });
    expect(observation).toEqual({
      subject: 'flag/new-cart',
      metric: 'failures',
      ...counts(12, 1_000, 28, 9_000),
      phi: 1,
    });
  });

  it('count nothing twice, and remember it over ticks in which nothing came', () => {
    const totals = split(12, 40, 0.1);
    const first = judgeOne(totals);
    const again = judgeOne(totals, { before: first.state });
    expect(again.observation).toBeUndefined();
    expect(again.result).toEqual(first.result);
    expect(again.state.harm).toEqual(first.state.harm);
  });

  it('take totals that shrank, as a restored store has them, for nothing new', () => {
    const first = judgeOne(split(12, 40, 0.1));
    const shrunk = judgeOne(counts(0, 1, 0, 1), { before: first.state });
    expect(shrunk.state.harm).toEqual(first.state.harm);
    expect(shrunk.state.seen).toEqual(counts(0, 1, 0, 1));
  });

  it('need more of a rise when a margin allows some', () => {
    expect(judgeOne(split(20, 120, 0.1)).result.evidence).toBeGreaterThan(
      judgeOne(split(20, 120, 0.1), { metric: { ...failures, margin: 0.5 } }).result.evidence ?? 0,
    );
  });

  it('pass as non-inferior on evidence only, not on silence', () => {
    const metric: CountMetric = { ...failures, require: 'nonInferior', margin: 0.5 };
    expect(judgeOne(counts(1, 100, 9, 900), { metric }).result.state).toBe('inconclusive');
    expect(judgeOne(counts(200, 10_000, 2_000, 100_000), { metric }).result.state).toBe('pass');
  });
});

describe('one user who makes all errors', () => {
  it('never rolls back where callers are counted, at whatever share', () => {
    const metric: CountMetric = { ...failures, count: 'callers' };
    for (const part of [0.001, 0.01, 0.1, 0.5]) {
      // One caller of the candidate fails in every tick of a day, and is told of once.
      const ticks = Array.from({ length: 500 }, (_, tick) =>
        counts(tick === 0 ? 1 : 0, 1_000 * part, 0, 1_000 * (1 - part)),
      );
      for (const { result } of judgeAll(ticks, { metric })) expect(result.state).toBe('pass');
    }
  });
});

describe('bursts', () => {
  const burst = counts(30, 1_000, 0, 9_000);

  it('roll back when bad events have always come one by one', () => {
    expect(judgeOne(burst).result.state).toBe('fail');
  });

  it('are tempered when the traffic before the attempt had them too', () => {
    // 60 minutes: 58 quiet, two with 100 bad.
    const before = startCount(failures, { minutes: 60, sum: 200, sumSquares: 20_000 });
    const { result } = judgeOne(burst, { before });
    expect(result.phi).toBeCloseTo((20_000 - 200 ** 2 / 60) / 59 / (200 / 60), 9);
    expect(result.state).toBe('pass');
  });

  it('are known from the stable arm of the attempt itself, once it was watched for long enough', () => {
    const quiet = counts(0, 100, 0, 900);
    const storm = counts(0, 100, 90, 900);
    const minutes = Array.from({ length: 40 }, (_, minute) => (minute % 20 === 10 ? storm : quiet));
    const judged = judgeAll([...minutes, counts(12, 100, 0, 900)], { stepMs: MINUTE_MS });
    expect(judged[20]?.result.phi).toBe(1);
    expect(judged.at(-1)?.result.phi).toBeGreaterThan(50);
    expect(judged.at(-1)?.result.state).toBe('pass');
  });

  it('are not made of minutes that are not over, nor hidden by minutes in which nothing happened', () => {
    const judged = judgeAll([counts(0, 1, 5, 9), counts(0, 1, 0, 9)], { stepMs: 10 * MINUTE_MS });
    expect(judged[0]?.state).toMatchObject({ minutes: { minutes: 0 }, minute: { bad: 5 } });
    expect(judged[1]?.state).toMatchObject({ minutes: { minutes: 10, sum: 5, sumSquares: 25 }, minute: { bad: 0 } });
  });

  it('leave a clock that went back alone', () => {
    const first = judgeOne(counts(0, 1, 5, 9));
    const back = judgeOne(counts(0, 2, 7, 18), { before: first.state, now: new Date(start - 5 * MINUTE_MS) });
    expect(back.state).toMatchObject({ minutes: { minutes: 0 }, minute: { bad: 7 } });
  });
});

describe('when everybody has the candidate', () => {
  const ramp = counts(100, 10_000, 100, 10_000);
  const then = (bad: number, units: number, overrides: Partial<CountTask> = {}): JudgedCount => {
    const before = judgeOne(ramp, overrides).state;
    const totals = { ...ramp, candidateBad: 100 + bad, candidateUnits: 10_000 + units };
    return judgeOne(totals, { ...overrides, before, isComparable: false, isWhole: true });
  };

  it.each<[string, JudgedCount, string, boolean]>([
    ['no more have come', then(0, 0), 'pass', false],
    ['they do as well as the stable arm did', then(100, 10_000), 'pass', true],
    ['they do far worse', then(400, 10_000), 'fail', true],
    [
      'there never was a stable arm',
      judgeOne(counts(900, 1_000, 0, 0), { isComparable: false, isWhole: true }),
      'pending',
      false,
    ],
  ])('the past of the stable arm is what they are compared with: %s', (_name, { result }, state, isComparable) => {
    expect([result.state, result.isComparable]).toEqual([state, isComparable]);
  });

  it('is said, with the evidence and the limit of that', () => {
    const { result } = then(100, 10_000);
    expect(result.sentence).toContain('evidence of harm against the past of the stable arm 0.0 of 7.6 needed.');
    expect(result.limit).toBeCloseTo(Math.log(2_000), 12);
    expect(result.evidence).toBeLessThan(0);
  });

  it('what two arms have shown is not forgotten', () => {
    const before = judgeOne(counts(100, 1_000, 90, 9_000)).state;
    const whole = judgeOne(counts(110, 2_000, 90, 9_000), { before, isComparable: false, isWhole: true });
    expect(whole.result.state).toBe('fail');
  });

  it('takes failing units of the stable arm for its callers, which come slower the longer one looks', () => {
    const metric: CountMetric = { ...failures, count: 'callers' };
    // A hundred callers failed, five times each; then ninety of them fail for the first time in their new arm.
    const before = judgeOne({ ...ramp, stableBad: 100, stableFailed: 500 }, { metric }).state;
    const totals = { ...ramp, stableFailed: 500, candidateBad: 190, candidateUnits: 11_800 };
    const judged = judgeOne(totals, { metric, before, isComparable: false, isWhole: true });
    expect(judged.result).toMatchObject({ state: 'pass', isComparable: true });
    const { stableFailed: _failed, ...byCallers } = totals;
    expect(judgeOne(byCallers, { metric, before, isComparable: false, isWhole: true }).result.state).toBe('fail');
  });

  it('knows bursts from when there was a stable arm, not from its silence since', () => {
    const steady = Array.from({ length: 40 }, () => counts(9, 1_000, 9, 1_000));
    const watched = judgeAll(steady, { stepMs: MINUTE_MS }).at(-1);
    const later = new Date(start + 400 * MINUTE_MS);
    const total = counts(360, 40_000, 360, 40_000);
    const whole = judgeOne(total, { before: watched?.state ?? startCount(failures), isWhole: true, now: later });
    expect([watched?.result.phi, whole.result.phi]).toEqual([1, 1]);
  });
});
