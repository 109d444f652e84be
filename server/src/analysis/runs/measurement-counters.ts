import { worstOf, type MetricState } from '../metric-state.js';

/** What came out of the measurements of one metric in one attempt. Plain JSON. */
export interface MeasurementCounters {
  readonly passed: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly errors: number;
  /** Since the last measurement that could be taken. */
  readonly consecutiveErrors: number;
  /** Since the last that did not pass. */
  readonly consecutivePasses: number;
}

export const NO_MEASUREMENTS: MeasurementCounters = {
  passed: 0,
  failed: 0,
  inconclusive: 0,
  errors: 0,
  consecutiveErrors: 0,
  consecutivePasses: 0,
};

/** When a metric is decided by its measurements: the semantics of Argo Rollouts' analysis, but for what is said below. */
export interface MeasurementLimits {
  /** How many measurements are taken; absent: until the step ends. */
  readonly count?: number;
  /** More failures than this in all, not in a row, fail the metric; −1: none ever do. Default 0. */
  readonly failureLimit?: number;
  /** More than this in all make it inconclusive. Default 0. */
  readonly inconclusiveLimit?: number;
  /** More errors than this in a row make it an error. Default 4. */
  readonly consecutiveErrorLimit?: number;
  /** So many passes in a row settle it early; 0 or absent: none do. */
  readonly consecutiveSuccessLimit?: number;
}

/** Counts one finished measurement. A pending one is not finished and counts nothing. An error is no measurement. */
export function countMeasurement(counters: MeasurementCounters, state: MetricState): MeasurementCounters {
  const taken = { ...counters, consecutiveErrors: 0 };
  switch (state) {
    case 'pass':
      return { ...taken, passed: counters.passed + 1, consecutivePasses: counters.consecutivePasses + 1 };
    case 'fail':
      return { ...taken, failed: counters.failed + 1, consecutivePasses: 0 };
    case 'inconclusive':
      return { ...taken, inconclusive: counters.inconclusive + 1, consecutivePasses: 0 };
    case 'error':
      return {
        ...counters,
        errors: counters.errors + 1,
        consecutiveErrors: counters.consecutiveErrors + 1,
        consecutivePasses: 0,
      };
    case 'pending':
      return counters;
  }
}

/** Measurements that came to an end with an answer. */
export function takenOf({ passed, failed, inconclusive }: MeasurementCounters): number {
  return passed + failed + inconclusive;
}

/**
 * The state of a metric after its measurements so far. `isOver`: no more will be taken.
 * Otherwise than in Argo Rollouts, a failure is never hidden by errors, an error heals when a measurement succeeds
 * again, and what ends without a single measurement is inconclusive, not a success.
 */
export function assessMeasurements(
  counters: MeasurementCounters,
  limits: MeasurementLimits,
  isOver: boolean,
): MetricState {
  const { count, failureLimit = 0, inconclusiveLimit = 0, consecutiveErrorLimit = 4 } = limits;
  const successLimit = limits.consecutiveSuccessLimit ?? 0;
  if (failureLimit >= 0 && counters.failed > failureLimit) return 'fail';
  if (counters.consecutiveErrors > consecutiveErrorLimit) return 'error';
  if (counters.inconclusive > inconclusiveLimit) return 'inconclusive';
  if (successLimit > 0 && counters.consecutivePasses >= successLimit) return 'pass';

  const taken = takenOf(counters);
  if (count !== undefined && taken >= count) {
    if (successLimit === 0) return taken > 0 ? 'pass' : 'inconclusive';
    return failureLimit >= 0 ? 'inconclusive' : 'fail';
  }
  if (!isOver) return 'pending';
  return taken > 0 ? 'pass' : 'inconclusive';
}

/** The state of a run: the worst of its metrics. Dry runs are shown and never decide. */
export function assessRun(
  metrics: readonly { readonly state: MetricState; readonly isDryRun: boolean }[],
): MetricState {
  return worstOf(metrics.filter(({ isDryRun }) => !isDryRun).map(({ state }) => state));
}
