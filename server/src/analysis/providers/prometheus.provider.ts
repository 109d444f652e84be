import type { Clock } from '../../kernel/clock.js';
import { measureSafely } from './measure-safely.adapter.js';
import type { MetricCalls } from './metric-calls.adapter.js';
import { type MetricAnswer, MetricProvider, type MetricWindow } from './metric-provider.js';
import type { BoundQuery, PrometheusQuery } from './metric-query.js';
import { promqlDuration } from './promql-template.js';
import { readPrometheusAnswer } from './read-prometheus-answer.js';

/** Prometheus' own limit of 11 000 points takes about 400 kB. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Asks a Prometheus, or what speaks its HTTP API v1. */
export class PrometheusProvider extends MetricProvider<PrometheusQuery> {
  constructor(
    private readonly calls: MetricCalls,
    private readonly clock: Clock,
  ) {
    super();
  }

  override measure(
    query: BoundQuery<PrometheusQuery>,
    window: MetricWindow,
    signal: AbortSignal,
  ): Promise<MetricAnswer> {
    const secrets = this.calls.secretsIn(query.headers);
    return measureSafely({ asked: query.query, secrets, signal }, async () => {
      const reply = await this.calls.call(
        {
          url: `${query.address.replace(/\/+$/u, '')}/api/v1/${query.mode === 'range' ? 'query_range' : 'query'}`,
          method: 'POST', // reads only; a long query does not fit into a URL
          headers: query.headers,
          ownHeaders: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
          body: this.formOf(query, window).toString(),
          maxBytes: MAX_BYTES,
          manner: 'repeatable',
        },
        signal,
      );
      const said = Date.parse(reply.headers.date ?? '');
      return readPrometheusAnswer(
        { query: query.query, mode: query.mode, window },
        {
          status: reply.status,
          contentType: reply.headers['content-type'] ?? '',
          body: reply.body.toString('utf8'),
          clockAheadMs: Number.isNaN(said) ? undefined : said - this.clock.now().getTime(),
        },
      );
    });
  }

  private formOf({ query, mode }: PrometheusQuery, { from, to, stepMs }: MetricWindow): URLSearchParams {
    const timeout = promqlDuration(this.calls.timeoutMs);
    const seconds = (at: Date): string => (at.getTime() / 1000).toFixed(3);
    if (mode === 'instant') return new URLSearchParams({ query, time: seconds(to), timeout });
    const step = (stepMs / 1000).toFixed(3);
    return new URLSearchParams({ query, start: seconds(from), end: seconds(to), step, timeout });
  }
}
