import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRamp } from '../../test/builders/a-rollout.js';
import type { PolicyMetric } from '../policies/index.js';
import type { MetricResult } from './metric-result.js';
import { groundsOf, observedPower, withoutEvidence } from './promotion.js';

const metric = {
  kind: 'failures',
  name: 'failures',
  count: 'units',
  margin: 0,
  require: 'noHarm',
  dryRun: false,
} satisfies PolicyMetric;
const good: MetricResult = {
  metric: 'failures',
  subject: 'flag/new-cart',
  state: 'pass',
  dryRun: false,
  isComparable: true,
  sentence: 'It does as well.',
};
const now = new Date('2026-01-01T01:00:00.000Z');

type Overrides = Partial<Parameters<typeof groundsOf>[0]>;
const promoted = (results: readonly MetricResult[], overrides: Overrides = {}) => {
  return { policy: aPolicyDocument({ metrics: [metric] }), ramp: aRamp(), results, now, ...overrides };
};
const grounds = (results: readonly MetricResult[], overrides: Overrides = {}) =>
  groundsOf(promoted(results, overrides), results);

describe('the grounds of a promotion', () => {
  const whole = { ramp: aRamp({ share: 100_000 }) };
  const ratio = { ...good, metric: 'sample ratio' };
  it.each<[string, readonly MetricResult[], Overrides, string, string]>([
    ['are evidence where a metric was compared', [good, ratio], {}, 'PROMOTED_ON_EVIDENCE', 'Nothing bad was found.'],
    [
      'are the evidence of the steps before where nothing was compared at 100 %, and that is said',
      [{ ...good, isComparable: false }],
      whole,
      'PROMOTED_ON_EVIDENCE',
      'at 100 % nothing was compared.',
    ],
    ['are none without a metric', [], {}, 'PROMOTED_WITHOUT_EVIDENCE', 'No metric is asked for here'],
    [
      'are none that callers are split as was asked',
      [ratio],
      {},
      'PROMOTED_WITHOUT_EVIDENCE',
      'No metric is asked for',
    ],
    [
      'are none at 0 %',
      [{ ...good, state: 'pending', isComparable: false }],
      { ramp: aRamp({ share: 0 }) },
      'PROMOTED_WITHOUT_EVIDENCE',
      'At 0 % nobody has the candidate',
    ],
    [
      'are none at 100 % where nothing was ever compared, and it is said why',
      [{ ...good, state: 'pending', isComparable: false, sentence: 'There are no units.' }],
      whole,
      'PROMOTED_WITHOUT_EVIDENCE',
      'Nothing was compared. There are no units. Promoted on lack of evidence (power 0 %',
    ],
  ])('%s', (_name, results, overrides, code, said) => {
    const reason = grounds(results, overrides);
    expect(reason.code).toBe(code);
    expect(reason.sentence).toContain(said);
    expect(reason.sentence).toMatch(/\.$/u);
  });
});

describe('the power of what was seen', () => {
  const counted = (candidate: number, stable: number, bad: number, more: Partial<MetricResult> = {}): MetricResult => ({
    ...good,
    candidate: { units: candidate, bad: 0 },
    stable: { units: stable, bad },
    limit: Math.log(100),
    phi: 1,
    ...more,
  });
  const powerOf = (...results: readonly MetricResult[]) => observedPower(promoted(results));

  it.each<[string, readonly MetricResult[]]>([
    ['nothing was counted', [good]],
    ['no metric counts', []],
    ['the candidate had nobody', [counted(0, 9_000, 90)]],
    ['nobody was left to compare with', [counted(9_000, 0, 0)]],
    ['nothing ever went bad', [counted(1_000, 9_000, 0)]],
    ['only a dry run was counted', [counted(50_000, 50_000, 5_000, { dryRun: true })]],
  ])('is none where %s', (_name, results) => expect(powerOf(...results)).toBe(0));

  it('grows with what was seen, to certainty', () => {
    const powers = [100, 1_000, 10_000, 100_000].map((units) => powerOf(counted(units, units, units / 100)));
    expect(powers).toEqual([...powers].sort((a, b) => a - b));
    expect(powers[0]).toBeLessThan(0.05);
    expect(powers.at(-1)).toBeGreaterThan(0.99);
  });

  it('is that of the metric with the least, and less where bursts are usual', () => {
    const [little, much] = [counted(1_000, 1_000, 10), counted(20_000, 20_000, 200)];
    expect(powerOf(much, little)).toBe(powerOf(little));
    expect(powerOf({ ...much, phi: 20 })).toBeLessThan(powerOf(much));
  });

  it('stands in the sentence, in percent', () => {
    const results = [counted(5_000, 5_000, 50)];
    const { sentence } = withoutEvidence(promoted(results), 'Not known in time.');
    const power = Math.floor(100 * powerOf(...results));
    expect(power).toBeGreaterThan(1);
    expect(power).toBeLessThan(99);
    expect(sentence).toContain(`Not known in time. Promoted on lack of evidence (power ${power} %`);
  });
});
