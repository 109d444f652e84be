export type { MetricResult } from './metric-result.js';
export type { VerdictBundle } from './replay.js';
export {
  isHolding,
  type Reason,
  type ReasonCode,
  type Rollout,
  type RolloutStatus,
  type RoutedTraffic,
  type TrafficReach,
} from './rollout.js';
export { RolloutEffects, type RolloutPlace } from './rollout-effects.service.js';
export { RolloutGuards } from './rollout-guards.service.js';
export { RolloutListeners, type RolloutMove } from './rollout-listeners.service.js';
export type { FlagTargetDraft, ServiceTargetDraft, TargetDraft } from './rollout-targets.service.js';
export { RolloutsModule } from './rollouts.module.js';
export { RolloutsReader } from './rollouts-reader.service.js';
export type { ObservationRecord, VerdictRecord } from './rollouts.repository.js';
export { Rollouts, subjectsOf } from './rollouts.service.js';
