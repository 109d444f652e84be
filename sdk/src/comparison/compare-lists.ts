import { canonicalText } from './canonical-text.js';
import type { Walk } from './compare-values.js';
import type { RuleState } from './compile-rules.js';
import { matchByField, matchEqual, type Matching, type Stretch } from './match-elements.js';
import { POSITION } from './path.js';
import { sizeTransition } from './transition.js';

/**
 * Compares two lists. As long as they go alike, element by element. Then, lists of one length are the same elements in
 * another order, or differ element by element; of lists of different lengths equal elements are matched first, so that
 * one that was put in does not make all later ones differ. Rules may say that order does not matter.
 */
export function compareLists(
  walk: Walk,
  control: ArrayLike<unknown>,
  candidate: ArrayLike<unknown>,
  state: RuleState,
): void {
  const element = state.next(POSITION);
  const { findings } = walk;
  const common = Math.min(control.length, candidate.length);
  const [kept, waived] = [findings.kept.length, findings.waived.length];
  let start = 0;
  for (; start < common && !findings.isOver; start += 1) {
    const waivedBefore = findings.waived.length;
    compareAt(walk, control[start], candidate[start], element);
    if (findings.kept.length > kept) {
      if (findings.isOver) return;
      findings.undo(kept, waivedBefore);
      break;
    }
  }
  if (findings.isOver || (start === common && control.length === candidate.length)) return;

  for (const field of state.keyFields) {
    const matching = matchByField(control, candidate, field, canonicalText);
    if (matching === undefined) continue;
    findings.undo(kept, waived);
    compareKeyed(walk, control, candidate, matching, element, state);
    return;
  }
  compareRest(walk, stretchOf(walk, control, candidate, start, element), element, state);
}

/** Leaves off the elements that are equal from the end on. */
function stretchOf(
  walk: Walk,
  controls: ArrayLike<unknown>,
  candidates: ArrayLike<unknown>,
  start: number,
  element: RuleState,
): Stretch {
  const { findings } = walk;
  let [controlEnd, candidateEnd] = [controls.length, candidates.length];
  const kept = findings.kept.length;
  while (controlEnd > start && candidateEnd > start && !findings.isOver) {
    const waived = findings.waived.length;
    compareAt(walk, controls[controlEnd - 1], candidates[candidateEnd - 1], element);
    if (findings.kept.length > kept) {
      if (!findings.isOver) findings.undo(kept, waived);
      break;
    }
    controlEnd -= 1;
    candidateEnd -= 1;
  }
  return { controls, candidates, start, controlEnd, candidateEnd };
}

function compareRest(walk: Walk, stretch: Stretch, element: RuleState, state: RuleState): void {
  const { controls, candidates } = stretch;
  if (controls.length !== candidates.length) tellSize(walk, controls.length, candidates.length, state);
  if (walk.findings.isOver) return;
  const matching = matchEqual(stretch, element, walk.charge);
  if (walk.findings.isOver) return;

  if (controls.length === candidates.length && !state.isUnordered && !isReordering(walk, stretch, matching, element)) {
    for (let at = stretch.start; at < stretch.controlEnd && !walk.findings.isOver; at += 1) {
      compareAt(walk, controls[at], candidates[at], element);
    }
    return;
  }
  comparePairs(walk, controls, candidates, matching, element);
  for (const [index, at] of matching.controls.entries()) {
    const other = matching.candidates[index];
    if (other !== undefined) compareAt(walk, controls[at], candidates[other], element);
  }
  if (!matching.isInOrder) tellOrder(walk, controls, candidates, state);
}

/** Whether the elements of both are the same, under the rules, and only stand elsewhere. */
function isReordering(walk: Walk, { controls, candidates }: Stretch, matching: Matching, element: RuleState): boolean {
  if (matching.controls.length > 0 || matching.isInOrder) return false;
  const { findings } = walk;
  const [kept, waived] = [findings.kept.length, findings.waived.length];
  comparePairs(walk, controls, candidates, matching, element);
  const isEqual = findings.kept.length === kept;
  if (!findings.isOver) findings.undo(kept, waived);
  return isEqual;
}

function compareKeyed(
  walk: Walk,
  control: ArrayLike<unknown>,
  candidate: ArrayLike<unknown>,
  matching: Matching,
  element: RuleState,
  state: RuleState,
): void {
  if (control.length !== candidate.length) tellSize(walk, control.length, candidate.length, state);
  comparePairs(walk, control, candidate, matching, element);
  walk.steps[walk.depth - 1] = POSITION;
  for (const at of matching.controls) walk.tellMissing(control[at], element);
  for (const at of matching.candidates) walk.tellExtra(candidate[at], element);
  if (!matching.isInOrder) walk.tellWhole('order', 'moved', control, candidate, true);
}

function comparePairs(
  walk: Walk,
  control: ArrayLike<unknown>,
  candidate: ArrayLike<unknown>,
  { pairs }: Matching,
  element: RuleState,
): void {
  for (const [one, other] of pairs) {
    if (walk.findings.isOver) return;
    compareAt(walk, control[one], candidate[other], element);
  }
}

function compareAt(walk: Walk, control: unknown, candidate: unknown, element: RuleState): void {
  walk.steps[walk.depth - 1] = POSITION;
  walk.compare(control, candidate, element);
}

function tellSize(walk: Walk, control: number, candidate: number, state: RuleState): void {
  walk.tellWhole('size', sizeTransition(control, candidate), control, candidate, state.isIgnored);
}

function tellOrder(walk: Walk, control: ArrayLike<unknown>, candidate: ArrayLike<unknown>, state: RuleState): void {
  walk.tellWhole('order', 'moved', control, candidate, state.isIgnored || state.isUnordered);
}
