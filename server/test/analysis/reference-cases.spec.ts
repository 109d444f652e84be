import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { z } from 'zod';
import { addTick, logEvidence, startHarmEvidence } from '../../src/analysis/counts/count-evidence.js';
import { proportionInterval } from '../../src/analysis/counts/proportion-interval.js';
import { addShareTick, NO_SHARE_EVIDENCE, shareP } from '../../src/analysis/counts/share-evidence.js';
import { meanDifference } from '../../src/analysis/means/mean-difference.js';
import { addSums, NO_SUMS, varianceOfSums } from '../../src/analysis/means/mean-sums.js';
import { logMixtureEvidence, mixtureBound, tunedMixture } from '../../src/analysis/means/normal-mixture.js';
import { worstOf, type MetricState } from '../../src/analysis/metric-state.js';
import { assessMeasurements, NO_MEASUREMENTS } from '../../src/analysis/runs/measurement-counters.js';
import { classifySeries, DEFAULT_SERIES_RULE, meanRatio } from '../../src/analysis/series/classify-series.js';
import { outlierIndexes } from '../../src/analysis/series/clean-series.js';
import { hasPassed, judgementWindow } from '../../src/analysis/series/judgement-window.js';
import { compareRanks } from '../../src/analysis/series/mann-whitney.js';
import { meanOf, percentileOf } from '../../src/analysis/series/percentile.js';
import { scoreSeries } from '../../src/analysis/series/score-series.js';

/** Lies beside the repository, where it lies at all; the facts that matter most are also in the specs of their files. */
const REFERENCE = new URL('../../../../shared/reference/canary/cases.json', import.meta.url);

const numberOrNaN = z.union([z.number(), z.literal('NaN').transform(() => NaN)]);
const caseSchema = z.object({
  id: z.string(),
  kind: z.string(),
  control: z.array(numberOrNaN),
  experiment: z.array(numberOrNaN),
  params: z.record(z.string(), z.unknown()),
  expected: z.record(z.string(), z.unknown()),
});
type ReferenceCase = z.infer<typeof caseSchema>;
type Check = (each: ReferenceCase, all: readonly ReferenceCase[]) => void;

/** Kinds that Sluice has no use for. Code that only a test calls would be dead. */
const leftOut: Readonly<Record<string, string>> = {
  outlier_ksigma: 'outliers are found by quartiles: k standard deviations are themselves moved by outliers',
  gamma_poisson_log_e: 'bad-event counts use the ramp-aware conditional e-process, which takes changing shares',
  beta_binomial_one_sided_log_e: 'proportions are shown with the two-sided interval',
  beta_binomial_one_sided_bound: 'proportions are shown with the two-sided interval',
  poly_stitching_bound: 'the mixture bounds are tighter at the sample sizes of rollouts',
  quantile_double_stitching_bound:
    'latency is judged as a count of slow requests; quantiles are for looking at. The case is not verified either',
  empirical_process_lil_bound: 'no verdict is about a whole distribution. The case is not verified either',
  quantile_ab_always_valid_p: 'no verdict is about a quantile. The case is not verified either',
  group_sequential_constant: 'looks are not planned: every tick is one, and steps are extended at will',
};

