import { countVisits } from './count-visits.js';
import { unknown } from './match.js';
import { compileRules, segmentsNamedBy } from './compile-clause.js';
import { keySetOf } from './key-set.js';
import type { CompiledSegment, Segments } from './match-segment.js';
import { isAttributes, type Attributes } from './read-attribute.js';

const MALFORMED = unknown('A segment is malformed; correct it, or update the SDK.');
const UNREADABLE = unknown('The segments of the snapshot cannot be read; update the SDK.');
const NOBODY = keySetOf([]);

/**
 * Compiles one segment; never throws. A malformed one is unknown to whoever asks, a malformed rule of it where it is
 * reached.
 */
export function compileSegment(source: Attributes): CompiledSegment {
  try {
    return compileReadable(source);
  } catch {
    return malformed(source); // a getter that throws: nothing JSON could hold
  }
}

function malformed(source: Attributes): CompiledSegment {
  return { source, included: NOBODY, excluded: NOBODY, rules: undefined, references: [], problem: MALFORMED };
}

function compileReadable(source: Attributes): CompiledSegment {
  const { included = [], excluded = [], rules = [] } = source;
  if (!Array.isArray(included) || !Array.isArray(excluded) || !Array.isArray(rules)) {
    return malformed(source);
  }
  const clauses = rules.map(clausesOf);
  return {
    source,
    included: included.length === 0 ? NOBODY : keySetOf(included),
    excluded: excluded.length === 0 ? NOBODY : keySetOf(excluded),
    rules: compileRules(
      clauses.map((list) => ({ clauses: list, outcome: true })),
      'segment',
    ),
    references: clauses.flatMap((list) => list.flatMap(segmentsNamedBy)),
    problem: undefined,
  };
}

/** A rule without a list of clauses is one whose only clause is malformed. */
function clausesOf(rule: unknown): readonly unknown[] {
  const clauses: unknown = isAttributes(rule) ? rule['clauses'] : undefined;
  return Array.isArray(clauses) ? clauses : [undefined];
}

/** Brings the segments of one snapshot together. */
export function linkSegments(byKey: ReadonlyMap<string, CompiledSegment>, isReadable: boolean): Segments {
  const counts = new Map<string, number>();
  const referencesOf = (key: string): readonly string[] => byKey.get(key)?.references ?? [];
  const tangled = new Set([...byKey.keys()].filter((key) => countVisits(key, referencesOf, counts) === Infinity));
  return { byKey, tangled, problem: isReadable ? undefined : UNREADABLE };
}
