import { describe, expect, it } from '@jest/globals';
import { aFlagTarget, aRamp, aRollout, aServiceTarget } from '../../test/builders/a-rollout.js';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRunObservation, someRunSums } from '../../test/builders/a-run-observation.js';
import { isCountMetric, type PolicyMetric } from '../policies/index.js';
import type { Arm, MeasurementTotal } from '../telemetry/index.js';
import { type Judged, judge, planMetrics } from './judge.js';
import { Measured } from './measured.js';
import type { Ramp, Rollout } from './rollout.js';
import type { RunObservation } from './run-observation.js';

const start = new Date('2026-01-01T00:00:00.000Z');
const later = new Date('2026-01-01T00:10:00.000Z');
const counted = { margin: 0, require: 'noHarm', dryRun: false } as const;
const failures = { ...counted, kind: 'failures', name: 'failures', count: 'units' } satisfies PolicyMetric;
const callers = { ...failures, name: 'callers', count: 'callers' } satisfies PolicyMetric;
const orders = { ...counted, kind: 'events', name: 'orders', event: 'order-failed' } satisfies PolicyMetric;
const revenue = {
  kind: 'mean',
  name: 'revenue',
  value: 'revenue',
  worse: 'lower',
  margin: 0,
  dryRun: false,
} satisfies PolicyMetric;

function total(arm: Arm, metric: string, overrides: Partial<MeasurementTotal> = {}): MeasurementTotal {
  const sums = { n: 0, bad: 0, callers: 0, sum: 0, sumSquares: 0, sketch: null, lastAt: start };
  return { subject: 'flag/new-cart', arm, metric, ...sums, ...overrides };
}
const units = (arm: Arm, n: number, bad: number, more: Partial<MeasurementTotal> = {}) =>
  total(arm, 'unit', { n, bad, ...more });

function judgeOne(
  metrics: readonly PolicyMetric[],
  totals: readonly MeasurementTotal[],
  { ramp = {}, ...overrides }: Partial<Omit<Rollout, 'ramp'>> & { ramp?: Partial<Ramp> } = {},
): Judged {
  const rollout = aRollout({ policy: aPolicyDocument({ metrics }), ...overrides, ramp: aRamp(ramp) });
  return judge({ rollout, measured: new Measured(totals), queries: [], now: later });
}
const harm = [units('candidate', 1_000, 200), units('stable', 9_000, 90)];

describe('the state of a rollout', () => {
  it.each<[string, Judged, string]>([
    ['is good when its policy asks for nothing', judgeOne([], []), 'pass'],
    ['is not known without traffic', judgeOne([failures], []), 'pending'],
    [
      'is good where both arms do as well',
      judgeOne([failures], [units('candidate', 1_000, 10), units('stable', 9_000, 90)]),
      'pass',
    ],
    ['is bad when one metric is, whatever the others are', judgeOne([orders, failures, revenue], harm), 'fail'],
    ['is never made bad by a dry run', judgeOne([{ ...failures, dryRun: true }], harm), 'pass'],
    [
      'is not known when one metric is not',
      judgeOne([failures, revenue], [units('candidate', 10, 0), units('stable', 90, 0)]),
      'pending',
    ],
    [
      'is not known when callers are not split as was asked, whatever is measured',
      judgeOne(
        [failures],
        [
          ...[units('candidate', 1_000, 10), units('stable', 9_000, 90)],
          total('candidate', 'exposed', { n: 500 }),
          total('stable', 'exposed', { n: 500 }),
        ],
      ),
      'inconclusive',
    ],
    [
      'is not made bad by one caller who makes all errors',
      judgeOne([callers], [units('candidate', 1_000, 1_000, { callers: 1 }), units('stable', 9_000, 0)]),
      'pass',
    ],
    [
      'is bad when many callers fail',
      judgeOne([callers], [units('candidate', 1_000, 100, { callers: 100 }), units('stable', 9_000, 0)]),
      'fail',
    ],
    [
      'counts events by their sum',
      judgeOne(
        [orders],
        [
          units('candidate', 1_000, 0),
          units('stable', 9_000, 0),
          total('candidate', 'order-failed', { n: 1, sum: 200 }),
        ],
      ),
      'fail',
    ],
  ])('%s', (_name, { state }, expected) => expect(state).toBe(expected));

  it('shows a dry run as it is', () => {
    expect(judgeOne([{ ...failures, dryRun: true }], harm).results[0]).toMatchObject({ state: 'fail', dryRun: true });
  });

  it('looks for no mismatch before the reports of the share before have arrived', () => {
    const exposed = [total('candidate', 'exposed', { n: 500 }), total('stable', 'exposed', { n: 500 })];
    const since = (secondsAgo: number) => ({
      ramp: { since: new Date(later.getTime() - secondsAgo * 1_000).toISOString() },
    });
    const stateOf = (secondsAgo: number) => judgeOne([], exposed, since(secondsAgo)).state;
    expect([stateOf(29), stateOf(30)]).toEqual(['pass', 'inconclusive']);
    expect(judgeOne([], exposed, { ramp: { since: null } }).state).toBe('pass');
    expect(judgeOne([], exposed, { ramp: { share: 100_000 } }).state).toBe('pass');
  });

  it('has nothing to compare at none, but is bad there too', () => {
    const { results, state } = judgeOne([failures], harm, { ramp: { share: 0 } });
    expect([results[0]?.isComparable, state]).toEqual([false, 'fail']);
    expect(judgeOne([failures], harm).results[0]?.isComparable).toBe(true);
  });

  it('has the past of the stable arm to compare with at all, where it has one', () => {
    const whole = { ramp: { share: 100_000 } };
    const alike = [units('candidate', 1_000, 10), units('stable', 9_000, 90)];
    expect(judgeOne([failures], alike, whole)).toMatchObject({ state: 'pass', results: [{ isComparable: true }, {}] });
    expect(judgeOne([failures], harm, whole).state).toBe('fail');
    const alone = [units('candidate', 1_000, 200)];
    const none = judgeOne([failures], alone, whole);
    expect(none).toMatchObject({ state: 'pending', results: [{ isComparable: false }, {}] });
  });

  it('is judged again from where the last tick left it', () => {
    const first = judgeOne([failures], harm);
    const again = judge({
      rollout: aRollout({ policy: aPolicyDocument({ metrics: [failures] }), evidence: first.evidence }),
      measured: new Measured(harm),
      queries: [],
      now: later,
    });
    expect(again.evidence.counts).toEqual(first.evidence.counts);
    expect(again.observation.counts).toEqual([]);
  });
});