const checks: Readonly<Record<string, Check>> = {
  normal_quantile: ({ params, expected }) => {
    near(normalQuantile(numbers(params)('p'), 0, 1), expected, 'z');
  },
  mannwhitney_ci: checkInterval,
  mannwhitney_intermediate: checkInterval,
  mannwhitney_pvalue: ({ control, experiment, params, expected }) => {
    const { superiority, z: score } = compareRanks(experiment, control, 0.95);
    near(superiority * control.length * experiment.length, { ...expected, abs_tol: 1e-9 }, 'W');
    // The judge knows the normal test with its corrections; the exact test of small samples is not its.
    if (params['exact'] === true || params['continuity'] === false) return;
    expect(params['alternative']).toBe('two-sided');
    near(2 * normalCdf(-Math.abs(score), 0, 1), expected, 'p');
  },
  mannwhitney_classifier: (each) => checkClass(each, each, 1),
  mannwhitney_classifier_property: (each, all) => {
    const base = all.find(({ id }) => id === each.params['derivedFrom']);
    checkClass(each, base ?? each, numbers(each.params)('scale'));
  },
  summary_statistics: ({ experiment, expected }) => {
    const sums = experiment.reduce((a, value) => addSums(a, { n: 1, sum: value, sumSquares: value ** 2 }), NO_SUMS);
    near(meanOf(experiment), expected, 'mean');
    near(percentileOf(experiment, 0), expected, 'min');
    near(percentileOf(experiment, 100), expected, 'max');
    near(Math.sqrt(varianceOfSums(sums)), expected, 'std');
  },
  percentile_r7: ({ experiment, params, expected }) => {
    near(percentileOf(experiment, numbers(params)('p')), expected, 'value');
  },
  effect_size_mean_ratio: ({ control, experiment, expected }) => {
    near(meanRatio(experiment, control), expected, 'value');
  },
  effect_size_cles: ({ control, experiment, expected }) => {
    near(compareRanks(experiment, control, 0.98).superiority, expected, 'value');
  },
  outlier_iqr: ({ experiment, params, expected }) => {
    const options = { factor: numbers(params)('factor'), sparesTails: params['reduceSensitivity'] === true };
    expect(outlierIndexes(experiment, options)).toEqual(expected['outlier_indices']);
  },
  summary_score: ({ params, expected }) => {
    const { metrics, groupWeights } = scoreParams.parse(params);
    const labelled = metrics.map(({ classification, critical, groups }) => ({
      label: labels[classification],
      isCritical: critical,
      groups,
    }));
    near(scoreSeries(labelled, groupWeights).score, expected, 'score');
  },
  final_verdict: ({ params, expected }) => {
    const { lastScore, marginal, pass } = verdictParams.parse(params);
    const bounds = { ...(pass !== null && { pass }), ...(marginal !== null && { marginal }) };
    expect(hasPassed([lastScore], bounds)).toBe(expected['didPass']);
  },
  judgement_window: ({ params, expected }) => {
    const of = numbers(params);
    const plan = {
      intervalMinutes: of('intervalMin'),
      beginAfterMinutes: of('beginAfterMin'),
      lookbackMinutes: of('lookbackMin'),
    };
    expect(judgementWindow(plan, of('judgement'))).toEqual({
      startMinutes: expected['startOffsetMin'],
      endMinutes: expected['endOffsetMin'],
    });
  },
  normal_mixture_two_sided_rho: ({ params, expected }) => {
    near(mixtureOf(params).rho, expected, 'rho');
  },
  normal_mixture_two_sided_log_e: ({ params, expected }) => {
    const of = numbers(params);
    near(logMixtureEvidence(mixtureOf(params), of('s'), of('v')), expected, 'log_e');
  },
  normal_mixture_two_sided_bound: ({ params, expected }) => {
    const of = numbers(params);
    near(mixtureBound(mixtureOf(params), of('v'), of('alpha')), expected, 'bound');
  },
  bernoulli_confidence_sequence: ({ params, expected }) => {
    const of = numbers(params);
    const question = { alpha: of('alpha'), tunedTrials: of('t_opt') };
    const [low, high] = proportionInterval(of('successes'), of('trials'), question);
    near(low, expected, 'low');
    near(high, expected, 'high');
  },
  asymptotic_cs_one_sided_greater: ({ params, expected }) => {
    near(differenceOf(params)?.low, expected, 'low');
  },
  asymptotic_cs_one_sided_lesser: ({ params, expected }) => {
    near(differenceOf(params)?.high, expected, 'high');
  },
  dirichlet_multinomial_always_valid: ({ params, expected }) => {
    const { theta0, counts_at_stop } = shareParams.parse(params);
    const evidence = addShareTick(NO_SHARE_EVIDENCE, { intended: theta0, counts: counts_at_stop });
    near(shareP(evidence), expected, 'p');
    expect(shareP(evidence)).toBeLessThan(numbers(params)('alpha'));
  },
  ramp_eprocess: ({ params, expected }) => {
    const { stages, margin } = rampParams.parse(params);
    const evidence = stages.reduce(
      (before, { canaryBad, totalBad, canaryShare }) =>
        addTick(before, { candidateBad: canaryBad, bad: totalBad, share: canaryShare, phi: 1 }),
      startHarmEvidence(margin),
    );
    near(logEvidence(evidence), expected, 'log_e');
  },
  ramp_eprocess_null_mean: ({ params, expected }) => {
    const { dist, totalBad, canaryShare, margin, populationSize, drawn } = nullMeanParams.parse(params);
    const chance = (k: number) =>
      dist === 'hypergeometric'
        ? Math.exp(choose(totalBad, k) + choose(populationSize - totalBad, drawn - k) - choose(populationSize, drawn))
        : Math.exp(choose(totalBad, k) + k * Math.log(canaryShare) + (totalBad - k) * Math.log1p(-canaryShare));
    const mean = Array.from({ length: totalBad + 1 }, (_, k) => {
      const tick = { candidateBad: k, bad: totalBad, share: canaryShare, phi: 1 };
      return chance(k) * Math.exp(logEvidence(addTick(startHarmEvidence(margin), tick)));
    }).reduce((sum, part) => sum + part, 0);
    near(mean, expected, 'expected_e');
  },
  analysis_metric_state: ({ params, expected }) => {
    const { metric, result } = stateParams.parse(params);
    const counters = {
      ...NO_MEASUREMENTS,
      passed: result.successful,
      failed: result.failed,
      inconclusive: result.inconclusive,
      consecutiveErrors: result.consecutiveError,
      consecutivePasses: result.consecutiveSuccess,
    };
    const limits = {
      ...(typeof metric.count === 'number' && { count: metric.count }),
      ...(metric.failureLimit !== undefined && { failureLimit: metric.failureLimit }),
      ...(metric.inconclusiveLimit !== undefined && { inconclusiveLimit: metric.inconclusiveLimit }),
      ...(metric.consecutiveSuccessLimit !== undefined && { consecutiveSuccessLimit: metric.consecutiveSuccessLimit }),
    };
    expect(assessMeasurements(counters, limits, false)).toBe(stateOf(expected['phase']));
    expect(assessMeasurements(counters, limits, true)).toBe(stateOf(expected['phaseWhenTerminating']));
  },
  analysis_worst_phase: ({ expected }) => {
    const states = z.array(z.string()).parse(expected['best_to_worst']).map(stateOf);
    states.forEach((state, index) => expect(worstOf(states.slice(0, index + 1))).toBe(state));
  },
};

