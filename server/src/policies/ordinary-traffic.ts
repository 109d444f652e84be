import { dispersionOf } from '../analysis/index.js';
import type { CountMetric } from './policy.js';

const MINUTE_MS = 60_000;
/** The engine looks for bursts in the last day (rollouts); so do forecasts. */
const BURST_MINUTES = 24 * 60;

/** What a metric counts, as an interval of ordinary traffic had it: a minute, or an hour. */
export interface TrafficInterval {
  readonly from: Date;
  readonly seconds: 60 | 3600;
  readonly units: number;
  readonly bad: number;
}

/** As history knows it, oldest first. */
export interface MetricHistory {
  readonly intervals: readonly TrafficInterval[];
  /** False where history keeps units only: how many were slow cannot be told from sums. */
  readonly isBadKnown: boolean;
}

/** Under which names history keeps what a metric counts; `bad` is null where it does not. */
export interface HistorySource {
  readonly units: string;
  readonly bad: { readonly metric: string; readonly field: 'bad' | 'sum' } | null;
}

/** Where history has a metric. Distinct callers are not kept there: failing units stand for them. */
export function historySourceOf(metric: CountMetric): HistorySource {
  switch (metric.kind) {
    case 'failures':
      return { units: 'unit', bad: { metric: 'unit', field: 'bad' } };
    case 'events':
      return { units: 'unit', bad: { metric: metric.event, field: 'sum' } };
    case 'slow':
      return { units: metric.duration, bad: null };
  }
}

/** Recent ordinary traffic in figures. */
export interface TrafficSummary {
  readonly unitsPerMinute: number;
  /** Bad events per unit; null where history does not tell. */
  readonly badRate: number | null;
  /** Variance over mean of the bad events per minute in the last day, at least 1. */
  readonly phi: number;
  /** When the first of it began. */
  readonly from: Date;
  readonly to: Date;
  readonly minutes: number;
  /** Whether there were minutes enough to look for bursts. */
  readonly isPhiKnown: boolean;
}

/** Sums up history until `to`, from its first interval on: minutes of silence since count. Undefined without units. */
export function summariseTraffic(history: MetricHistory, to: Date): TrafficSummary | undefined {
  const { intervals, isBadKnown } = history;
  const from = intervals[0]?.from;
  const units = intervals.reduce((sum, each) => sum + each.units, 0);
  if (from === undefined || units === 0) return undefined;
  const minutes = (to.getTime() - from.getTime()) / MINUTE_MS;
  const bad = intervals.reduce((sum, each) => sum + each.bad, 0);
  const lastDay = minutesOf(history, to).slice(-BURST_MINUTES);
  const { phi, isFromHistory } = dispersionOf(lastDay.map((each) => each.bad));
  return {
    unitsPerMinute: units / minutes,
    badRate: isBadKnown ? bad / units : null,
    phi,
    from,
    to,
    minutes,
    isPhiKnown: isFromHistory,
  };
}

/** What a metric counts in one minute. */
export interface TrafficMinute {
  readonly units: number;
  readonly bad: number;
}

/** Every minute from the first that history has as such until `to`; one that is absent had nothing. */
export function minutesOf({ intervals }: MetricHistory, to: Date): readonly TrafficMinute[] {
  const known = new Map(intervals.filter(({ seconds }) => seconds === 60).map((each) => [each.from.getTime(), each]));
  const first = intervals.find(({ seconds }) => seconds === 60)?.from.getTime();
  if (first === undefined) return [];
  return Array.from({ length: Math.round((to.getTime() - first) / MINUTE_MS) }, (_, index) => {
    const { units, bad } = known.get(first + index * MINUTE_MS) ?? { units: 0, bad: 0 };
    return { units, bad };
  });
}
