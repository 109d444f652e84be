export { createClient } from './client.js';
export type { ClientOptions } from './client-options.js';
export type { ClientState } from './delivery/status.js';
export type { Change } from './delivery/snapshot-store.js';
export type { ContextValue, EvaluationContext } from './evaluation/context.js';
export type { VersionChoice, VersionReason } from './evaluation/choose-version.js';
export type { ErrorCode, Evaluation, Reason } from './evaluation/reason.js';
export type { FlagMetadata, FlagType, JsonValue } from './evaluation/snapshot.js';
export type { ClientEventName, ClientEvents, ClientListener, ClientListeners } from './events.js';
export { sluiceFetch, type SluiceFetch, type SluiceFetchOptions } from './fetch/sluice-fetch.js';
export type { FlagDetails, FlagReader } from './flag-reader.js';
export type { Logger } from './logger.js';
export {
  type ComparisonOptions,
  createParallelRuns,
  type LocalParallelRuns,
  type LocalRunSettings,
  MismatchError,
  type Observation,
  type ParallelOptions,
  type ParallelRunner,
  type ParallelRunOptions,
  type ParallelRunsOptions,
  type RunResult,
  type ShadowArm,
  type SideEffects,
} from './parallel-run/index.js';
export type { Problem, ProblemCode } from './problem.js';
export type { SluiceClient, TrackingDetails } from './sluice-client.js';
export type { Unit } from './telemetry/unit.js';
export { ROUTING_HEADER } from './telemetry/routing.js';
