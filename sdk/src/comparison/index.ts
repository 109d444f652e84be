export type { ComparisonRule, RuleEffect } from '../evaluation/comparison-rule.js';
export {
  type Difference,
  DIFFERENCE_KINDS,
  type DifferenceKind,
  type NumericDelta,
  type Signature,
  SIGNATURE_PLACE_LIMIT,
  type SignaturePlace,
} from './difference.js';
export { isCompared, isUnequal, type RunVerdict, VERDICTS } from './verdict.js';
