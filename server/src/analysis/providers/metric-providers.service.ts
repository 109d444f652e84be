import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { MetricsConfig } from '../../platform/config/metrics.js';
import { HostGuards } from './host-guards.adapter.js';
import { JsonEndpointProvider } from './json-endpoint.provider.js';
import { MetricCalls } from './metric-calls.adapter.js';
import { type MetricAnswer, MetricProvider, type MetricWindow } from './metric-provider.js';
import type { BoundQuery } from './metric-query.js';
import { PrometheusProvider } from './prometheus.provider.js';
import { SyntheticProvider } from './synthetic.provider.js';

/** Asks whomever a query names. All share one set of guards: a host in trouble is in trouble for every kind of query. */
@Injectable()
export class MetricProviders extends MetricProvider implements OnApplicationShutdown {
  private readonly prometheus: PrometheusProvider;
  private readonly json: JsonEndpointProvider;
  private readonly synthetic: SyntheticProvider;

  constructor(config: MetricsConfig, clock: Clock) {
    super();
    const calls = new MetricCalls(config, new HostGuards(clock));
    this.prometheus = new PrometheusProvider(calls, clock);
    this.json = new JsonEndpointProvider(calls, clock);
    this.synthetic = new SyntheticProvider(calls, clock);
  }

  override measure(query: BoundQuery, window: MetricWindow, signal: AbortSignal): Promise<MetricAnswer> {
    switch (query.kind) {
      case 'prometheus':
        return this.prometheus.measure(query, window, signal);
      case 'json':
        return this.json.measure(query, window, signal);
      case 'synthetic':
        return this.synthetic.measure(query, window, signal);
    }
  }

  /** Ends the probes under way. */
  onApplicationShutdown(): void {
    this.synthetic.close();
  }
}
