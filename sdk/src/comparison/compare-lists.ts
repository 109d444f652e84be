import { canonicalText } from './canonical-text.js';
import type { Walk } from './compare-values.js';
import type { RuleState } from './compile-rules.js';
import { matchByField, matchEqual, type Matching, type Pair, pairLeftovers } from './match-elements.js';
import { POSITION } from './path.js';
import { sizeTransition } from './transition.js';

type List = ArrayLike<unknown>;

/** Two lists under comparison, with what the rules say of them and of their elements. */
interface Lists {
  readonly walk: Walk;
  readonly control: List;
  readonly candidate: List;
  readonly state: RuleState;
  readonly element: RuleState;
}

/**
 * Compares two lists. Of one length, they are the same elements in another order, or differ element by element. Of
 * different lengths, equal elements are matched first, so that one that was put in does not make all later ones differ.
 * Rules may say that order does not matter, or by what field elements belong together.
 */
export function compareLists(walk: Walk, control: List, candidate: List, state: RuleState): void {
  const lists = { walk, control, candidate, state, element: state.next(POSITION) };
  const hasOneLength = control.length === candidate.length;
  const isOrdered = !state.isUnordered && state.keyFields.length === 0;
  if (hasOneLength && (isOrdered || control.length === 1)) {
    compareAligned(lists);
    return;
  }
  const { findings } = walk;
  const [kept, waived] = [findings.kept.length, findings.waived.length];
  const start = equalAtStart(lists);
  if (findings.isOver || (hasOneLength && start === control.length)) return;

  for (const field of state.keyFields) {
    const matching = matchByField(control, candidate, field, canonicalText);
    if (matching === undefined) continue;
    findings.undo(kept, waived);
    compareKeyed(lists, matching);
    return;
  }
  compareMatched(lists, start);
}

/** Element by element. Once a second one differs, it is asked whether all of them have only moved. */
function compareAligned(lists: Lists): void {
  const { control, candidate } = lists;
  const { findings } = lists.walk;
  const [kept, waived] = [findings.kept.length, findings.waived.length];
  let firstUnequal = -1;
  let hasMoved: boolean | undefined;
  for (let at = 0; at < control.length && !findings.isOver; at += 1) {
    const keptBefore = findings.kept.length;
    compareElements(lists, at, at);
    if (findings.kept.length === keptBefore || findings.isOver) continue;
    if (firstUnequal < 0) {
      firstUnequal = at;
      continue;
    }
    hasMoved ??= isReordering(lists, firstUnequal);
    if (!hasMoved) continue;
    findings.undo(kept, waived);
    lists.walk.tellWhole('order', 'moved', control, candidate, lists.state.isIgnored);
    return;
  }
}

/** Whether from there on both have the same elements, but for what rules ignore, and not in the same places. */
function isReordering({ walk, control, candidate, element }: Lists, start: number): boolean {
  const { length } = control;
  const stretch = { controls: control, candidates: candidate, start, controlEnd: length, candidateEnd: length };
  const matching = matchEqual(stretch, { element, isExact: true }, walk.charge);
  return !walk.findings.isOver && matching.controls.length === 0 && !matching.isInOrder;
}

/** Elements that are equal under the rules are paired first, what is left over then in its order. */
function compareMatched(lists: Lists, start: number): void {
  const { walk, control, candidate, state, element } = lists;
  tellSize(lists);
  const [controlEnd, candidateEnd] = equalAtEnd(lists, start);
  if (walk.findings.isOver) return;
  const stretch = { controls: control, candidates: candidate, start, controlEnd, candidateEnd };
  const matching = matchEqual(stretch, { element, isExact: false }, walk.charge);
  if (walk.findings.isOver) return;

  comparePairs(lists, matching.pairs);
  comparePairs(lists, pairLeftovers(matching));
  if (!matching.isInOrder) walk.tellWhole('order', 'moved', control, candidate, state.isIgnored || state.isUnordered);
}

function compareKeyed(lists: Lists, matching: Matching): void {
  const { walk, control, candidate, element } = lists;
  tellSize(lists);
  comparePairs(lists, matching.pairs);
  walk.steps[walk.depth - 1] = POSITION;
  for (const at of matching.controls) walk.tellMissing(control[at], element);
  for (const at of matching.candidates) walk.tellExtra(candidate[at], element);
  if (!matching.isInOrder) walk.tellWhole('order', 'moved', control, candidate, true);
}

function comparePairs(lists: Lists, pairs: readonly Pair[]): void {
  for (const [one, other] of pairs) {
    if (lists.walk.findings.isOver) return;
    compareElements(lists, one, other);
  }
}

/** How many elements are equal from the start on. */
function equalAtStart(lists: Lists): number {
  const common = Math.min(lists.control.length, lists.candidate.length);
  let at = 0;
  while (at < common && areEqual(lists, at, at)) at += 1;
  return at;
}

/** Where the elements end that are not equal from the end on. */
function equalAtEnd(lists: Lists, start: number): readonly [controlEnd: number, candidateEnd: number] {
  let [controlEnd, candidateEnd] = [lists.control.length, lists.candidate.length];
  while (controlEnd > start && candidateEnd > start && areEqual(lists, controlEnd - 1, candidateEnd - 1)) {
    controlEnd -= 1;
    candidateEnd -= 1;
  }
  return [controlEnd, candidateEnd];
}

/** Whether no difference counts between two elements; what rules waive is told, if so. */
function areEqual(lists: Lists, one: number, other: number): boolean {
  const { findings } = lists.walk;
  const [kept, waived] = [findings.kept.length, findings.waived.length];
  compareElements(lists, one, other);
  if (findings.isOver) return false;
  if (findings.kept.length === kept) return true;
  findings.undo(kept, waived);
  return false;
}

function compareElements({ walk, control, candidate, element }: Lists, one: number, other: number): void {
  walk.steps[walk.depth - 1] = POSITION;
  walk.compare(control[one], candidate[other], element);
}

function tellSize({ walk, control, candidate, state }: Lists): void {
  const [one, other] = [control.length, candidate.length];
  if (one !== other) walk.tellWhole('size', sizeTransition(one, other), one, other, state.isIgnored);
}
