import canonicalize from 'canonicalize';
import type { MetricErrorCode, MetricFailure, MetricSeries, NoMetric } from './metric-provider.js';

/** A series whose hash has yet to be taken. */
export type UnhashedSeries = Omit<MetricSeries, 'sampleHash'>;

/** What a reader makes of an answer. */
export type ReadAnswer = UnhashedSeries | NoMetric | MetricFailure;

/** The text whose hash is a series' `sampleHash`: its labels, and its points as [milliseconds since 1970, value]. */
export function sampleText({ labels, points }: Pick<MetricSeries, 'labels' | 'points'>): string {
  // Plain JSON has a canonical form.
  return canonicalize({ labels, points: points.map(({ at, value }) => [at.getTime(), value]) }) as string;
}

export function failure(query: string, code: MetricErrorCode, reason: string): MetricFailure {
  return { kind: 'error', code, reason, query };
}

export function nothing(query: string, reason: string, warnings: readonly string[] = []): NoMetric {
  return { kind: 'none', reason, query, warnings };
}
