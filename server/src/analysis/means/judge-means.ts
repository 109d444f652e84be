import type { MetricVerdict } from '../metric-state.js';
import { meanDifference, MINIMUM_UNITS } from './mean-difference.js';
import type { MeanSums } from './mean-sums.js';

/** What a policy asks of a mean. */
export interface MeanDemand {
  readonly alpha: number;
  readonly worse: 'higher' | 'lower';
  /** How much worse the candidate may be, as a part of the stable mean. */
  readonly margin: number;
}

/**
 * Judges a mean: it fails when it is surely worse by more than the margin, passes when it is surely not, and is
 * inconclusive between. Each of the two is right at all looks together with a chance of at least 1 − alpha.
 */
export function judgeMeans(candidate: MeanSums, stable: MeanSums, demand: MeanDemand): MetricVerdict {
  const units = Math.min(candidate.n, stable.n);
  if (units < MINIMUM_UNITS) {
    return { state: 'pending', reason: `${units} of the ${MINIMUM_UNITS} units needed in each arm` };
  }
  const difference = meanDifference(candidate, stable, { alpha: demand.alpha, sides: 1, scale: 'relative' });
  if (!difference) return { state: 'inconclusive', reason: 'the stable mean is 0: nothing can be relative to it' };
  const { low, high, estimate } = difference;
  const [leastHarm, mostHarm] = demand.worse === 'higher' ? [low, high] : [-high, -low];
  const reason = `${percent(estimate)} from the stable mean (${percent(low)} to ${percent(high)}), ${percent(demand.margin)} ${demand.worse} allowed`;
  if (leastHarm > demand.margin) return { state: 'fail', reason };
  return { state: mostHarm <= demand.margin ? 'pass' : 'inconclusive', reason };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
