import { unknown, type Match, type Unknown } from './match.js';
import { compileOperator, type Test } from './operators.js';
import {
  isAttributes,
  isOwn,
  parseAttribute,
  peekAttribute,
  type AttributePath,
  type Attributes,
} from './read-attribute.js';
import { isMemberOfAny, type Segments } from './match-segment.js';

/** Answers whether a context satisfies a compiled clause. */
export type Matcher = (context: Attributes, segments: Segments) => Match;

/** Where a clause stands: a segment's own clauses may not walk in a circle. */
export type Place = 'rule' | 'segment';

const MALFORMED = unknown('A clause is malformed; correct it, or update the SDK.');

/** Compiles one clause. What is malformed or not known to this SDK compiles to a clause that is always unknown. */
export function compileClause(clause: unknown, place: Place): Matcher {
  if (!isAttributes(clause) || typeof clause['operator'] !== 'string') return always(MALFORMED);
  const { operator, values = [], negate = false } = clause;
  if (!Array.isArray(values) || typeof negate !== 'boolean') return always(MALFORMED);

  if (operator === 'inSegment') return compileInSegment(values, negate, place);

  const attribute = parseAttribute(clause['attribute']);
  if (operator === 'exists') return attribute === undefined ? always(MALFORMED) : compileExists(attribute, negate);

  const test = compileOperator(operator, values);
  if (test === undefined) return always(unknownOperator(operator));
  return attribute === undefined ? always(MALFORMED) : compileTest(attribute, test, negate);
}

/** Answers the segment keys that a clause names; none unless it is an `inSegment`. */
export function segmentsNamedBy(clause: unknown): readonly string[] {
  if (!isAttributes(clause) || clause['operator'] !== 'inSegment' || !Array.isArray(clause['values'])) return [];
  return clause['values'].filter((value) => typeof value === 'string');
}

/**
 * `negate` turns the answer for the whole attribute, so that with an array it means "no element matches".
 * Whether the attribute is the context's own is asked only where an inherited value would change the answer.
 */
function compileTest(attribute: AttributePath, test: Test, negate: boolean): Matcher {
  return (context) => {
    const value = peekAttribute(context, attribute);
    if (value === undefined || value === null) return false;
    const match = typeof value === 'object' && Array.isArray(value) ? testAny(value, test) : test(value);
    if (match === negate || !isOwn(context, attribute)) return false;
    return typeof match === 'boolean' ? true : match;
  };
}

/** An element that is itself an array is not looked into; null and undefined match nothing. */
function testAny(values: readonly unknown[], test: Test): Match {
  let answer: Match = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const match = test(value);
    if (match === true) return true;
    if (match !== false) answer = match;
  }
  return answer;
}

function compileExists(attribute: AttributePath, negate: boolean): Matcher {
  return (context) => {
    const value = peekAttribute(context, attribute);
    const exists = value !== undefined && value !== null && isOwn(context, attribute);
    return exists !== negate;
  };
}

/** A name that no segment of the snapshot has is a segment without members. */
function compileInSegment(values: readonly unknown[], negate: boolean, place: Place): Matcher {
  const names = values.filter((value) => typeof value === 'string');
  const otherwise: Match = names.length === values.length ? false : MALFORMED;
  return (context, segments) => {
    const isMember = isMemberOfAny(segments, names, context, place);
    const match = isMember === false ? otherwise : isMember;
    return typeof match === 'boolean' ? match !== negate : match;
  };
}

function always(answer: Unknown): Matcher {
  return () => answer;
}

function unknownOperator(operator: string): Unknown {
  return unknown(`The operator "${operator}" is not known to this SDK; update the SDK to evaluate this flag.`);
}
