import {
  OPERATORS,
  parseCidr,
  parseDate,
  parseRange,
  type Clause,
  type JsonValue,
  type Operator,
} from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { pointer, type Problem } from '../kernel/errors.js';
import { addProblems, parseEach, parsePart } from '../kernel/parse.js';
import { complaintAbout } from './safe-pattern.js';

const MAX_CLAUSES = 50;
const MAX_VALUES = 10_000;
/** Patterns in one set of rules, because the search for back-tracking in each takes its time. */
export const MAX_PATTERNS = 50;

const primitive = z.union([z.string().max(2_000), z.number(), z.boolean()]);

export const clauseSchema = z
  .strictObject({
    attribute: z
      .string()
      .max(200)
      .default('')
      .describe('Key of the context, or a JSON pointer into it when it begins with /; left out with inSegment'),
    operator: z.enum(OPERATORS),
    values: z.array(primitive).max(MAX_VALUES).default([]),
    negate: z.boolean().default(false),
  })
  .meta({ id: 'Clause' });

/** How many patterns a set of rules may still have; it goes down as they are read. */
export interface PatternAllowance {
  patterns: number;
}

/** The allowance that a set of rules begins with. */
export function fullAllowance(): PatternAllowance {
  return { patterns: MAX_PATTERNS };
}

/** Reads the clauses of a rule as far as they are sound; what is wrong goes to the problems. */
export function parseClauses(
  input: unknown,
  at: string,
  problems: Problem[],
  allowance = fullAllowance(),
): readonly Clause[] {
  return parseEach({ input, at, max: MAX_CLAUSES }, problems, (item, place) => {
    const clause = parsePart(clauseSchema, item, place, problems);
    if (clause !== undefined) addProblems(problems, problemsOf(clause, place, allowance));
    return clause;
  });
}

/** Tells whether text names an attribute: a key, or, when it begins with /, a JSON pointer (RFC 6901). */
export function isAttributeName(text: string): boolean {
  return text !== '' && !(text.startsWith('/') && /~(?![01])/u.test(text));
}

/** The segments that clauses name, each with where it is named. */
export function segmentsNamed(
  clauses: readonly Clause[],
  at: string,
): readonly { readonly key: string; readonly pointer: string }[] {
  return clauses.flatMap(({ operator, values }, index) =>
    operator !== 'inSegment'
      ? []
      : values.flatMap((key, place) =>
          typeof key === 'string' ? [{ key, pointer: pointer(at, index, 'values', place) }] : [],
        ),
  );
}

function problemsOf(
  clause: Clause & { operator: Operator },
  at: string,
  allowance: PatternAllowance,
): readonly Problem[] {
  const problems = attributeProblems(clause, pointer(at, 'attribute'));
  const wantsValues = clause.operator !== 'exists';
  if (wantsValues !== clause.values.length > 0) {
    const message = wantsValues ? `${clause.operator} needs at least one value.` : 'exists takes no values.';
    return [...problems, problem(pointer(at, 'values'), message)];
  }
  if (clause.operator === 'matches') {
    allowance.patterns -= clause.values.length;
    if (allowance.patterns < 0) {
      const message = `There are more than ${MAX_PATTERNS} patterns in these rules; join some with |, or use other operators.`;
      return [...problems, problem(pointer(at, 'values'), message)];
    }
  }
  const complaints = clause.values.flatMap((value, index): readonly Problem[] => {
    const complaint = VALUE_CHECKS[clause.operator](value);
    return complaint === undefined ? [] : [problem(pointer(at, 'values', index), complaint)];
  });
  return [...problems, ...complaints];
}

function attributeProblems({ operator, attribute }: Clause, at: string): readonly Problem[] {
  if (operator === 'inSegment') {
    return attribute === '' ? [] : [problem(at, 'inSegment looks at no attribute; leave it out.')];
  }
  if (attribute === '') return [problem(at, 'Name the attribute to look at.')];
  return isAttributeName(attribute) ? [] : [problem(at, POINTER_MALFORMED)];
}

function problem(at: string, message: string): Problem {
  return { pointer: at, code: 'CLAUSE_UNSOUND', message };
}

/** What to say of an attribute's name that is no JSON pointer though it begins like one. */
export const POINTER_MALFORMED = 'is not a JSON pointer (RFC 6901): write ~0 for ~ and ~1 for /';

type ValueCheck = (value: JsonValue) => string | undefined;

const text: ValueCheck = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a text, not empty';
const number: ValueCheck = (value) => (typeof value === 'number' ? undefined : 'must be a number');
const date: ValueCheck = (value) =>
  Number.isNaN(parseDate(value))
    ? 'must be a date: RFC 3339 text such as 2026-11-21T09:00:00Z, or epoch milliseconds'
    : undefined;
const range: ValueCheck = (value) =>
  typeof value === 'string' && parseRange(value) !== undefined
    ? undefined
    : 'must be a version range such as ">=1.2.0 <2" or "^3.1"';
const block: ValueCheck = (value) =>
  typeof value === 'string' && parseCidr(value) !== undefined
    ? undefined
    : 'must be an address block such as 10.0.0.0/8 or 2001:db8::/32';

const VALUE_CHECKS: Readonly<Record<Operator, ValueCheck>> = {
  in: () => undefined,
  startsWith: text,
  endsWith: text,
  contains: text,
  matches: (value) => (typeof value === 'string' ? complaintAbout(value) : 'must be a regular expression'),
  lessThan: number,
  lessThanOrEqual: number,
  greaterThan: number,
  greaterThanOrEqual: number,
  before: date,
  after: date,
  semver: range,
  cidr: block,
  exists: () => undefined,
  inSegment: text,
};
