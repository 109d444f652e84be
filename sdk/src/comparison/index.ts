export type { ComparisonRule, RuleEffect } from '../evaluation/comparison-rule.js';
export { canonicalText } from './canonical-text.js';
export { compareErrors, differenceOfThrow } from './compare-errors.js';
export { compareValues, type Comparison } from './compare-values.js';
export { compilePaths } from './compile-paths.js';
export { compileRules, type CompiledRules, NO_RULES } from './compile-rules.js';
export { type Coverage, coverageOf } from './coverage.js';
export {
  type Difference,
  DIFFERENCE_KINDS,
  type DifferenceKind,
  type NumericDelta,
  type Signature,
  SIGNATURE_PLACE_LIMIT,
  type SignaturePlace,
} from './difference.js';
export {
  type DistinctSample,
  LEVEL_LIMIT,
  type Mark,
  MARK_LIMIT,
  mergeSamples,
  NO_INPUTS,
  thinned,
} from './distinct-sample.js';
export { type ComparisonLimits, DEFAULT_LIMITS } from './limits.js';
export { type ParsedPath, parseRulePath } from './path.js';
export { problemOfRule } from './rule-problem.js';
export { fingerprintOf, shapeOf } from './shape.js';
export { signatureOf } from './signature.js';
export { SnapshotError, takeSnapshot } from './snapshot.js';
export { TRANSITIONS } from './transition.js';
export { isCompared, isUnequal, type RunVerdict, VERDICTS } from './verdict.js';
