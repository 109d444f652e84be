import { DRIFT, judgeMeans, type MeanSums, NO_SUMS } from '../analysis/index.js';
import type { MeanMetric } from '../policies/index.js';
import type { MetricResult } from './metric-result.js';
import type { MeanObservation } from './observation.js';

/** One metric of one subject, as sums since the attempt began. */
export interface MeanTask {
  readonly metric: MeanMetric;
  readonly subject: string;
  readonly stable: MeanSums | undefined;
  readonly candidate: MeanSums | undefined;
  readonly alpha: number;
  /** Whether there are two arms to compare. */
  readonly isComparable: boolean;
  /** Whether everybody has the candidate, so that it is compared with the stable arm's past. */
  readonly isWhole: boolean;
}

export interface JudgedMean {
  readonly observation: MeanObservation | undefined;
  readonly result: MetricResult;
}

/**
 * Judges a mean by an asymptotic confidence sequence of the arms' difference (VERDICTS.md 3). When everybody has the
 * candidate the stable arm's sums are of another time, for which an allowance is made on top of the margin.
 */
export function judgeMean(task: MeanTask): JudgedMean {
  const { metric, subject, alpha, isWhole } = task;
  const [of, than] = [sumsOf(task.candidate), sumsOf(task.stable)];
  const margin = metric.margin + (isWhole ? DRIFT : 0);
  const { state, reason } = judgeMeans(of, than, { alpha, worse: metric.worse, margin });
  // No more of the stable arm will come: what its past does not settle is not waited for.
  const isComparable = task.isComparable || (isWhole && (state === 'pass' || state === 'fail'));
  return {
    observation: of.n + than.n === 0 ? undefined : { subject, metric: metric.name, stable: than, candidate: of },
    result: {
      metric: metric.name,
      subject,
      state,
      dryRun: metric.dryRun,
      isComparable,
      sentence: `${metric.name} of ${subject}${isWhole ? ', against the past of the stable arm' : ''}: ${reason}.`,
      stable: figures(than),
      candidate: figures(of),
    },
  };
}

function sumsOf(sums: MeanSums | undefined): MeanSums {
  if (sums === undefined) return NO_SUMS;
  const { n, sum, sumSquares } = sums;
  return { n, sum, sumSquares };
}

function figures({ n, sum }: MeanSums): MetricResult['stable'] & object {
  return n === 0 ? { units: 0 } : { units: n, mean: sum / n };
}
