import { describe, expect, it } from '@jest/globals';
import type { MetricResult } from '../rollouts/index.js';
import { leadingMetric, metricWords } from './leading-metric.js';

const result = (more: Partial<MetricResult>): MetricResult => ({
  ...{
    metric: 'failures',
    subject: 'flag/new-cart',
    state: 'pending',
    dryRun: false,
    isComparable: true,
    sentence: '',
  },
  ...{ evidence: 1, limit: 4, stable: { units: 100, bad: 1 }, candidate: { units: 100, bad: 1 } },
  ...more,
});

describe('The metric to hear of first', () => {
  it.each<[string, readonly Partial<MetricResult>[], number | undefined]>([
    ['is none where nothing acts', [{ dryRun: true }], undefined],
    ['is none where nothing was measured', [{ candidate: { units: 0 } }], undefined],
    ['is the one that failed', [{ evidence: 3.9 }, { state: 'fail', evidence: 1 }], 1],
    ['is one that could not be asked before one that is good', [{ state: 'pass' }, { state: 'error' }], 1],
    [
      'is the one nearest to its limit',
      [
        { evidence: 3, limit: 4 },
        { evidence: 4, limit: 5 },
        { evidence: 9, limit: 20 },
      ],
      1,
    ],
  ])('%s', (_name, metrics, index) => {
    const results = metrics.map(result);
    expect(leadingMetric(results)).toBe(index === undefined ? undefined : results[index]);
  });
});

describe('A metric in words', () => {
  it.each<[Partial<MetricResult>, string]>([
    [{ candidate: { units: 100, bad: 2 } }, 'failures +100 % on new-cart, evidence 1 of 4'],
    [
      { stable: { units: 1_000, bad: 500 }, candidate: { units: 1_000, bad: 498 } },
      'failures −0.4 % on new-cart, evidence 1 of 4',
    ],
    [
      { stable: { units: 100, bad: 0 }, candidate: { units: 800, bad: 3 } },
      'failures 0.38 %, none before on new-cart, evidence 1 of 4',
    ],
    [
      { stable: { units: 100, bad: 0 }, candidate: { units: 100, bad: 0 } },
      'failures none on new-cart, evidence 1 of 4',
    ],
    [
      { subject: 'all', stable: { units: 9, mean: 10 }, candidate: { units: 9, mean: 12 } },
      'failures +20 %, evidence 1 of 4',
    ],
  ])('%o', (more, words) => expect(metricWords(result(more))).toBe(words));

  it('says no evidence where none is reckoned', () => {
    const { evidence: _evidence, ...rest } = result({});
    expect(metricWords(rest)).toBe('failures ±0 % on new-cart');
  });
});
