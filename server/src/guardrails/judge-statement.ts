import { judgeThreshold, type MetricAnswer, type MetricWindow } from '../analysis/index.js';
import type { MeasurementInterval } from '../telemetry/index.js';
import type { Bounds, Check, MeasurementStatement, QueryStatement, Statement } from './guardrail.js';

const MINUTE_MS = 60_000;
const POINTS_IN_WINDOW = 60;
/** A check that comes later than this beyond its interval finds that nobody was watching meanwhile. */
const GAP_MS = MINUTE_MS;

/** What was found, without when. */
export type Finding = Omit<Check, 'at'>;

/** What time a check asks about: for measurements whole minutes, because they are kept by the minute. */
export function windowOf({ kind, windowSeconds }: Statement, now: Date): MetricWindow {
  const end = kind === 'measurement' ? Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS : now.getTime();
  const spanMs = windowSeconds * 1_000;
  const stepMs = Math.max(1_000, Math.ceil(spanMs / POINTS_IN_WINDOW));
  return { from: new Date(end - spanMs), to: new Date(end), stepMs };
}

/** Judges the newest value that a provider has. */
export function judgeAnswer(statement: QueryStatement, answer: MetricAnswer): Finding {
  switch (answer.kind) {
    case 'error':
      return { outcome: 'couldNotAsk', value: null, sentence: `Could not ask (${answer.code}): ${answer.reason}` };
    case 'none':
      return noData(answer.reason);
    case 'series': {
      const value = answer.points.at(-1)?.value;
      return value === undefined ? noData('There is no value.') : judgeValue(value, statement);
    }
  }
}

/** What is known of ordinary traffic in and around a window. */
export interface Measurements {
  readonly window: MetricWindow;
  /** Of the metric in the window, oldest first; a minute without any is absent. */
  readonly inside: readonly MeasurementInterval[];
  /** Whether the metric was measured in the day before the window. */
  readonly isKnown: boolean;
  /** SDK instances that report to this environment now. */
  readonly instances: number;
  /** See Guardrail. */
  readonly watchedSince: Date | null;
}

/**
 * Judges ordinary traffic. That nothing was counted is only a count of 0 where something would have been: when SDKs
 * report, the metric is known from before, and nobody was away.
 */
export function judgeMeasurements(statement: MeasurementStatement, measurements: Measurements): Finding {
  const { metric, what } = statement;
  const { n, bad, sum } = totalOf(measurements.inside);
  if (what === 'countPerMinute') {
    const doubt = doubtAboutCount(statement, measurements);
    return doubt === undefined ? judgeValue(n / (statement.windowSeconds / 60), statement) : noData(doubt);
  }
  if (n === 0) return noData(`No "${metric}" was measured in the last ${spanOf(statement)}.`);
  return judgeValue(what === 'badRate' ? bad / n : sum / n, statement);
}

/**
 * From when on checks came without a gap, after one more of them. After a gap, what SDKs kept meanwhile comes in at
 * once, so that the minute after it is left out as well.
 */
export function watchedSince(
  before: { readonly lastCheck: Check | null; readonly watchedSince: Date | null; readonly intervalSeconds: number },
  now: Date,
): Date | null {
  if (before.lastCheck === null) return null;
  const silenceMs = now.getTime() - new Date(before.lastCheck.at).getTime();
  const isGap = silenceMs > before.intervalSeconds * 1_000 + GAP_MS;
  return isGap ? new Date(now.getTime() + MINUTE_MS) : before.watchedSince;
}

function doubtAboutCount(statement: MeasurementStatement, measurements: Measurements): string | undefined {
  const { window, inside, isKnown, instances, watchedSince: since } = measurements;
  const { metric } = statement;
  if (since !== null && since > window.from) {
    return `Nobody was watching for a while; counted again from ${since.toISOString()}.`;
  }
  if (isKnown || inside[0]?.from.getTime() === window.from.getTime()) {
    return inside.length === 0 && instances === 0 ? 'No SDK instance reports here.' : undefined;
  }
  if (inside.length === 0) return `No "${metric}" was measured in the last day.`;
  return `"${metric}" is measured for less than ${spanOf(statement)}.`;
}

function totalOf(intervals: readonly MeasurementInterval[]): {
  readonly n: number;
  readonly bad: number;
  readonly sum: number;
} {
  return intervals.reduce(
    (total, { n, bad, sum }) => ({ n: total.n + n, bad: total.bad + bad, sum: total.sum + sum }),
    { n: 0, bad: 0, sum: 0 },
  );
}

function judgeValue(value: number, { atLeast, atMost }: Bounds): Finding {
  const rounded = Number(value.toPrecision(6));
  const bounds = { ...(atLeast === undefined ? {} : { atLeast }), ...(atMost === undefined ? {} : { atMost }) };
  const { state } = judgeThreshold(value, bounds);
  switch (state) {
    case 'pass':
      return { outcome: 'good', value, sentence: `${rounded} is within ${boundsText(bounds)}.` };
    case 'fail':
      return { outcome: 'bad', value, sentence: `${rounded} is not within ${boundsText(bounds)}.` };
    default:
      return noData(`${rounded} says nothing.`);
  }
}

function boundsText({ atLeast, atMost }: Bounds): string {
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  return parts.join(' and ');
}

function spanOf({ windowSeconds }: MeasurementStatement): string {
  return windowSeconds === 60 ? 'minute' : `${windowSeconds / 60} minutes`;
}

function noData(sentence: string): Finding {
  return { outcome: 'noData', value: null, sentence };
}
