import { elementKey } from './canonical-text.js';
import type { RuleState } from './compile-rules.js';

export type Pair = readonly [control: number, candidate: number];

/** Which elements of two lists belong together, by position. */
export interface Matching {
  readonly pairs: readonly Pair[];
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

/** What counts as equal: `isExact`, numbers that rules let differ have to be equal as well. */
export interface Equality {
  readonly element: RuleState;
  readonly isExact: boolean;
}

/**
 * Matches equal elements as multisets, in n log n. Of elements with numbers that rules let differ, those that agree in
 * all else are paired in the numbers' order: of one number, that is the closest pairing.
 */
export function matchEqual(
  stretch: Stretch,
  { element, isExact }: Equality,
  charge: (nodes: number) => void,
): Matching {
  const buckets = new Map<string, Bucket>();
  const sort = (value: unknown, at: number, side: keyof Bucket): void => {
    const { key: text, loose } = elementKey(value, element);
    const key = isExact && loose.length > 0 ? `${text} ${loose.join()}` : text;
    charge(key.length / 64);
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

/**
 * Pairs elements that have no equal with what is most likely to have been the same one: between the same two equal
 * elements, else in their order. What is left over then is on one side alone.
 */
export function pairLeftovers({ pairs, controls, candidates, isInOrder }: Matching): readonly Pair[] {
  const couples: Pair[] = [];
  const [restControls, restCandidates]: [number[], number[]] = [[], []];
  let [one, other, gap] = [0, 0, 0];
  while (isInOrder && one < controls.length && other < candidates.length) {
    const [control = 0, candidate = 0] = [controls[one], candidates[other]];
    const [controlEnd, candidateEnd] = pairs[gap] ?? [Infinity, Infinity];
    if (control < controlEnd && candidate < candidateEnd) {
      couples.push([control, candidate]);
      one += 1;
      other += 1;
    } else if (control < controlEnd) {
      restControls.push(control);
      one += 1;
    } else if (candidate < candidateEnd) {
      restCandidates.push(candidate);
      other += 1;
    } else {
      gap += 1;
    }
  }
  for (; one < controls.length; one += 1) restControls.push(controls[one] ?? 0);
  for (; other < candidates.length; other += 1) restCandidates.push(candidates[other] ?? 0);
  for (const [index, control] of restControls.entries()) {
    const candidate = restCandidates[index];
    if (candidate !== undefined) couples.push([control, candidate]);
  }
  return couples;
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
  const pairs: Pair[] = [];
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
