import { describe, expect, it } from '@jest/globals';
import { aGuardrail, aMeasurementStatement, aQueryStatement } from '../../test/builders/a-guardrail.js';
import type { MetricAnswer } from '../analysis/index.js';
import type { MeasurementInterval } from '../telemetry/index.js';
import { coversAny, obstacleOf } from './guardrail.js';
import { judgeAnswer, judgeMeasurements, watchedSince, windowOf } from './judge-statement.js';

const now = new Date('2026-01-01T12:05:42.500Z');
const at = (clock: string): Date => new Date(`2026-01-01T${clock}Z`);
const series = (...values: readonly number[]): MetricAnswer => ({
  kind: 'series',
  points: values.map((value) => ({ at: now, value })),
  labels: {},
  query: 'q',
  sampleHash: '',
  warnings: [],
});

describe('a window', () => {
  it('of a query ends now', () => {
    expect(windowOf(aQueryStatement({ windowSeconds: 30 }), now)).toEqual({
      from: at('12:05:12.500'),
      to: now,
      stepMs: 1_000,
    });
  });

  it('of measurements is whole minutes that are over', () => {
    const { from, to } = windowOf(aMeasurementStatement({ windowSeconds: 120 }), now);
    expect([from, to]).toEqual([at('12:03:00'), at('12:05:00')]);
  });
});

describe('an answer', () => {
  it.each<[string, MetricAnswer, string, number | null]>([
    ['within its bounds is good', series(31), 'good', 31],
    ['on its bound is good', series(30), 'good', 30],
    ['beyond it is bad', series(29.9), 'bad', 29.9],
    ['is judged by its newest value', series(100, 100, 1), 'bad', 1],
    ['without anything is no data', { kind: 'none', reason: 'No match.', query: '', warnings: [] }, 'noData', null],
    [
      'that never came is not known',
      { kind: 'error', code: 'PROVIDER_UNREACHABLE', reason: 'Refused.', query: '' },
      'couldNotAsk',
      null,
    ],
  ])('%s', (_name, answer, outcome, value) => {
    expect(judgeAnswer(aQueryStatement(), answer)).toMatchObject({ outcome, value });
  });

  it('says what was found and what should have been', () => {
    const statement = aQueryStatement({ atLeast: 0.5, atMost: 2 });
    expect(judgeAnswer(statement, series(1 / 3)).sentence).toBe('0.333333 is not within at least 0.5 and at most 2.');
  });
});

describe('ordinary traffic', () => {
  const minute = (clock: string, n: number, more: Partial<MeasurementInterval> = {}): MeasurementInterval => {
    return { from: at(clock), seconds: 60, n, bad: 0, sum: 0, sumSquares: 0, ...more };
  };
  const window = windowOf(aMeasurementStatement({ windowSeconds: 120 }), now);
  const around = { window, inside: [], isKnown: true, instances: 1, watchedSince: null };
  const first = minute('12:03:00', 40);
  const second = minute('12:04:00', 40);
  const judge = (statement: object, measurements: object): readonly unknown[] => {
    const all = { ...around, ...measurements };
    const { outcome, value } = judgeMeasurements(aMeasurementStatement({ windowSeconds: 120, ...statement }), all);
    return [outcome, value];
  };

  it.each<[string, object, object, readonly unknown[]]>([
    ['is counted per minute of the window', {}, { inside: [first, second] }, ['good', 40]],
    ['counts a minute without any as none', {}, { inside: [second] }, ['bad', 20]],
    ['counts none at all where SDKs report', {}, {}, ['bad', 0]],
    ['does not know when no SDK reports', {}, { instances: 0 }, ['noData', null]],
    ['does not know a metric that nobody ever measured', {}, { isKnown: false }, ['noData', null]],
    ['does not judge a window that began without it', {}, { inside: [second], isKnown: false }, ['noData', null]],
    ['judges a whole window of a new metric', {}, { inside: [first], isKnown: false }, ['bad', 20]],
    ['does not judge what nobody watched', {}, { inside: [first], watchedSince: at('12:03:01') }, ['noData', null]],
    ['judges again after that', {}, { inside: [first, second], watchedSince: at('12:03:00') }, ['good', 40]],
    ['has a rate of bad ones', { what: 'badRate' }, { inside: [{ ...first, bad: 10 }, second] }, ['bad', 0.125]],
    ['has no rate of nothing', { what: 'badRate' }, {}, ['noData', null]],
    [
      'has a mean of values',
      { what: 'mean', atLeast: undefined, atMost: 3 },
      { inside: [{ ...first, sum: 200 }] },
      ['bad', 5],
    ],
    ['has no mean of nothing', { what: 'mean' }, {}, ['noData', null]],
  ])('%s', (_name, statement, measurements, found) => expect(judge(statement, measurements)).toEqual(found));
});

describe('a guardrail', () => {
  const checkedAt = (clock: string) => ({
    lastCheck: { outcome: 'good' as const, value: 1, sentence: '', at: at(clock).toISOString() },
  });

  it.each<[string, object, Date | null]>([
    ['that was never checked has no gap', {}, null],
    [
      'that is checked in time keeps watching',
      { ...checkedAt('12:04:42'), watchedSince: at('11:00:00') },
      at('11:00:00'),
    ],
    ['that comes two minutes late begins a minute from now', checkedAt('12:02:42'), at('12:06:42.500')],
  ])('%s', (_name, overrides, since) => {
    expect(watchedSince(aGuardrail({ intervalSeconds: 60, ...overrides }), now)).toEqual(since);
  });

  it.each<[string, 'all' | readonly string[], readonly string[], boolean]>([
    ['covers all there is', 'all', ['service/checkout'], true],
    ['covers what it names', ['flag/a', 'service/checkout'], ['service/checkout'], true],
    ['covers a release that moves more than that', ['flag/a'], ['flag/b', 'flag/a'], true],
    ['covers nothing else', ['flag/a'], ['flag/b', 'service/a'], false],
  ])('%s', (_name, covers, subjects, expected) => expect(coversAny(covers, subjects)).toBe(expected));

  it('is in the way only when it is to hold something', () => {
    const broken = { state: 'broken', reason: 'Bad.' } as const;
    const hold = { covers: ['flag/a'] };
    expect(obstacleOf(aGuardrail(broken))).toBeUndefined();
    expect(obstacleOf(aGuardrail({ ...broken, onBroken: { alert: true, hold, kill: null } }))).toEqual({
      key: 'orders',
      name: 'Orders',
      sentence: 'Bad.',
      covers: ['flag/a'],
    });
    expect(obstacleOf(aGuardrail({ state: 'holding', onBroken: { alert: true, hold, kill: null } }))).toBeUndefined();
  });
});
