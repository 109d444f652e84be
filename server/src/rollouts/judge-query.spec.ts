import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MetricAnswer, MetricState } from '../analysis/index.js';
import type { QueryMetric } from '../policies/index.js';
import { judgeMeasurement, judgeQuery } from './judge-query.js';
import type { QueryState } from './query-state.js';
import type { QueryObservation } from './observation.js';

const start = Date.UTC(2026, 0, 1, 12);
const time = (seconds: number): string => new Date(start + seconds * 1_000).toISOString();
const query = { kind: 'json', url: 'http://metrics.test', method: 'GET', headers: {}, path: '$.v' } as const;
const metric: QueryMetric = {
  kind: 'query',
  name: 'latency',
  dryRun: false,
  query,
  judge: { kind: 'threshold', atMost: 100 },
  intervalSeconds: 10,
  initialDelaySeconds: 0,
  failureLimit: 0,
  consecutiveErrorLimit: 2,
  inconclusiveLimit: 0,
  consecutiveSuccessLimit: 1,
};
const baseline: QueryMetric = {
  ...metric,
  judge: { kind: 'baseline', worse: 'higher', stableQuery: query, windowSeconds: 600 },
};

function series(values: readonly number[]): MetricAnswer {
  const points = values.map((value, index) => ({ at: new Date(start + index * 1_000), value }));
  return { kind: 'series', points, labels: {}, query: 'q', sampleHash: '', warnings: [] };
}
const none: MetricAnswer = { kind: 'none', reason: 'No series matches.', query: 'q', warnings: [] };
const error: MetricAnswer = { kind: 'error', reason: 'It does not answer.', code: 'PROVIDER_TIMEOUT', query: 'q' };
const wavy = (level: number, length = 30): MetricAnswer =>
  series(Array.from({ length }, (_, index) => level + (index % 5)));

describe('one measurement', () => {
  it.each<[string, QueryMetric, { candidate: MetricAnswer; stable?: MetricAnswer }, MetricState]>([
    ['within its bound', metric, { candidate: series([500, 100]) }, 'pass'],
    ['beyond its bound, at its newest point', metric, { candidate: series([1, 101]) }, 'fail'],
    ['without a value: NaN, nothing, the wrong label', metric, { candidate: none }, 'pending'],
    ['that could not be taken: down, slow, the wrong type', metric, { candidate: error }, 'error'],
    ['that is no number, should one come through', metric, { candidate: series([Number.NaN]) }, 'inconclusive'],
    ['like the stable one', baseline, { candidate: wavy(10), stable: wavy(10) }, 'pass'],
    ['higher than the stable one', baseline, { candidate: wavy(20), stable: wavy(10) }, 'fail'],
    ['lower than the stable one, where higher is worse', baseline, { candidate: wavy(10), stable: wavy(20) }, 'pass'],
    ['of too few points to compare', baseline, { candidate: wavy(20, 9), stable: wavy(10) }, 'pending'],
    ['with too few to compare with', baseline, { candidate: wavy(20), stable: wavy(10, 9) }, 'pending'],
    ['with nothing to compare with', baseline, { candidate: wavy(20), stable: none }, 'pending'],
    ['whose other half could not be taken', baseline, { candidate: wavy(20), stable: error }, 'error'],
    ['none of whose halves was there', baseline, { candidate: none, stable: error }, 'pending'],
  ])('%s', (_name, of, answers, state) => expect(judgeMeasurement(of, answers).state).toBe(state));

  it('that was not answered with numbers is never good and never bad', () => {
    const unanswered = fc.constantFrom(none, error);
    const any = fc.oneof(unanswered, fc.constant(wavy(99_999)), fc.constant(wavy(0)));
    fc.assert(
      fc.property(fc.constantFrom(metric, baseline), unanswered, any, fc.boolean(), (of, lacking, other, isStable) => {
        const answers =
          isStable && of === baseline ? { candidate: other, stable: lacking } : { candidate: lacking, stable: other };
        expect(['pass', 'fail']).not.toContain(judgeMeasurement(of, answers).state);
      }),
    );
  });
});

/** The states of a metric after each of its measurements, ten seconds apart; null: none was due. */
function judgeAll(
  states: readonly (MetricState | null)[],
  { of = metric, since = time(0) }: { of?: QueryMetric; since?: string | null } = {},
) {
  let known: QueryState | undefined;
  return states.map((state, index) => {
    const measured: QueryObservation | undefined =
      state === null
        ? undefined
        : {
            metric: of.name,
            subject: 's',
            from: time(index * 10),
            to: time(index * 10 + 10),
            query: 'q',
            state,
            sentence: `it was ${state}`,
          };
    const judged = judgeQuery({ metric: of, subject: 's', before: known, measured, since, isComparable: true });
    known = judged.state;
    return judged.result.state;
  });
}

