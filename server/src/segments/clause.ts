import { OPERATORS, parseCidr, parseDate, parseRange, type Clause, type Operator } from '@sluice/sdk/evaluation';
import { isSafePattern } from 'redos-detector';
import { z } from 'zod';
import { pointer, type Problem } from '../kernel/errors.js';
import { parsePart } from '../kernel/parse.js';

const MAX_CLAUSES = 50;
const MAX_VALUES = 10_000;
const MAX_PATTERN_LENGTH = 500;
/** How far the search for back-tracking goes; a pattern it cannot clear within is refused. */
const MAX_PATTERN_STEPS = 2_000;

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

/** Reads the clauses of a rule as far as they are sound; what is wrong goes to the problems. */
export function parseClauses(input: unknown, at: string, problems: Problem[]): readonly Clause[] {
  const list = parsePart(z.array(z.unknown()).max(MAX_CLAUSES), input, at, problems) ?? [];
  return list.flatMap((item, index) => {
    const clause = parsePart(clauseSchema, item, pointer(at, index), problems);
    if (clause === undefined) return [];
    problems.push(...problemsOf(clause, pointer(at, index)));
    return [clause];
  });
}

/** The segments that clauses name, each with where it is named. */
export function segmentsNamed(
  clauses: readonly Clause[],
  at: string,
): readonly { readonly key: string; readonly pointer: string }[] {
  return clauses.flatMap((clause, index) =>
    clause.operator === 'inSegment'
      ? clause.values.map((key, place) => ({ key: String(key), pointer: pointer(at, index, 'values', place) }))
      : [],
  );
}

function problemsOf(clause: z.output<typeof clauseSchema>, at: string): readonly Problem[] {
  const problems: Problem[] = [];
  if (clause.operator === 'inSegment') {
    if (clause.attribute !== '')
      problems.push(problem(pointer(at, 'attribute'), 'inSegment looks at no attribute; leave it out.'));
  } else if (clause.attribute === '') {
    problems.push(problem(pointer(at, 'attribute'), 'Name the attribute to look at.'));
  } else if (clause.attribute.startsWith('/') && /~(?![01])/u.test(clause.attribute)) {
    problems.push(
      problem(pointer(at, 'attribute'), 'This is not a JSON pointer (RFC 6901): write ~0 for ~ and ~1 for /.'),
    );
  }
  const wantsValues = clause.operator !== 'exists';
  if (wantsValues !== clause.values.length > 0) {
    const message = wantsValues ? `${clause.operator} needs at least one value.` : 'exists takes no values.';
    problems.push(problem(pointer(at, 'values'), message));
  }
  clause.values.forEach((value, index) => {
    const complaint = VALUE_CHECKS[clause.operator](value);
    if (complaint !== undefined) problems.push(problem(pointer(at, 'values', index), complaint));
  });
  return problems;
}

function problem(at: string, message: string): Problem {
  return { pointer: at, code: 'CLAUSE_UNSOUND', message };
}

type ValueCheck = (value: string | number | boolean) => string | undefined;

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
  matches: safePattern,
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

/** A pattern that could back-track without bound would stop every service that evaluates it. */
function safePattern(value: string | number | boolean): string | undefined {
  if (typeof value !== 'string' || value === '') return 'must be a regular expression';
  if (value.length > MAX_PATTERN_LENGTH) return `must be at most ${MAX_PATTERN_LENGTH} characters long`;
  try {
    new RegExp(value, 'u');
  } catch (error) {
    return `is not a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
  try {
    if (isSafePattern(value, { unicode: true, maxSteps: MAX_PATTERN_STEPS }).safe) return undefined;
  } catch {
    return 'uses something whose cost cannot be bounded; write it more simply';
  }
  return 'can back-track without bound on some texts; anchor it with ^ and avoid repeats that can match the same text twice';
}
