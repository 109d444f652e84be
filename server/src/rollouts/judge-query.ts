import {
  assessMeasurements,
  classifySeries,
  countMeasurement,
  DEFAULT_SERIES_RULE,
  judgeThreshold,
  type MeasurementCounters,
  type MetricAnswer,
  type MetricState,
  type MetricVerdict,
} from '../analysis/index.js';
import { endSentence } from '../kernel/sentence.js';
import type { QueryMetric } from '../policies/index.js';
import type { MetricResult } from './metric-result.js';
import type { QueryObservation } from './observation.js';
import { NO_QUERY, type QueryState } from './query-state.js';

/** With fewer points than this a series says nothing about another. */
const MINIMUM_POINTS = 10;
const DIRECTION = { higher: 'increase', lower: 'decrease', either: 'either' } as const;

/** What providers answered to one measurement; `stable` of a baseline only. */
export interface QueryAnswers {
  readonly candidate: MetricAnswer;
  readonly stable?: MetricAnswer;
}

/** Judges one measurement. What could not be asked is an error, what has no value says nothing: neither is ever bad. */
export function judgeMeasurement({ judge }: Pick<QueryMetric, 'judge'>, answers: QueryAnswers): MetricVerdict {
  const { candidate, stable } = answers;
  for (const answer of [candidate, stable]) {
    if (answer?.kind === 'error') return { state: 'error', reason: answer.reason };
    if (answer?.kind === 'none') return { state: 'pending', reason: answer.reason };
  }
  const points = valuesOf(candidate);
  if (judge.kind === 'threshold') return judgeThreshold(points.at(-1), judge);
  const others = valuesOf(stable);
  if (Math.min(points.length, others.length) < MINIMUM_POINTS) {
    const reason = `${points.length} and ${others.length} points; ${MINIMUM_POINTS} of each are needed`;
    return { state: 'pending', reason };
  }
  const rule = { ...DEFAULT_SERIES_RULE, direction: DIRECTION[judge.worse] };
  const { label, reason } = classifySeries(points, others, rule);
  if (label === 'high' || label === 'low') return { state: 'fail', reason };
  return { state: label === 'pass' ? 'pass' : 'inconclusive', reason };
}

function valuesOf(answer: MetricAnswer | undefined): readonly number[] {
  return answer?.kind === 'series' ? answer.points.map(({ value }) => value) : [];
}

/** One query of one subject at one tick. */
export interface QueryTask {
  readonly metric: QueryMetric;
  readonly subject: string;
  readonly before: QueryState | undefined;
  /** What was measured since the last tick. */
  readonly measured: QueryObservation | undefined;
  /** When the step's clock began; null while its share is on its way. */
  readonly since: string | null;
  readonly isComparable: boolean;
}

export interface JudgedQuery {
  readonly state: QueryState;
  readonly result: MetricResult;
}

/** Judges a metric by its measurements so far (VERDICTS.md 4). A step is not passed on what an earlier one measured. */
export function judgeQuery({ metric, subject, before, measured, since, isComparable }: QueryTask): JudgedQuery {
  const known = before ?? NO_QUERY;
  const state =
    measured === undefined
      ? known
      : {
          counters: countOne(known.counters, measured.state),
          lastAt: measured.to,
          sentence: measured.sentence,
        };
  const isOfStep = since !== null && state.lastAt !== null && state.lastAt >= since;
  const assessed = assessMeasurements(state.counters, metric, false);
  const { passed, failed, inconclusive, errors } = state.counters;
  const counted =
    `${state.sentence.replace(/\.$/u, '')}; ` +
    `${passed} good, ${failed} bad, ${inconclusive} inconclusive, ${errors} not taken.`;
  const alone = isComparable ? '' : ' Nothing to compare it with is served now.';
  return {
    state,
    result: {
      metric: metric.name,
      subject,
      state: assessed === 'pass' && !isOfStep ? 'pending' : assessed,
      dryRun: metric.dryRun,
      isComparable,
      isUnasked: state.lastAt === null || state.counters.consecutiveErrors > 0,
      sentence: `${metric.name} of ${subject}: ${state.lastAt === null ? endSentence(state.sentence) : counted}${alone}`,
    },
  };
}

/** One that said nothing counts as none, so that all is well again with the next; but it ends a row of good ones. */
function countOne(counters: MeasurementCounters, state: MetricState): MeasurementCounters {
  return { ...countMeasurement(counters, state), ...(state === 'pending' ? { consecutivePasses: 0 } : {}) };
}
