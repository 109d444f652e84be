export { bindQuery, type MetricSubject } from './providers/bind-query.js';
export {
  type MetricAnswer,
  type MetricErrorCode,
  type MetricFailure,
  type MetricPoint,
  MetricProvider,
  type MetricSeries,
  type MetricWindow,
  type NoMetric,
} from './providers/metric-provider.js';
export { MetricProviders } from './providers/metric-providers.service.js';
export { type BoundQuery, type MetricQuery, metricQuerySchema } from './providers/metric-query.js';
