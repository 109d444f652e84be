/** A value that clauses compare with. Texts, numbers and booleans are never equal to one another. */
export type Scalar = string | number | boolean;

/** A condition on a context: Clause of OpenAPI. */
export interface Clause {
  readonly attribute: string;
  readonly operator: string;
  readonly values: readonly Scalar[];
  readonly negate: boolean;
}

/** What the values of a clause are, and with it how they are read from what is typed. */
export type ValueKind = 'any' | 'text' | 'pattern' | 'number' | 'date' | 'range' | 'block' | 'segment' | 'none';

/** In the order in which they are offered. */
const KINDS = {
  in: 'any',
  startsWith: 'text',
  endsWith: 'text',
  contains: 'text',
  matches: 'pattern',
  lessThan: 'number',
  lessThanOrEqual: 'number',
  greaterThan: 'number',
  greaterThanOrEqual: 'number',
  before: 'date',
  after: 'date',
  semver: 'range',
  cidr: 'block',
  exists: 'none',
  inSegment: 'segment',
} as const satisfies Readonly<Record<string, ValueKind>>;

export type KnownOperator = keyof typeof KINDS;

// The names of the record above.
export const OPERATORS = Object.keys(KINDS) as readonly KnownOperator[];

/** What the values of an operator are; of one that is not known, anything. */
export function kindOf(operator: string): ValueKind {
  return (KINDS as Readonly<Record<string, ValueKind>>)[operator] ?? 'any';
}

/** What a value that is typed stands for, where the operator takes any. */
export type TypedAs = 'text' | 'number' | 'boolean';

/** A clause as one begins it. */
export const NEW_CLAUSE: Clause = { attribute: '', operator: 'in', values: [], negate: false };

/** The clause with another operator: values that it cannot compare with go, and so does an attribute it does not look at. */
export function withOperator(clause: Clause, operator: KnownOperator): Clause {
  const [from, to] = [kindOf(clause.operator), kindOf(operator)];
  const values =
    from === to ? clause.values : from === 'segment' ? [] : clause.values.filter((value) => fits(value, to));
  return { ...clause, operator, values, attribute: to === 'segment' ? '' : clause.attribute };
}

function fits(value: Scalar, kind: ValueKind): boolean {
  switch (kind) {
    case 'none':
    case 'segment':
      return false;
    case 'any':
      return true;
    case 'number':
      return typeof value === 'number';
    default:
      return typeof value === 'string';
  }
}

/** What was read of a typed or pasted text. */
export interface ReadValues {
  readonly values: readonly Scalar[];
  /** The first piece that could not be read; undefined where all could. */
  readonly unread: string | undefined;
}

/** Reads values as the operator compares with them. */
export function readValues(text: string, operator: string, typedAs: TypedAs = 'text'): ReadValues {
  const kind = kindOf(operator);
  const pieces = splitValues(text, kind === 'pattern' || kind === 'text' || kind === 'range' ? /[\n\t]/u : undefined);
  const as = kind === 'number' ? 'number' : kind === 'any' ? typedAs : 'text';
  const read = pieces.map((piece) => readAs(piece, as));
  return {
    values: [...new Set(read.filter((value) => value !== undefined))],
    unread: pieces.find((_piece, index) => read[index] === undefined),
  };
}

function readAs(piece: string, as: TypedAs): Scalar | undefined {
  if (as === 'text') return piece;
  if (as === 'boolean') return piece === 'true' ? true : piece === 'false' ? false : undefined;
  const number = Number(piece);
  return Number.isFinite(number) ? number : undefined;
}

/** The pieces of a list that was typed or pasted: one to a line, or with commas between where it is one line. */
export function splitValues(
  text: string,
  separator = /[\n\t]/u.test(text.trim()) ? /[\n\t]/u : /,/u,
): readonly string[] {
  const pieces = text.split(separator).map((piece) => piece.trim());
  return [...new Set(pieces.filter((piece) => piece !== ''))];
}

/** A value so that its type is seen: a text that could be taken for another is in quotes. */
export function formatValue(value: Scalar): string {
  if (typeof value !== 'string') return String(value);
  return /^(?:true|false|-?\d+(?:\.\d+)?)$/u.test(value) ? `"${value}"` : value;
}
