import { isInBlock, parseAddress, parseCidr, type Address, type AddressBlock } from './cidr.js';
import { unknown, type Match } from './match.js';
import { parseDate } from './parse-date.js';
import { parseRange, parseVersion, satisfies, type Version, type VersionRange } from './semver-range.js';

/**
 * An operator with its values, made ready. All have the same shape and are told apart by a small number, not by a
 * function each: an engine then inlines `testValue` where clauses are matched, which halves the cost of a rule.
 */
export interface CompiledOperator {
  readonly kind: Kind;
  /** What the value is compared with; an array for ANY_OF, a Set for MEMBER_OF, nothing for CUSTOM. */
  readonly operand: unknown;
  /** Asked when the kind is CUSTOM. */
  readonly test: (value: unknown) => Match;
}

const EQUALS = 0;
const ANY_OF = 1;
const MEMBER_OF = 2;
const STARTS_WITH = 3;
const ENDS_WITH = 4;
const CONTAINS = 5;
const MATCHES = 6;
const LESS_THAN = 7;
const LESS_THAN_OR_EQUAL = 8;
const GREATER_THAN = 9;
const GREATER_THAN_OR_EQUAL = 10;
const CUSTOM = 11;
type SimpleKind = 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;
type Kind = SimpleKind | 0 | 1 | 2 | 11;

/**
 * Answers whether one value of a context satisfies an operator. A value of a type that the operator does not look at
 * does not match.
 */
export function testValue(operator: CompiledOperator, value: unknown): Match {
  const { operand } = operator;
  // Each kind has an operand of its own type: see COMPILERS.
  switch (operator.kind) {
    case EQUALS:
      return value === operand;
    case ANY_OF:
      return isAnyOf(operand as readonly unknown[], value);
    case MEMBER_OF:
      return (operand as ReadonlySet<unknown>).has(value);
    case STARTS_WITH:
      return typeof value === 'string' && value.startsWith(operand as string);
    case ENDS_WITH:
      return typeof value === 'string' && value.endsWith(operand as string);
    case CONTAINS:
      return typeof value === 'string' && value.includes(operand as string);
    case MATCHES:
      return typeof value === 'string' && (operand as RegExp).test(value);
    case LESS_THAN:
      return typeof value === 'number' && value < (operand as number);
    case LESS_THAN_OR_EQUAL:
      return typeof value === 'number' && value <= (operand as number);
    case GREATER_THAN:
      return typeof value === 'number' && value > (operand as number);
    case GREATER_THAN_OR_EQUAL:
      return typeof value === 'number' && value >= (operand as number);
    case CUSTOM:
      return operator.test(value);
  }
}

function isAnyOf(operands: readonly unknown[], value: unknown): boolean {
  for (const operand of operands) if (value === operand) return true;
  return false;
}

/**
 * Compiles an operator that looks at a value of the context, with the clause's values; undefined for an operator this
 * SDK does not know. A value that the operator cannot read (an invalid pattern, range, block or date, text where a
 * number belongs) makes the answer unknown, unless another value matches.
 */
export function compileOperator(operator: string, values: readonly unknown[]): CompiledOperator | undefined {
  return COMPILERS.get(operator)?.(values);
}

type Compiler = (values: readonly unknown[]) => CompiledOperator;

const COMPILERS: ReadonlyMap<string, Compiler> = new Map<string, Compiler>([
  ['in', compileIn],
  ['startsWith', (values) => compileSimple(STARTS_WITH, values, asText)],
  ['endsWith', (values) => compileSimple(ENDS_WITH, values, asText)],
  ['contains', (values) => compileSimple(CONTAINS, values, asText)],
  ['matches', (values) => compileSimple(MATCHES, values, asPattern)],
  ['lessThan', (values) => compileSimple(LESS_THAN, values, asNumber)],
  ['lessThanOrEqual', (values) => compileSimple(LESS_THAN_OR_EQUAL, values, asNumber)],
  ['greaterThan', (values) => compileSimple(GREATER_THAN, values, asNumber)],
  ['greaterThanOrEqual', (values) => compileSimple(GREATER_THAN_OR_EQUAL, values, asNumber)],
  ['before', (values) => compileParsed(values, asDate, asDate, (instant, limit) => instant < limit)],
  ['after', (values) => compileParsed(values, asDate, asDate, (instant, limit) => instant > limit)],
  ['semver', (values) => compileParsed(values, asVersion, asRange, satisfies)],
  ['cidr', (values) => compileParsed(values, asAddress, asBlock, isInBlock)],
]);

const UNREADABLE = unknown('A clause has a value that this SDK cannot read; correct it, or update the SDK.');
const no = (): Match => false;

/** Stands where no operator is asked. */
export const NO_OPERATOR: CompiledOperator = { kind: CUSTOM, operand: undefined, test: no };

/** Up to here a few comparisons are cheaper than hashing. */
const FEW = 4;

function compileIn(values: readonly unknown[]): CompiledOperator {
  const primitives = values.filter((value) => typeof value !== 'object' && !Number.isNaN(value)); // those equal nothing
  if (primitives.length === 1) return { kind: EQUALS, operand: primitives[0], test: no };
  if (primitives.length <= FEW) return { kind: ANY_OF, operand: primitives, test: no };
  return { kind: MEMBER_OF, operand: new Set(primitives), test: no };
}

/** One readable value is compared with directly; several are asked one by one. */
function compileSimple(
  kind: SimpleKind,
  values: readonly unknown[],
  asOperand: (value: unknown) => unknown,
): CompiledOperator {
  const single = (operand: unknown): CompiledOperator => ({ kind, operand, test: no });
  const singles = values
    .map(asOperand)
    .filter((operand) => operand !== undefined)
    .map(single);
  const only = singles[0];
  if (only !== undefined && values.length === 1) return only;
  const otherwise: Match = singles.length === values.length ? false : UNREADABLE;
  const test = (value: unknown): Match => (singles.some((each) => testValue(each, value) === true) ? true : otherwise);
  return { kind: CUSTOM, operand: undefined, test };
}

/** For what must be parsed: reads the clause's values once, and the context's value once for all of them. */
function compileParsed<Subject, Operand>(
  values: readonly unknown[],
  asSubject: (value: unknown) => Subject | undefined,
  asOperand: (value: unknown) => Operand | undefined,
  isMatch: (subject: Subject, operand: Operand) => boolean,
): CompiledOperator {
  const operands = values.map(asOperand).filter((operand) => operand !== undefined);
  const otherwise: Match = operands.length === values.length ? false : UNREADABLE;
  const test = (value: unknown): Match => {
    const subject = asSubject(value);
    if (subject === undefined) return otherwise;
    return operands.some((operand) => isMatch(subject, operand)) ? true : otherwise;
  };
  return { kind: CUSTOM, operand: undefined, test };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
}

function asDate(value: unknown): number | undefined {
  const instant = parseDate(value);
  return Number.isNaN(instant) ? undefined : instant;
}

function asVersion(value: unknown): Version | undefined {
  return typeof value === 'string' ? parseVersion(value) : undefined;
}

function asRange(value: unknown): VersionRange | undefined {
  return typeof value === 'string' ? parseRange(value) : undefined;
}

function asAddress(value: unknown): Address | undefined {
  return typeof value === 'string' ? parseAddress(value) : undefined;
}

function asBlock(value: unknown): AddressBlock | undefined {
  return typeof value === 'string' ? parseCidr(value) : undefined;
}

function asPattern(value: unknown): RegExp | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return new RegExp(value, 'u');
  } catch {
    return undefined;
  }
}
