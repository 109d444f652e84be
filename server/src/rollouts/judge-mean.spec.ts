import { expect, it } from '@jest/globals';
import type { MeanSums } from '../analysis/index.js';
import type { MeanMetric } from '../policies/index.js';
import { judgeMean, type MeanTask } from './judge-mean.js';

const metric: MeanMetric = { kind: 'mean', name: 'latency', value: 'ms', worse: 'higher', margin: 0.1, dryRun: false };
/** n observations around a mean, with a standard deviation of a tenth of 100. */
const around = (mean: number, n: number): MeanSums => ({ n, sum: n * mean, sumSquares: n * (mean ** 2 + 100) });
const judgeOne = (candidate: MeanSums | undefined, stable: MeanSums | undefined, more: Partial<MeanTask> = {}) =>
  judgeMean({ metric, subject: 's', candidate, stable, alpha: 0.01, isComparable: true, isWhole: false, ...more });

it.each<[string, MeanSums | undefined, MeanSums | undefined, string]>([
  ['is pending without measurements', undefined, undefined, 'pending'],
  ['is pending with one arm alone', around(500, 1_000), undefined, 'pending'],
  ['is pending with too few, however bad', around(9_999, 99), around(100, 5_000), 'pending'],
  ['fails what is surely worse than is allowed', around(150, 5_000), around(100, 5_000), 'fail'],
  ['passes what is surely not', around(100, 5_000), around(100, 5_000), 'pass'],
  ['passes what is better', around(50, 5_000), around(100, 5_000), 'pass'],
  ['cannot tell between', around(110, 5_000), around(100, 5_000), 'inconclusive'],
  ['cannot tell against a mean of nothing', around(110, 5_000), around(0, 5_000), 'inconclusive'],
])('%s', (_name, candidate, stable, state) => expect(judgeOne(candidate, stable).result.state).toBe(state));

it('looks the other way where lower is worse', () => {
  const lower = { metric: { ...metric, worse: 'lower' } } as const;
  expect(judgeOne(around(50, 5_000), around(100, 5_000), lower).result.state).toBe('fail');
  expect(judgeOne(around(150, 5_000), around(100, 5_000), lower).result.state).toBe('pass');
});

it('tells what was measured, when anything was', () => {
  const { result, observation } = judgeOne(around(150, 200), undefined);
  expect(result).toMatchObject({ candidate: { units: 200, mean: 150 }, stable: { units: 0 } });
  expect(result.stable).toEqual({ units: 0 });
  expect(observation).toEqual({ subject: 's', metric: 'latency', candidate: around(150, 200), stable: around(0, 0) });
  expect(judgeOne(undefined, undefined).observation).toBeUndefined();
});

it.each<[string, MeanSums | undefined, MeanSums | undefined, string, boolean]>([
  ['passes what is no worse than time alone may be', around(140, 5_000), around(100, 5_000), 'pass', true],
  ['fails what is far worse', around(190, 5_000), around(100, 5_000), 'fail', true],
  ['waits for nothing that the past does not settle', around(160, 5_000), around(100, 5_000), 'inconclusive', false],
  ['waits for no stable arm', around(160, 5_000), undefined, 'pending', false],
])('when everybody has the candidate, %s', (_name, candidate, stable, state, isComparable) => {
  const { result } = judgeOne(candidate, stable, { isComparable: false, isWhole: true });
  expect(result).toMatchObject({ state, isComparable });
  expect(result.sentence).toContain('against the past of the stable arm');
});