describe('a metric, by its measurements', () => {
  it.each<[string, Partial<QueryMetric>, readonly (MetricState | null)[], readonly MetricState[]]>([
    ['is pending before the first', {}, [null], ['pending']],
    ['passes, and goes on passing between two', {}, ['pass', null], ['pass', 'pass']],
    ['fails with the first bad one', {}, ['pass', 'fail', 'pass'], ['pass', 'fail', 'fail']],
    [
      'forgives as many bad ones as it says, in all',
      { failureLimit: 1 },
      ['fail', 'pass', 'fail'],
      ['pending', 'pass', 'fail'],
    ],
    [
      'waits for a row of good ones',
      { consecutiveSuccessLimit: 2 },
      ['pass', 'error', 'pass', 'pass'],
      ['pending', 'pending', 'pending', 'pass'],
    ],
    [
      'is an error after too many in a row, and heals',
      {},
      ['pass', 'error', 'error', 'error', 'error', 'pass'],
      ['pass', 'pending', 'pending', 'error', 'error', 'pass'],
    ],
    [
      'does not rest on a good one once a later one said nothing, and heals',
      {},
      ['pass', 'pending', 'pending', 'pass'],
      ['pass', 'pending', 'pending', 'pass'],
    ],
    [
      'stays inconclusive beyond its limit',
      { inconclusiveLimit: 1 },
      ['inconclusive', 'inconclusive', 'pass'],
      ['pending', 'inconclusive', 'inconclusive'],
    ],
    [
      'keeps a bad one in mind through an outage',
      {},
      ['fail', 'error', 'error', 'error'],
      ['fail', 'fail', 'fail', 'fail'],
    ],
  ])('%s', (_name, overrides, measured, states) => {
    expect(judgeAll(measured, { of: { ...metric, ...overrides } })).toEqual(states);
  });

  it('does not pass a step on what an earlier one measured, nor while its share is on its way', () => {
    expect(judgeAll(['pass', null, 'pass'], { since: time(15) })).toEqual(['pending', 'pending', 'pass']);
    expect(judgeAll(['pass'], { since: null })).toEqual(['pending']);
    // The new step's first measurement says nothing: the good one of the step before counts for nothing here.
    expect(judgeAll(['pass', 'pending'], { since: time(15) })).toEqual(['pending', 'pending']);
    // A bad one is bad, whenever it was measured.
    expect(judgeAll(['fail'], { since: time(999) })).toEqual(['fail']);
  });

  it('without one bad measurement never fails, whatever else is answered', () => {
    const harmless = fc.constantFrom<MetricState | null>('pass', 'pending', 'inconclusive', 'error', null);
    fc.assert(
      fc.property(fc.array(harmless, { maxLength: 30 }), (states) => expect(judgeAll(states)).not.toContain('fail')),
    );
  });

  it('whose last answer was not good never passes', () => {
    const any = fc.constantFrom<MetricState>('pass', 'pending', 'inconclusive', 'error');
    const last = fc.constantFrom<MetricState>('pending', 'inconclusive', 'error');
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), last, (states, end) => {
        expect(judgeAll([...states, end]).at(-1)).not.toBe('pass');
      }),
    );
  });
});

describe('what is said of a metric', () => {
  const say = (sentence: string | undefined, isComparable = true): string => {
    const at = { from: time(0), to: time(10) };
    const measured =
      sentence === undefined
        ? undefined
        : ({ metric: metric.name, subject: 's', ...at, query: 'q', state: 'error', sentence } as const);
    const task = { metric, subject: 's', before: undefined, measured, since: time(0), isComparable };
    return judgeQuery(task).result.sentence;
  };
  it.each<[string, string, RegExp]>([
    ['before it was asked', say(undefined), /: not measured yet\.$/u],
    [
      'of a whole sentence',
      say('It does not answer.'),
      /: It does not answer; 0 good, 0 bad, 0 inconclusive, 1 not taken\.$/u,
    ],
    ['of words', say('11 is more than 10'), /: 11 is more than 10; 0 good, 0 bad, 0 inconclusive, 1 not taken\.$/u],
    ['with one arm', say('1 is enough', false), / 1 not taken\. Nothing to compare it with is served now\.$/u],
  ])('is a sentence: %s', (_when, said, expected) => expect(said).toMatch(expected));
});