describe('alpha', () => {
  const targets = [aFlagTarget(), aServiceTarget(), aFlagTarget({ flag: 'banner', ramp: null })];
  const plan = (metrics: readonly PolicyMetric[], of = targets) =>
    planMetrics({ policy: aPolicyDocument({ metrics }), targets: of }, isCountMetric);

  it('is shared by the metrics of every compared subject that could roll back', () => {
    const plans = plan([failures, callers, revenue, { ...orders, dryRun: true }]);
    expect(plans.map(({ key }) => key)).toEqual([
      'flag/new-cart failures',
      'service/checkout failures',
      'flag/new-cart callers',
      'service/checkout callers',
      'flag/new-cart orders',
      'service/checkout orders',
    ]);
    for (const { alpha } of plans) expect(alpha).toBeCloseTo(0.01 / 6, 12);
  });

  it('is whole for one metric of one subject', () => {
    expect(plan([failures], [aFlagTarget()]).map(({ alpha }) => alpha)).toEqual([0.01]);
  });

  it('asks for more evidence the more there is to look at', () => {
    const limits = [[failures], [failures, callers, orders]].map(
      (metrics) => judgeOne(metrics, harm).results[0]?.limit,
    );
    expect(limits).toEqual([Math.log(100), expect.closeTo(Math.log(300), 9)]);
  });

  it('has nothing to be shared by where nothing is ramped', () => {
    expect(plan([failures], [aFlagTarget({ ramp: null })])).toEqual([]);
  });
});

describe('what is recorded of parallel runs', () => {
  const targets = [{ kind: 'parallelRun', runId: 'r', run: 'price-v2', before: { share: 0 } }] as const;
  const seen = aRunObservation();
  const before = judgeRuns([seen], aRollout({ targets })).evidence;

  function judgeRuns(runs: readonly RunObservation[], rollout: Rollout): Judged {
    return judge({ rollout, measured: new Measured([], runs), queries: [], now: later });
  }
  const next = (...runs: readonly RunObservation[]) =>
    judgeRuns(runs, aRollout({ targets, evidence: before })).observation.runs;

  it('is nothing while nothing was compared', () => expect(next(seen)).toBeUndefined());

  it('is all of it once anything has come, were it only a control that was late', () => {
    const late = { ...seen, sums: someRunSums(500, 0, { lateControls: 1 }) };
    const other = aRunObservation({ candidate: 'other' });
    expect(next(late)).toEqual([late]);
    expect(next(seen, other)).toEqual([seen, other]);
    expect(next({ ...seen, epoch: 2 })).toHaveLength(1);
  });
});
