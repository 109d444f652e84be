import { unknown, type Match, type Unknown } from './match.js';
import { compileOperator, type CompiledOperator, NO_OPERATOR, testValue } from './operators.js';
import {
  isAttributes,
  parseAttribute,
  placeOf,
  readAt,
  readAttribute,
  type AttributePath,
  type Attributes,
} from './read-attribute.js';
import { findSegments, isMemberOfAny, type Segments } from './match-segment.js';

/** Answers whether a context satisfies a condition. */
export type Matcher = (context: Attributes, segments: Segments) => Match;

/** A clause made ready: most ask one operator about one top-level attribute, the others are a function of their own. */
export interface CompiledClause extends CompiledOperator {
  readonly key: string;
  /** Where the attribute is read, see `readAt`. */
  readonly place: number;
  readonly negate: boolean;
  /** Asked instead of the attribute, where there is one. */
  readonly special: Matcher | undefined;
}

/** Where a clause stands: a segment's own clauses may not walk in a circle. */
export type Place = 'rule' | 'segment';

const MALFORMED = unknown('A clause is malformed; correct it, or update the SDK.');

/** Answers whether a context satisfies a clause; a clause over an attribute that is absent or null never matches. */
export function matchClause(clause: CompiledClause, context: Attributes, segments: Segments): Match {
  if (clause.special !== undefined) return clause.special(context, segments);
  return testAttribute(clause, clause.negate, readAt(clause.place, context, clause.key));
}

/** `negate` turns the answer for the whole attribute, so that with an array it means "no element matches". */
function testAttribute(operator: CompiledOperator, negate: boolean, value: unknown): Match {
  if (value === undefined || value === null) return false;
  const match = typeof value === 'object' ? testObject(operator, value) : testValue(operator, value);
  return typeof match === 'boolean' ? match !== negate : match;
}

/** Compiles one clause. What is malformed or not known to this SDK compiles to a clause that is always unknown. */
export function compileClause(clause: unknown, place: Place): CompiledClause {
  if (!isAttributes(clause) || typeof clause['operator'] !== 'string') return special(always(MALFORMED));
  const { operator: name, values = [], negate = false } = clause;
  if (!Array.isArray(values) || typeof negate !== 'boolean') return special(always(MALFORMED));

  if (name === 'inSegment') return special(compileInSegment(values, negate, place));

  const attribute = parseAttribute(clause['attribute']);
  if (name === 'exists') return special(attribute ? compileExists(attribute, negate) : always(MALFORMED));

  const operator = compileOperator(name, values);
  if (operator === undefined) return special(always(unknownOperator(name)));
  if (attribute === undefined) return special(always(MALFORMED));
  if (attribute.tokens !== undefined || attribute.isInherited) {
    return special((context) => testAttribute(operator, negate, readAttribute(context, attribute)));
  }
  return { ...operator, key: attribute.key, place: placeOf(attribute.key), negate, special: undefined };
}

/** A clause that is always unknown, for the reason given. */
export function unknownClause(reason: Unknown): CompiledClause {
  return special(always(reason));
}

function special(matcher: Matcher): CompiledClause {
  return { ...NO_OPERATOR, key: '', place: 0, negate: false, special: matcher };
}

/** Answers the segment keys that a clause names; none unless it is an `inSegment`. */
export function segmentsNamedBy(clause: unknown): readonly string[] {
  if (!isAttributes(clause) || clause['operator'] !== 'inSegment' || !Array.isArray(clause['values'])) return [];
  return clause['values'].filter((value) => typeof value === 'string');
}

/** An array matches when any element does; an element that is itself an array is not looked into. */
function testObject(operator: CompiledOperator, value: object): Match {
  if (!Array.isArray(value)) return testValue(operator, value);
  let answer: Match = false;
  for (const element of value as readonly unknown[]) {
    if (element === null || element === undefined) continue;
    const match = testValue(operator, element);
    if (match === true) return true;
    if (match !== false) answer = match;
  }
  return answer;
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
  const find = rememberLast((segments: Segments) => findSegments(segments, names));
  return (context, segments) => {
    const isMember = isMemberOfAny(segments, find(segments), context, place);
    const match = isMember === false ? otherwise : isMember;
    return typeof match === 'boolean' ? match !== negate : match;
  };
}

/** A clause outlives snapshots, and meets the same segments until the next: it need not find them every time. */
function rememberLast<Input, Output>(find: (input: Input) => Output): (input: Input) => Output {
  let last: { readonly input: Input; readonly output: Output } | undefined;
  return (input) => {
    if (last === undefined || last.input !== input) last = { input, output: find(input) };
    return last.output;
  };
}

function always(answer: Unknown): Matcher {
  return () => answer;
}

function unknownOperator(operator: string): Unknown {
  return unknown(`The operator "${operator}" is not known to this SDK; update the SDK to evaluate this flag.`);
}
