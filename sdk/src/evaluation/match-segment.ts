import { unknown, type Match, type Unknown } from './match.js';
import type { CompiledClause, Place } from './match-clause.js';
import { matchAll } from './match-rule.js';
import { readTargetingKey, type Attributes } from './read-attribute.js';

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
  readonly included: ReadonlySet<unknown>;
  readonly excluded: ReadonlySet<unknown>;
  readonly rules: readonly (readonly CompiledClause[])[];
  /** Segments that its rules name. */
  readonly references: readonly string[];
  /** Set when the lists cannot be read. */
  readonly problem: Unknown | undefined;
}

export interface NamedSegment {
  readonly name: string;
  readonly segment: CompiledSegment;
}

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
  for (const { name, segment } of candidates) {
    const match = isMember(segments, segment, context, place === 'segment' && segments.tangled.has(name));
    if (match === true) return true;
    if (match !== false) answer = match;
  }
  return answer;
}

/** Included wins over excluded, excluded over the rules; without a targetingKey only the rules count. */
function isMember(segments: Segments, segment: CompiledSegment, context: Attributes, isTangled: boolean): Match {
  if (segment.problem !== undefined) return segment.problem;
  const key = readTargetingKey(context);
  if (typeof key === 'string') {
    if (segment.included.has(key)) return true;
    if (segment.excluded.has(key)) return false;
  }
  if (isTangled) return TANGLED;

  for (const clauses of segment.rules) {
    const match = matchAll(clauses, context, segments);
    if (match !== false) return match;
  }
  return false;
}
