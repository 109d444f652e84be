import type { Match, Unknown } from './match.js';
import { type CompiledClause, matchClause } from './match-clause.js';
import type { Attributes } from './read-attribute.js';
import type { Segments } from './match-segment.js';

/**
 * Answers whether all clauses match; none at all do. A clause that does not match decides, whatever else is unknown;
 * otherwise one unknown clause makes the answer unknown.
 */
export function matchAll(clauses: readonly CompiledClause[], context: Attributes, segments: Segments): Match {
  let undecided: Unknown | undefined;
  for (const clause of clauses) {
    const match = matchClause(clause, context, segments);
    if (match === false) return false;
    if (match !== true) undecided ??= match;
  }
  return undecided ?? true;
}
