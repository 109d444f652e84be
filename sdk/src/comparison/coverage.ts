import type { ComparisonRule } from '../evaluation/comparison-rule.js';
import { compileRules, type RuleState } from './compile-rules.js';
import type { NumericDelta, SignaturePlace } from './difference.js';
import { isWithin } from './numeric-delta.js';
import { parsePath } from './path.js';

/** some: a part of its places, or some of its calls, as their values may be. */
export type Coverage = 'all' | 'some' | 'none';

const NUMERIC = [
  'sign',
  '+1',
  '−1',
  'ulp',
  'scale',
  'rounding',
  'number→number',
  '0→number',
  'number→0',
  'bigint→bigint',
];

/**
 * Answers how much of a signature a rule would hide: all of its places whatever the values, some of them or depending
 * on the values, none. `maxDelta` is the largest distance seen, where all of its places are of numbers.
 */
export function coverageOf(rule: ComparisonRule, places: readonly SignaturePlace[], maxDelta?: NumericDelta): Coverage {
  const { root } = compileRules([rule]);
  const coverages = places.map((place) => coverageOfPlace(root, place, maxDelta));
  if (places.length > 0 && coverages.every((each) => each === 'all')) return 'all';
  return coverages.every((each) => each === 'none') ? 'none' : 'some';
}

function coverageOfPlace(root: RuleState, place: SignaturePlace, maxDelta: NumericDelta | undefined): Coverage {
  const steps = parsePath(place.path);
  if (steps === undefined) return 'none';
  let state = root;
  let isBelowMatched = false;
  for (const step of steps) {
    isBelowMatched ||= state.isUnordered || state.keyFields.length > 0;
    state = state.next(step);
  }
  if (state.isIgnored) return 'all';
  if (place.kind === 'order') return state.isUnordered || state.keyFields.length > 0 ? 'all' : 'none';
  const coverage = place.kind === 'value' || place.kind === 'type' ? coverageOfLeaf(state, place, maxDelta) : 'none';
  // Elements that only stood elsewhere are matched then, and show no differences of their own.
  return coverage === 'none' && isBelowMatched ? 'some' : coverage;
}

function coverageOfLeaf(state: RuleState, place: SignaturePlace, maxDelta: NumericDelta | undefined): Coverage {
  const { transition } = place;
  if (state.tolerances.length > 0 && NUMERIC.includes(transition)) {
    return maxDelta && state.tolerances.some((bounds) => isWithin(maxDelta, bounds)) ? 'all' : 'some';
  }
  if (!Number.isNaN(state.dateWithinMs)) {
    if (transition === 'notation') return 'all';
    if (transition === 'time') return 'some';
  }
  return state.isCaseInsensitive && transition === 'case' ? 'all' : 'none';
}
