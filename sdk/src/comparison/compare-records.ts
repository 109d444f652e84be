import { canonicalText } from './canonical-text.js';
import type { Walk } from './compare-values.js';
import type { RuleState } from './compile-rules.js';
import { symbolsOf } from './instance.js';
import { matchEqual, pairLeftovers } from './match-elements.js';
import { DICTIONARY_SIZE, POSITION } from './path.js';
import { sizeTransition } from './transition.js';

/**
 * Compares two objects by their own enumerable members. Keys of a dictionary are data, and no steps of the path; symbols
 * neither.
 */
export function compareRecords(walk: Walk, control: object, candidate: object, state: RuleState): void {
  compareNamed(walk, control, candidate, state);
  const [symbols, others] = [symbolsOf(control), symbolsOf(candidate)];
  if (symbols.length > 0 || others.length > 0) {
    compareMaps(walk, entriesOf(control, symbols), entriesOf(candidate, others), state);
  }
}

function entriesOf(record: object, symbols: readonly symbol[]): ReadonlyMap<unknown, unknown> {
  return new Map(symbols.map((key) => [key, (record as Readonly<Record<symbol, unknown>>)[key]])); // of its own keys
}

function compareNamed(walk: Walk, control: object, candidate: object, state: RuleState): void {
  // Safe: only members that the objects have of their own are read.
  const [controls, candidates] = [control as Members, candidate as Members];
  const keys = Object.keys(control);
  const others = Object.keys(candidate);
  const isDictionary = keys.length > DICTIONARY_SIZE || others.length > DICTIONARY_SIZE;
  const at = walk.depth - 1;
  let shared = 0;
  for (const [index, key] of keys.entries()) {
    if (walk.findings.isOver) return;
    const step = isDictionary ? POSITION : key;
    walk.steps[at] = step;
    const member = state.isFree ? state : state.next(step);
    if (others[index] === key || isMember(candidate, key)) {
      shared += 1;
      walk.compare(controls[key], candidates[key], member);
    } else {
      walk.tellMissing(controls[key], member);
    }
  }
  if (shared === others.length) return;
  for (const key of others) {
    if (walk.findings.isOver) return;
    if (isMember(control, key)) continue;
    const step = isDictionary ? POSITION : key;
    walk.steps[at] = step;
    walk.tellExtra(candidates[key], state.next(step));
  }
}

type Members = Readonly<Record<string, unknown>>;

function isMember(object: object, key: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(object, key);
}

/** Compares two maps by their keys, which are data, and no steps of the path. */
export function compareMaps(
  walk: Walk,
  control: ReadonlyMap<unknown, unknown>,
  candidate: ReadonlyMap<unknown, unknown>,
  state: RuleState,
): void {
  const keys = matchKeys(control, candidate);
  const member = state.next(POSITION);
  const at = walk.depth - 1;
  for (const [key, other] of keys.shared) {
    if (walk.findings.isOver) return;
    walk.steps[at] = POSITION;
    walk.compare(control.get(key), candidate.get(other), member);
  }
  walk.steps[at] = POSITION;
  for (const key of keys.missing) walk.tellMissing(control.get(key), member);
  for (const key of keys.extra) walk.tellExtra(candidate.get(key), member);
}

interface MatchedKeys {
  readonly shared: readonly (readonly [control: unknown, candidate: unknown])[];
  readonly missing: readonly unknown[];
  readonly extra: readonly unknown[];
}

/** Keys that are objects are the same key when they compare equal; of several such, in the maps' order. */
function matchKeys(control: ReadonlyMap<unknown, unknown>, candidate: ReadonlyMap<unknown, unknown>): MatchedKeys {
  const shared: (readonly [unknown, unknown])[] = [];
  const missing: unknown[] = [];
  const extra = new Map<string, unknown[]>();
  for (const key of candidate.keys()) {
    if (control.has(key)) continue;
    const text = canonicalText(key);
    const same = extra.get(text);
    if (same === undefined) extra.set(text, [key]);
    else same.push(key);
  }
  for (const key of control.keys()) {
    if (candidate.has(key)) {
      shared.push([key, key]);
      continue;
    }
    const same = extra.get(canonicalText(key));
    if (same === undefined || same.length === 0) missing.push(key);
    else shared.push([key, same.shift()]);
  }
  return { shared, missing, extra: [...extra.values()].flat() };
}

/** Compares two sets as lists whose order does not matter. */
export function compareSets(
  walk: Walk,
  control: ReadonlySet<unknown>,
  candidate: ReadonlySet<unknown>,
  state: RuleState,
): void {
  if (control.size !== candidate.size) {
    const transition = sizeTransition(control.size, candidate.size);
    walk.tellWhole('size', transition, control.size, candidate.size, state.isIgnored);
  }
  const controls = [...control].filter((value) => !candidate.has(value));
  const candidates = [...candidate].filter((value) => !control.has(value));
  walk.charge(control.size + candidate.size);
  if (walk.findings.isOver) return;
  const element = state.next(POSITION);
  const stretch = { controls, candidates, start: 0, controlEnd: controls.length, candidateEnd: candidates.length };
  const matching = matchEqual(stretch, { element, isExact: false }, walk.charge);
  for (const [one, other] of [...matching.pairs, ...pairLeftovers(matching)]) {
    if (walk.findings.isOver) return;
    walk.steps[walk.depth - 1] = POSITION;
    walk.compare(controls[one], candidates[other], element);
  }
}
