import type { CompiledClause, CompiledOperator, Link, Matcher } from './clause.js';
import { unknown, type Match, type Unknown } from './match.js';
import { matchValue } from './match-clauses.js';
import { findSegments, isMemberOfAny, type NamedSegment, type Place, type Segments } from './match-segment.js';
import { compileOperator, NO_OPERATOR } from './operators.js';
import { isAttributes, parseAttribute, placeOf, readAttribute, type AttributePath } from './read-attribute.js';

/** A rule whose clauses are still as the wire has them. */
export interface SourceRule<Outcome> {
  readonly clauses: readonly unknown[];
  readonly outcome: Outcome;
}

const MALFORMED = unknown('A clause is malformed; correct it, or update the SDK.');

/** Compiles rules to the chain of their clauses, first to last; undefined when there are none. */
export function compileRules<Outcome>(
  rules: readonly SourceRule<Outcome>[],
  place: Place,
): CompiledClause<Outcome> | undefined {
  return rules.reduceRight<CompiledClause<Outcome> | undefined>(
    (otherwise, rule) => compileRule(rule, otherwise, place),
    undefined,
  );
}

/** A rule without clauses matches everything. */
function compileRule<Outcome>(
  { clauses, outcome }: SourceRule<Outcome>,
  otherwise: CompiledClause<Outcome> | undefined,
  place: Place,
): CompiledClause<Outcome> | undefined {
  if (clauses.length === 0) return special(() => true, { then: undefined, otherwise, outcome });
  return clauses.reduceRight<CompiledClause<Outcome> | undefined>(
    (then, clause) => compileClause(clause, place, { then, otherwise, outcome }),
    undefined,
  );
}

/** What is malformed or not known to this SDK compiles to a clause that is always unknown. */
function compileClause<Outcome>(clause: unknown, place: Place, link: Link<Outcome>): CompiledClause<Outcome> {
  if (!isAttributes(clause) || typeof clause['operator'] !== 'string') return special(always(MALFORMED), link);
  const { operator: name, values = [], negate = false } = clause;
  if (!Array.isArray(values) || typeof negate !== 'boolean') return special(always(MALFORMED), link);

  if (name === 'inSegment') return special(compileInSegment(values, negate, place), link);

  const attribute = parseAttribute(clause['attribute']);
  if (name === 'exists') return special(attribute ? compileExists(attribute, negate) : always(MALFORMED), link);

  const operator = compileOperator(name, values);
  if (operator === undefined) return special(always(unknownOperator(name)), link);
  if (attribute === undefined) return special(always(MALFORMED), link);
  if (attribute.tokens !== undefined || attribute.isInherited) {
    return special((context) => matchValue(operator, negate, readAttribute(context, attribute)), link);
  }
  return clauseOf(operator, attribute.key, negate, undefined, link);
}

function special<Outcome>(matcher: Matcher, link: Link<Outcome>): CompiledClause<Outcome> {
  return clauseOf(NO_OPERATOR, '', false, matcher, link);
}

/** The one place where clauses are made, so that all have one shape (spread operators would give them many). */
function clauseOf<Outcome>(
  { test, kind, text, texts, limit }: CompiledOperator,
  key: string,
  negate: boolean,
  matcher: Matcher | undefined,
  { then, otherwise, outcome }: Link<Outcome>,
): CompiledClause<Outcome> {
  const place = matcher === undefined ? placeOf(key) : 0;
  return { test, kind, text, texts, limit, key, place, negate, special: matcher, then, otherwise, outcome };
}

/** Answers the segment keys that a clause names; none unless it is an `inSegment`. */
export function segmentsNamedBy(clause: unknown): readonly string[] {
  if (!isAttributes(clause) || clause['operator'] !== 'inSegment' || !Array.isArray(clause['values'])) return [];
  return clause['values'].filter((value) => typeof value === 'string');
}

function compileExists(attribute: AttributePath, negate: boolean): Matcher {
  return (context) => {
    const value = readAttribute(context, attribute);
    const exists = value !== undefined && value !== null;
    return exists !== negate;
  };
}

/** A name that no segment of the snapshot has is a segment without members. */
function compileInSegment(values: readonly unknown[], negate: boolean, place: Place): Matcher {
  const names = values.filter((value) => typeof value === 'string');
  const otherwise: Match = names.length === values.length ? false : MALFORMED;
  let known: Segments | undefined;
  let found: readonly NamedSegment[] = [];
  return (context, segments) => {
    if (known !== segments) {
      known = segments;
      found = findSegments(segments, names);
    }
    const isMember = isMemberOfAny(segments, found, context, place);
    const match = isMember === false ? otherwise : isMember;
    return match === true || match === false ? match !== negate : match;
  };
}

function always(answer: Unknown): Matcher {
  return () => answer;
}

function unknownOperator(operator: string): Unknown {
  return unknown(`The operator "${operator}" is not known to this SDK; update the SDK to evaluate this flag.`);
}
