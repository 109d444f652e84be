import type { MetricState } from '../metric-state.js';
import type { SeriesLabel } from './classify-series.js';

/** One judged metric. It may be in several groups. */
export interface LabelledMetric {
  readonly label: SeriesLabel;
  readonly groups: readonly string[];
  readonly isCritical: boolean;
}

export interface SeriesScore {
  /** 0 to 100, two decimals. */
  readonly score: number;
  readonly groups: Readonly<Record<string, number>>;
  /** Why the score is 0 whatever the groups say. */
  readonly override?: 'criticalMetric' | 'noData';
}

/** When this part of the metrics or more has no data, the whole says nothing good. */
const TOO_LITTLE_DATA = 0.5;

/**
 * The score of all metrics: that of a group is the part of its metrics that pass, without those that have no data;
 * groups count by their weights in percent, those without share what is left. A critical metric that does not pass
 * makes it 0, and so does half or more of the metrics without data. A group without any data neither helps nor hurts:
 * it counts as full, as in Netflix's automated canary analysis.
 */
export function scoreSeries(
  metrics: readonly LabelledMetric[],
  groupWeights: Readonly<Record<string, number>> = {},
): SeriesScore {
  const names = [...new Set(metrics.flatMap((metric) => metric.groups))];
  const groups = Object.fromEntries(names.map((name) => [name, groupScore(metrics, name)]));
  const given = names.reduce((sum, name) => sum + (groupWeights[name] ?? 0), 0);
  const unweighted = names.filter((name) => groupWeights[name] === undefined).length;
  const rest = Math.max(0, 100 - given) / Math.max(1, unweighted);
  const weighted = names.map((name) => ((groupWeights[name] ?? rest) * (groups[name] ?? 0)) / 100);

  if (metrics.some(({ label, isCritical }) => isCritical && label !== 'pass')) {
    return { score: 0, groups, override: 'criticalMetric' };
  }
  const withoutData = metrics.filter(({ label }) => label === 'noData').length;
  if (metrics.length === 0 || withoutData / metrics.length >= TOO_LITTLE_DATA) {
    return { score: 0, groups, override: 'noData' };
  }
  return { score: round(weighted.reduce((sum, each) => sum + each, 0)), groups };
}

/** Whether a score is good enough, so bad that it ends things, or between. No data is not known, never bad. */
export function judgeScore(
  { score, override }: SeriesScore,
  { pass, marginal }: { readonly pass: number; readonly marginal: number },
): MetricState {
  if (override === 'noData') return 'inconclusive';
  if (score >= pass) return 'pass';
  return score >= marginal ? 'inconclusive' : 'fail';
}

function groupScore(metrics: readonly LabelledMetric[], name: string): number {
  const known = metrics.filter(({ groups, label }) => groups.includes(name) && label !== 'noData');
  if (known.length === 0) return 100;
  return (100 * known.filter(({ label }) => label === 'pass').length) / known.length;
}

function round(score: number): number {
  return Math.round(score * 100) / 100;
}
