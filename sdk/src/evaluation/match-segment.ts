import { unknown, type Match, type Unknown } from './match.js';
import type { CompiledClause } from './clause.js';
import { hasKey, type KeySet } from './key-set.js';
import { findOutcome } from './match-clauses.js';
import type { Attributes } from './read-attribute.js';

/** All segments of a compiled snapshot. */
export interface Segments {
  readonly byKey: ReadonlyMap<string, CompiledSegment>;
  /** Segments whose references run in a circle: not entered from another segment. */
  readonly tangled: ReadonlySet<string>;
  /** Set when the snapshot's list of segments cannot be read, so that nothing is known of any. */
  readonly problem: Unknown | undefined;
}

export interface CompiledSegment {
  /** The object it was compiled from: the same object needs no second compilation. */
  readonly source: object;
  readonly included: KeySet;
  readonly excluded: KeySet;
  readonly rules: CompiledClause<true> | undefined;
  /** Segments that its rules name. */
  readonly references: readonly string[];
  /** Set when the lists cannot be read. */
  readonly problem: Unknown | undefined;
}

export interface NamedSegment {
  readonly name: string;
  readonly segment: CompiledSegment;
}

/** Where a clause stands: a segment's own clauses may not walk in a circle. */
export type Place = 'rule' | 'segment';

const TANGLED = unknown('The rules of segments refer to each other in a circle, or too often; untangle them.');

/** Answers the segments of these names that there are. */
export function findSegments({ byKey }: Segments, names: readonly string[]): readonly NamedSegment[] {
  return names.flatMap((name) => {
    const segment = byKey.get(name);
    return segment === undefined ? [] : [{ name, segment }];
  });
}

/** Answers whether a context is a member of any of the segments; unknown when none says yes and one cannot tell. */
export function isMemberOfAny(
  segments: Segments,
  candidates: readonly NamedSegment[],
  context: Attributes,
  place: Place,
): Match {
  let answer: Match = segments.problem ?? false;
  for (let i = 0; i < candidates.length; i += 1) {
    const candidate = candidates[i];
    const match = candidate === undefined ? false : isMember(segments, candidate, context, place);
    if (match === true) return true;
    if (match !== false) answer = match;
  }
  return answer;
}

/** Included wins over excluded, excluded over the rules; without a targetingKey only the rules count. */
const isMember = (segments: Segments, { name, segment }: NamedSegment, context: Attributes, place: Place): Match => {
  const key = context['targetingKey'];
  if (typeof key === 'string' && hasKey(segment.included, key)) return true;
  return isMemberByRules(segments, segment, context, place === 'segment' && segments.tangled.has(name));
};

function isMemberByRules(segments: Segments, segment: CompiledSegment, context: Attributes, isTangled: boolean): Match {
  if (segment.problem !== undefined) return segment.problem;
  const key = context['targetingKey'];
  if (typeof key === 'string' && hasKey(segment.excluded, key)) return false;
  return isTangled ? TANGLED : (findOutcome(segment.rules, context, segments) ?? false);
}
