export type { MetricResult } from './metric-result.js';
export type { VerdictBundle } from './replay.js';
export { isHolding, type Reason, type Rollout, type RoutedTraffic, type TrafficReach } from './rollout.js';
export type { RolloutPlace } from './rollout-effects.service.js';
export { RolloutGuards } from './rollout-guards.service.js';
export { RolloutListeners, type RolloutMove } from './rollout-listeners.service.js';
export { RolloutsModule } from './rollouts.module.js';
export { RolloutsReader } from './rollouts-reader.service.js';
export { Rollouts } from './rollouts.service.js';
