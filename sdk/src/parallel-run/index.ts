export {
  createParallelRuns,
  type LocalParallelRuns,
  type LocalRunSettings,
  type ParallelRunsOptions,
} from './create-parallel-runs.js';
export { MismatchError } from './mismatch-error.js';
export type {
  ComparisonOptions,
  Observation,
  ParallelOptions,
  ParallelRunner,
  ParallelRunOptions,
  RunResult,
  SideEffects,
} from './run-options.js';
export type { ShadowArm } from './shadow.js';
