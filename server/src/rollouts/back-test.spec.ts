import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import type { CountMetric, PolicyDocument } from '../policies/index.js';
import {
  NO_REPLAY,
  type RecordedTick,
  type Replay,
  replayedMetrics,
  type ReplayedMetric,
  type ReplayedRollout,
  replayTicks,
  summariseReplays,
} from './back-test.js';
import type { CountObservation } from './observation.js';
import type { Rollout } from './rollout.js';

const common = { dryRun: false, margin: 0, require: 'noHarm' } as const;
const failures = (overrides: Partial<CountMetric> = {}): CountMetric =>
  // Only what all count metrics have is overridden.
  ({ ...common, kind: 'failures', name: 'failures', count: 'callers', ...overrides }) as CountMetric;
const events: CountMetric = { ...common, kind: 'events', name: 'oops', event: 'oops' };
const slow = (slowerThanMs: number): CountMetric => ({
  ...common,
  kind: 'slow',
  name: 'slow',
  duration: 'request',
  slowerThanMs,
});

const service = (key: string): Rollout['targets'][number] => ({
  kind: 'service',
  service: key,
  before: { stable: { version: 'v1', digest: 'd1' }, candidate: null },
  candidate: { version: 'v2', digest: 'd2' },
});
const recorded = (metrics: PolicyDocument['metrics'], targets = [service('checkout')]) => ({
  policy: aPolicyDocument({ metrics }),
  targets,
});

const at = (tick: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, 10 * tick));
/** A tick at a share of a tenth, if not said otherwise: k of n bad events are the candidate's. */
const aTick = (tick: number, k: number, n: number, overrides: Partial<CountObservation> = {}): RecordedTick => ({
  tick,
  at: at(tick),
  body: {
    counts: [
      {
        subject: 'service/checkout',
        metric: 'failures',
        candidateUnits: 100,
        stableUnits: 900,
        candidateBad: k,
        stableBad: n - k,
        phi: 1,
        ...overrides,
      },
    ],
  },
});

