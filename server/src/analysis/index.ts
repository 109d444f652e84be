export {
  addTick,
  type CountEvidence,
  evidenceLimit,
  evidenceText,
  logEvidence,
  startHarmEvidence,
  startSafetyEvidence,
  tickOf,
} from './counts/count-evidence.js';
export { dispersionOf } from './counts/dispersion.js';
export { judgeCounts } from './counts/judge-counts.js';
export { judgeShares } from './counts/judge-shares.js';
export { addShareTick, NO_SHARE_EVIDENCE, type ShareEvidence } from './counts/share-evidence.js';
export { type MetricState, worstOf } from './metric-state.js';
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
