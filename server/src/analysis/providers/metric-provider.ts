import type { BoundQuery, MetricQuery } from './metric-query.js';

/** What time a measurement is about. Both ends belong to it. */
export interface MetricWindow {
  readonly from: Date;
  readonly to: Date;
  /** How far apart the points of a series are. */
  readonly stepMs: number;
}

export interface MetricPoint {
  readonly at: Date;
  /** Finite, in the metric's own unit. */
  readonly value: number;
}

/** Why a metric could not be asked. Stable: people search for it, and policies count it. */
export type MetricErrorCode =
  /** No connection, or one that broke. */
  | 'PROVIDER_UNREACHABLE'
  | 'PROVIDER_TIMEOUT'
  /** Answered 429 or 5xx. */
  | 'PROVIDER_FAILED'
  /** Answered another status that is no success: 401, 403, 404. */
  | 'PROVIDER_REFUSED'
  | 'PROVIDER_REDIRECTED'
  /** Failed so often that it is left alone for a while; the reason says until when. */
  | 'PROVIDER_CIRCUIT_OPEN'
  /** More measurements wait for it than there is room for. */
  | 'PROVIDER_BUSY'
  /** SLUICE_METRIC_HOSTS, or the ban on metadata addresses, keeps it from being asked. */
  | 'PROVIDER_HOST_FORBIDDEN'
  | 'PROVIDER_SECRET_UNKNOWN'
  | 'PROVIDER_CLOCK_SKEW'
  | 'ANSWER_TOO_LARGE'
  | 'ANSWER_MALFORMED'
  /** The provider says what is wrong with the query. */
  | 'QUERY_REFUSED'
  | 'QUERY_TYPE_WRONG'
  | 'QUERY_NOT_ONE_SERIES'
  | 'QUERY_NOT_ONE_MATCH'
  /** The caller called it off. */
  | 'MEASUREMENT_ABORTED'
  /** A bug of ours, caught. */
  | 'MEASUREMENT_BROKEN';

/** One series of one metric in one window. */
export interface MetricSeries {
  readonly kind: 'series';
  /** At least one, ascending in time. */
  readonly points: readonly MetricPoint[];
  readonly labels: Readonly<Record<string, string>>;
  /** The text that was really sent, arguments filled in. */
  readonly query: string;
  /** SHA-256, hexadecimal, of the labels and points in canonical JSON: says later whether they are still the same. */
  readonly sampleHash: string;
  readonly warnings: readonly string[];
}

/** Asked, and nothing there: no series, no match, or only what is no number. */
export interface NoMetric {
  readonly kind: 'none';
  readonly reason: string;
  readonly query: string;
  readonly warnings: readonly string[];
}

/** Could not ask, or could not understand the answer. Says nothing about the candidate. */
export interface MetricFailure {
  readonly kind: 'error';
  readonly reason: string;
  readonly code: MetricErrorCode;
  readonly query: string;
}

export type MetricAnswer = MetricSeries | NoMetric | MetricFailure;

/** Asks others for measurements, of every kind or of one. */
export abstract class MetricProvider<Q extends MetricQuery = MetricQuery> {
  /** Answers within a bounded time and never rejects: what went wrong is an answer too. */
  abstract measure(query: BoundQuery<Q>, window: MetricWindow, signal: AbortSignal): Promise<MetricAnswer>;
}
