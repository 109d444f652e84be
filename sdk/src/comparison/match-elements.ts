import { elementKey } from './canonical-text.js';
import type { RuleState } from './compile-rules.js';

/** Which elements of two lists belong together, by position. */
export interface Matching {
  readonly pairs: readonly (readonly [control: number, candidate: number])[];
  /** Positions of elements that have no equal in the other list. */
  readonly controls: readonly number[];
  readonly candidates: readonly number[];
  /** The equal elements stand in one order on both sides. */
  readonly isInOrder: boolean;
}

/** A stretch of each list: from `start` to before `controlEnd` and `candidateEnd`. */
export interface Stretch {
  readonly controls: ArrayLike<unknown>;
  readonly candidates: ArrayLike<unknown>;
  readonly start: number;
  readonly controlEnd: number;
  readonly candidateEnd: number;
}

interface Bucket {
  readonly controls: Keyed[];
  readonly candidates: Keyed[];
}

interface Keyed {
  readonly at: number;
  readonly loose: readonly number[];
}

/**
 * Matches equal elements as multisets, in n log n. What rules let differ is left out of the equality; elements that
 * have such numbers are paired in the numbers' order, which for one number is the closest pairing.
 */
export function matchEqual(stretch: Stretch, element: RuleState, charge: (nodes: number) => void): Matching {
  const buckets = new Map<string, Bucket>();
  const sort = (value: unknown, at: number, side: keyof Bucket): void => {
    const { key, loose } = elementKey(value, element);
    charge(1 + key.length / 64);
    const bucket = buckets.get(key) ?? { controls: [], candidates: [] };
    buckets.set(key, bucket);
    bucket[side].push({ at, loose });
  };
  const { start } = stretch;
  for (let at = start; at < stretch.controlEnd; at += 1) sort(stretch.controls[at], at, 'controls');
  for (let at = start; at < stretch.candidateEnd; at += 1) sort(stretch.candidates[at], at, 'candidates');
  return matchingOf([...buckets.values()].flatMap(pairUp));
}

/**
 * Matches elements by the value of a field. Undefined where that cannot be done: an element has no such field, or two
 * of one list share its value.
 */
export function matchByField(
  controls: ArrayLike<unknown>,
  candidates: ArrayLike<unknown>,
  field: string,
  keyOf: (value: unknown) => string,
): Matching | undefined {
  const ofControls = positionsByField(controls, field, keyOf);
  const ofCandidates = positionsByField(candidates, field, keyOf);
  if (ofControls === undefined || ofCandidates === undefined) return undefined;
  const couples: Couple[] = [];
  for (const [key, control] of ofControls) couples.push([control, ofCandidates.get(key)]);
  for (const [key, candidate] of ofCandidates) if (!ofControls.has(key)) couples.push([undefined, candidate]);
  return matchingOf(couples);
}

type Couple = readonly [control: number | undefined, candidate: number | undefined];

function pairUp({ controls, candidates }: Bucket): readonly Couple[] {
  if (controls[0]?.loose.length) {
    controls.sort(byLoose);
    candidates.sort(byLoose);
  }
  const longer = controls.length > candidates.length ? controls : candidates;
  return longer.map((_each, index) => [controls[index]?.at, candidates[index]?.at] as const);
}

function byLoose(one: Keyed, other: Keyed): number {
  for (const [index, value] of one.loose.entries()) {
    const order = value - (other.loose[index] ?? 0);
    if (order !== 0) return order;
  }
  return one.at - other.at;
}

function matchingOf(couples: readonly Couple[]): Matching {
  const pairs: (readonly [number, number])[] = [];
  const controls: number[] = [];
  const candidates: number[] = [];
  for (const [control, candidate] of couples) {
    if (control === undefined) candidates.push(candidate ?? 0);
    else if (candidate === undefined) controls.push(control);
    else pairs.push([control, candidate]);
  }
  pairs.sort(([one], [other]) => one - other);
  controls.sort((one, other) => one - other);
  candidates.sort((one, other) => one - other);
  return {
    pairs,
    controls,
    candidates,
    isInOrder: pairs.every(([, at], index) => index === 0 || at > (pairs[index - 1]?.[1] ?? 0)),
  };
}

function positionsByField(
  values: ArrayLike<unknown>,
  field: string,
  keyOf: (value: unknown) => string,
): ReadonlyMap<string, number> | undefined {
  const positions = new Map<string, number>();
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
    const key = keyOf((value as Readonly<Record<string, unknown>>)[field]); // it has one of its own
    if (positions.has(key)) return undefined;
    positions.set(key, at);
  }
  return positions;
}
