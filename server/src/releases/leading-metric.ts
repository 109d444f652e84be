import { differenceOf, type MetricResult } from '../rollouts/index.js';

const WORST_FIRST: readonly MetricResult['state'][] = ['fail', 'error', 'inconclusive', 'pending', 'pass'];

/**
 * The metric that people want to hear of first: of those that act and were measured, the worst, and of them the one whose
 * evidence is nearest to its limit. Undefined where nothing was measured.
 */
export function leadingMetric(metrics: readonly MetricResult[]): MetricResult | undefined {
  const measured = metrics.filter(({ dryRun, candidate }) => !dryRun && (candidate?.units ?? 0) > 0);
  return [...measured].sort((a, b) => rankOf(a) - rankOf(b) || nearness(b) - nearness(a))[0];
}

/** A metric in a few words: `p99 +18 % on checkout, evidence 1.2 of 4.6`. */
export function metricWords(result: MetricResult): string {
  const { metric, subject, evidence, limit } = result;
  const at = subject === 'all' ? '' : ` on ${subject.slice(subject.indexOf('/') + 1)}`;
  const what = [differenceWords(result) ?? metric, at].join('');
  if (evidence === undefined || limit === undefined) return what;
  return `${what}, evidence ${tenths(evidence)} of ${tenths(limit)}`;
}

function differenceWords(result: MetricResult): string | undefined {
  const { metric, stable, candidate } = result;
  if (stable?.p99 !== undefined && candidate?.p99 !== undefined && stable.p99 > 0) {
    return `p99 ${signed(candidate.p99 / stable.p99 - 1)}`;
  }
  const difference = differenceOf(result);
  if (difference === null) return undefined;
  if (difference.relative !== null) return `${metric} ${signed(difference.relative)}`;
  return difference.absolute === 0 ? `${metric} none` : `${metric} ${percentOf(difference.candidate)}, none before`;
}

function rankOf({ state }: MetricResult): number {
  return WORST_FIRST.indexOf(state);
}

function nearness({ evidence = 0, limit = Infinity }: MetricResult): number {
  return evidence / limit;
}

/** A part of one as whole percents with its sign, or with a decimal where it is small: `+18 %`, `−0.4 %`, `±0 %`. */
function signed(part: number): string {
  const percents = Math.abs(part * 100);
  const text = percents < 10 ? tenths(percents) : String(Math.round(percents));
  if (text === '0') return '±0 %';
  return `${part < 0 ? '−' : '+'}${text} %`;
}

function percentOf(rate: number): string {
  return `${Number((rate * 100).toPrecision(2))} %`;
}

function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}