function replay(metrics: readonly ReplayedMetric[], ticks: readonly RecordedTick[], before = NO_REPLAY): Replay {
  const work = replayTicks(before, metrics, ticks);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

describe('what a policy sees of a recorded rollout', () => {
  const own = recorded([failures()]);
  const alone = replayedMetrics(own.policy, own);

  // 12 of 40 at a tenth: log e = 4.943476 (VERDICTS.md 2), and ln(1/0.01) = 4.605170.
  it.each<[string, readonly RecordedTick[], number | null]>([
    ['fires when the evidence is enough', [aTick(1, 0, 0), aTick(2, 12, 40)], 2],
    ['fires once, at the first', [aTick(2, 12, 40), aTick(3, 12, 40)], 2],
    ['does not fire before', [aTick(2, 11, 40)], null],
    ['adds up what ticks say', [aTick(1, 6, 20), aTick(2, 6, 20)], 2],
    ['tempers bursts as they were tempered then', [aTick(2, 12, 40, { phi: 2 })], null],
    ['learns nothing from one arm alone', [aTick(2, 40, 40, { stableUnits: 0 })], null],
    ['looks at its subjects only', [aTick(2, 12, 40, { subject: 'service/cart' })], null],
    ['looks at its metrics only', [aTick(2, 12, 40, { metric: 'other' })], null],
  ])('%s', (_name, ticks, fired) => {
    const found = replay(alone, ticks).fired;
    expect(found?.tick ?? null).toBe(fired);
    if (fired !== null) expect(found).toMatchObject({ metric: 'failures', subject: 'service/checkout', at: at(fired) });
  });

  // 3 of 20 at 0.01, 6 of 30 at 0.05, 9 of 40 at 0.1: log e = 8.202984 (VERDICTS.md 2), between ln(1/0.0003) and ln(1/0.00027).
  it.each([
    [0.0003, 9],
    [0.00027, null],
  ])('adds up what a ramp says: at alpha %d it fires at tick %p', (alpha, fired) => {
    const ramp = [
      aTick(1, 3, 20, { candidateUnits: 10, stableUnits: 990 }),
      aTick(5, 6, 30, { candidateUnits: 50, stableUnits: 950 }),
      aTick(9, 9, 40),
    ];
    const metrics = replayedMetrics({ ...own.policy, alpha }, own);
    expect(replay(metrics, ramp).fired?.tick ?? null).toBe(fired);
  });

  it('needs more where metrics and subjects share alpha, as the engine divides it', () => {
    // ln(1/0.005) = 5.298: 12 of 40 are not enough for two.
    const two = recorded([failures(), events]);
    expect(replay(replayedMetrics(two.policy, own), [aTick(1, 12, 40)]).fired).toBeNull();
    const both = recorded([failures()], [service('checkout'), service('cart')]);
    expect(replay(replayedMetrics(both.policy, both), [aTick(1, 12, 40)]).fired).toBeNull();
    const dry = recorded([failures(), { ...events, dryRun: true }]);
    expect(replay(replayedMetrics(dry.policy, own), [aTick(1, 12, 40)]).fired).not.toBeNull();
  });

  it('goes on where a page of ticks ended, and stays fired', () => {
    const first = replay(alone, [aTick(1, 6, 20)]);
    expect(first).toMatchObject({ ticks: 1, fired: null });
    const second = replay(alone, [aTick(2, 6, 20)], first);
    expect(second).toMatchObject({ ticks: 2, fired: { tick: 2 } });
    expect(replay(alone, [aTick(3, 0, 400)], second)).toBe(second);
  });
});

describe('what can be replayed', () => {
  it.each<[string, CountMetric, CountMetric, readonly string[]]>([
    ['the same metric', failures(), failures(), ['failures']],
    ['the same by another name', failures({ name: 'broken' }), failures(), ['failures']],
    ['a stricter margin', failures({ margin: 0.5 }), failures(), ['failures']],
    ['units where callers were counted', { ...failures(), count: 'units' } as CountMetric, failures(), []],
    ['another objective', slow(200), slow(100), []],
    ['the same objective', slow(100), slow(100), ['slow']],
    ['events', events, events, ['oops']],
    ['what is judged but not acted on', failures({ dryRun: true }), failures(), []],
  ])('is what was counted then: %s', (_name, tested, counted, names) => {
    const policy = aPolicyDocument({ metrics: [tested] });
    expect(replayedMetrics(policy, recorded([counted])).map(({ recordedAs }) => recordedAs)).toEqual(names);
  });

  it('is compared for every subject', () => {
    const own = recorded([failures()], [service('checkout'), service('cart')]);
    expect(replayedMetrics(own.policy, own).map(({ key }) => key)).toEqual([
      'service/checkout failures',
      'service/cart failures',
    ]);
  });
});

it('tells how often it would have fired, beside how rollouts ended', () => {
  const one = (status: ReplayedRollout['status'], isFired: boolean, isComparable = true): ReplayedRollout => ({
    status,
    isComparable,
    fired: isFired ? { tick: 1, at: at(1), metric: 'failures', subject: 'service/checkout' } : null,
  });
  const summary = summariseReplays([
    one('released', true),
    one('released', false),
    one('released', false),
    one('rolledBack', true),
    one('rolledBack', false, false),
    one('aborted', true),
    one('superseded', false),
  ]);
  expect(summary).toEqual({
    released: { rollouts: 3, fired: 1 },
    rolledBack: { rollouts: 1, fired: 1 },
    undecided: { rollouts: 2, fired: 1 },
    notComparable: 1,
    sentence:
      'Would have rolled back 1 of 3 that were released, and caught 1 of 1 that were rolled back. ' +
      '1 more recorded nothing of what the policy counts.',
  });
});
