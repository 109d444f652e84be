export { applyPatch } from './apply-patch.js';
export { bucketOf, MAX_TOTAL_WEIGHT } from './bucket.js';
export { changedFlags } from './changed-flags.js';
export {
  chooseVersion,
  type CompiledServices,
  compileServices,
  routedChoice,
  type VersionChoice,
  type VersionReason,
} from './choose-version.js';
export type { ComparisonRule, RuleEffect } from './comparison-rule.js';
export { compileSnapshot, type CompiledSnapshot, isTangled } from './compile-snapshot.js';
export { parseCidr } from './cidr.js';
export type { ContextValue, EvaluationContext } from './context.js';
export { evaluate } from './evaluate.js';
export {
  type BucketExplanation,
  type ClauseExplanation,
  type Decision,
  explain,
  type Explanation,
  type MatchWord,
  type PrerequisiteExplanation,
  type RuleExplanation,
} from './explain.js';
export { formatSnapshot } from './format-snapshot.js';
export { movedShare } from './moved-share.js';
export { murmur3 } from './murmur3.js';
export { parseDate } from './parse-date.js';
export { parsePatch, parseSnapshot } from './parse-snapshot.js';
export type { ErrorCode, Evaluation, Reason } from './reason.js';
export { parseRange } from './semver-range.js';
export {
  FULL_SHARE,
  OPERATORS,
  type Clause,
  type FlagMetadata,
  type FlagType,
  type JsonValue,
  type Operator,
  type Prerequisite,
  type Rule,
  type Serve,
  type ServiceCandidate,
  type Snapshot,
  type SnapshotFlag,
  type SnapshotParallelRun,
  type SnapshotPatch,
  type SnapshotRamp,
  type SnapshotSegment,
  type SnapshotService,
  type Split,
  type Target,
  type Variation,
} from './snapshot.js';
