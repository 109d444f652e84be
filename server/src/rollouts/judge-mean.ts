import { judgeMeans, type MeanSums, NO_SUMS } from '../analysis/index.js';
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
  readonly isComparable: boolean;
}

export interface JudgedMean {
  readonly observation: MeanObservation | undefined;
  readonly result: MetricResult;
}

/** Judges a mean by an asymptotic confidence sequence of the arms' difference (VERDICTS.md 3). */
export function judgeMean({ metric, subject, stable, candidate, alpha, isComparable }: MeanTask): JudgedMean {
  const [of, than] = [sumsOf(candidate), sumsOf(stable)];
  const { worse, margin } = metric;
  const { state, reason } = judgeMeans(of, than, { alpha, worse, margin });
  return {
    observation: of.n + than.n === 0 ? undefined : { subject, metric: metric.name, stable: than, candidate: of },
    result: {
      metric: metric.name,
      subject,
      state,
      dryRun: metric.dryRun,
      isComparable,
      sentence: `${metric.name} of ${subject}: ${reason}.`,
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