const cases = existsSync(REFERENCE)
  ? z.object({ cases: z.array(caseSchema) }).parse(JSON.parse(readFileSync(REFERENCE, 'utf8'))).cases
  : [];

(cases.length > 0 ? describe : describe.skip)('the reference cases', () => {
  const present = new Set(cases.map(({ id }) => id));
  const isWhole = ({ params }: ReferenceCase) =>
    typeof params['derivedFrom'] !== 'string' || present.has(params['derivedFrom']);
  const used = cases.filter(({ kind }) => !(kind in leftOut));
  const withoutBase = used.filter((each) => !isWhole(each));
  if (withoutBase.length > 0) it.skip.each(withoutBase)('$kind $id: the case it is derived from is not here', () => {});

  it.each(used.filter(isWhole))('$kind $id', (each) => {
    const check = checks[each.kind];
    if (!check) throw new Error(`no check for ${each.kind}, and no reason why Sluice does without`);
    expect.hasAssertions();
    check(each, cases);
  });

  it('are left out by kind only, each kind with its reason', () => {
    const kinds = new Set(cases.map(({ kind }) => kind));
    expect(Object.keys(leftOut).filter((kind) => kind in checks)).toEqual([]);
    expect([...kinds].filter((kind) => !(kind in checks) && !leftOut[kind])).toEqual([]);
    expect(cases.length).toBeGreaterThan(50);
  });
});

const labels = {
  Pass: 'pass',
  High: 'high',
  Low: 'low',
  Nodata: 'noData',
  NodataFailMetric: 'noDataFail',
} as const;
const label = z.enum(['Pass', 'High', 'Low', 'Nodata', 'NodataFailMetric']);

const scoreParams = z.object({
  groupWeights: z.record(z.string(), z.number()),
  metrics: z.array(z.object({ classification: label, groups: z.array(z.string()), critical: z.boolean() })),
});
const verdictParams = z.object({
  lastScore: z.number(),
  marginal: z.number().nullable(),
  pass: z.number().nullable(),
});
const shareParams = z.object({ theta0: z.array(z.number()), counts_at_stop: z.array(z.number()) });
const rampParams = z.object({
  margin: z.number(),
  stages: z.array(z.object({ canaryBad: z.number(), totalBad: z.number(), canaryShare: z.number() })),
});
const nullMeanParams = z.object({
  dist: z.enum(['hypergeometric', 'binomial']),
  totalBad: z.number(),
  canaryShare: z.number(),
  margin: z.number(),
  populationSize: z.number().default(0),
  drawn: z.number().default(0),
});
const stateParams = z.object({
  metric: z.object({
    count: z.number().nullish(),
    failureLimit: z.number().optional(),
    inconclusiveLimit: z.number().optional(),
    consecutiveSuccessLimit: z.number().optional(),
  }),
  result: z.object({
    successful: z.number().default(0),
    failed: z.number().default(0),
    inconclusive: z.number().default(0),
    consecutiveError: z.number().default(0),
    consecutiveSuccess: z.number().default(0),
  }),
});
const effectParams = z.object({
  effectSizeMeasure: z.enum(['meanRatio', 'cles']),
  effectSizeThresholds: z.object({ allowedIncrease: z.number(), allowedDecrease: z.number() }).partial().default({}),
  criticalThresholds: z.object({ criticalIncrease: z.number(), criticalDecrease: z.number() }).partial().default({}),
  direction: z.enum(['increase', 'decrease', 'either']),
  nanStrategy: z.enum(['remove', 'replace']),
  critical: z.boolean(),
  mustHaveData: z.boolean(),
});

/** `tolerance` and `confLevel` stand in the cases' settings, but the judge they come from reads neither. */
function checkClass(each: ReferenceCase, { control, experiment }: ReferenceCase, scale: number): void {
  const params = effectParams.parse(each.params);
  const { allowedIncrease = undefined, allowedDecrease = undefined } = params.effectSizeThresholds;
  const { criticalIncrease = undefined, criticalDecrease = undefined } = params.criticalThresholds;
  const rule = {
    ...DEFAULT_SERIES_RULE,
    direction: params.direction,
    nan: params.nanStrategy,
    isCritical: params.critical,
    mustHaveData: params.mustHaveData,
    effect: {
      measure: params.effectSizeMeasure,
      ...(allowedIncrease !== undefined && { allowedIncrease }),
      ...(allowedDecrease !== undefined && { allowedDecrease }),
      ...(criticalIncrease !== undefined && { criticalIncrease }),
      ...(criticalDecrease !== undefined && { criticalDecrease }),
    },
  };
  for (const by of [scale, scale * 1e-6]) {
    const found = classifySeries(
      experiment.map((value) => value * by),
      control.map((value) => value * by),
      rule,
    );
    expect(found.label).toBe(labels[label.parse(each.expected['classification'])]);
    if (each.expected['critical'] !== undefined) expect(found.isCritical).toBe(each.expected['critical']);
  }
}

/** The published bounds come from a solver with an absolute tolerance of 1e-4: ours are exact, and as near as that. */
function checkInterval({ control, experiment, params, expected }: ReferenceCase): void {
  const found = compareRanks(experiment, control, numbers(params)('confLevel'));
  const solved = { ...expected, abs_tol: 1e-4 };
  near(found.low, solved, 'ciLow');
  near(found.high, solved, 'ciHigh');
  near(found.estimate, solved, 'estimate');
}

/** Within the case's own tolerance; exactly where it has none. */
function near(actual: number | undefined, expected: ReferenceCase['expected'], key: string): void {
  const wanted = numberOrNaN.parse(expected[key]);
  const { abs_tol = 0, rel_tol = 0 } = tolerances.parse(expected);
  if (Number.isNaN(wanted)) return expect(actual).toBeNaN();
  const slack = Math.max(abs_tol, rel_tol * Math.abs(wanted), 1e-12);
  expect(Math.abs((actual ?? NaN) - wanted)).toBeLessThanOrEqual(slack);
}

const tolerances = z.object({ abs_tol: z.number().optional(), rel_tol: z.number().optional() });
const sums = z
  .object({ n: z.number(), sum: z.number(), sum_squares: z.number() })
  .transform(({ n, sum, sum_squares }) => ({ n, sum, sumSquares: sum_squares }));
const differenceParams = z.object({
  control: sums,
  treatment: sums,
  alpha: z.number(),
  tuning_n: z.number(),
  difference: z.enum(['absolute', 'relative']),
});

function differenceOf(params: ReferenceCase['params']): ReturnType<typeof meanDifference> {
  const { control, treatment, alpha, tuning_n, difference } = differenceParams.parse(params);
  return meanDifference(treatment, control, { alpha, sides: 1, scale: difference, tunedUnits: tuning_n });
}

function mixtureOf(params: ReferenceCase['params']): ReturnType<typeof tunedMixture> {
  return tunedMixture(numbers(params)('v_opt'), numbers(params)('alpha_opt'), 2);
}

function numbers(params: ReferenceCase['params']): (key: string) => number {
  return (key) => z.number().parse(params[key]);
}

function stateOf(phase: unknown): MetricState {
  const states = {
    Running: 'pending',
    Successful: 'pass',
    Failed: 'fail',
    Error: 'error',
    Inconclusive: 'inconclusive',
  } as const;
  return states[z.enum(['Running', 'Successful', 'Failed', 'Error', 'Inconclusive']).parse(phase)];
}

function choose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  let sum = 0;
  for (let i = 1; i <= k; i += 1) sum += Math.log((n - k + i) / i);
  return sum;
}
