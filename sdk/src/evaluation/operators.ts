import { isInBlock, parseAddress, parseCidr, type Address, type AddressBlock } from './cidr.js';
import { unknown, type Match } from './match.js';
import { parseDate } from './parse-date.js';
import { parseRange, parseVersion, satisfies, type Version, type VersionRange } from './semver-range.js';

/**
 * An operator with its values, made ready. All have the same shape and most are told apart by `kind`, not by a function
 * each: the engine then inlines `testValue` where clauses are matched, which halves the cost of a rule.
 */
export interface CompiledOperator {
  readonly kind: Kind;
  /** What the value is compared with; an array for `anyOf`, a Set for `memberOf`, nothing for `test`. */
  readonly operand: unknown;
  /** Asked when `kind` is `test`. */
  readonly test: (value: unknown) => Match;
}

type Kind = SimpleKind | 'equals' | 'anyOf' | 'memberOf' | 'test';
type SimpleKind =
  | 'startsWith'
  | 'endsWith'
  | 'contains'
  | 'matches'
  | 'lessThan'
  | 'lessThanOrEqual'
  | 'greaterThan'
  | 'greaterThanOrEqual';

/**
 * Answers whether one value of a context satisfies an operator. A value of a type that the operator does not look at
 * does not match.
 */
export function testValue({ kind, operand, test }: CompiledOperator, value: unknown): Match {
  if (kind === 'equals') return value === operand;
  if (typeof value === 'string') {
    // Each kind has an operand of its own type, see OPERANDS and compileIn.
    switch (kind) {
      case 'anyOf':
        return isAnyOf(operand as readonly unknown[], value);
      case 'memberOf':
        return (operand as ReadonlySet<unknown>).has(value);
      case 'startsWith':
        return value.startsWith(operand as string);
      case 'endsWith':
        return value.endsWith(operand as string);
      case 'contains':
        return value.includes(operand as string);
      case 'matches':
        return (operand as RegExp).test(value);
      default:
        return test(value);
    }
  }
  switch (kind) {
    case 'anyOf':
      return isAnyOf(operand as readonly unknown[], value);
    case 'memberOf':
      return (operand as ReadonlySet<unknown>).has(value);
    case 'lessThan':
      return typeof value === 'number' && value < (operand as number);
    case 'lessThanOrEqual':
      return typeof value === 'number' && value <= (operand as number);
    case 'greaterThan':
      return typeof value === 'number' && value > (operand as number);
    case 'greaterThanOrEqual':
      return typeof value === 'number' && value >= (operand as number);
    default:
      return test(value);
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
  ['startsWith', (values) => compileSimple('startsWith', values, asText)],
  ['endsWith', (values) => compileSimple('endsWith', values, asText)],
  ['contains', (values) => compileSimple('contains', values, asText)],
  ['matches', (values) => compileSimple('matches', values, asPattern)],
  ['lessThan', (values) => compileSimple('lessThan', values, asNumber)],
  ['lessThanOrEqual', (values) => compileSimple('lessThanOrEqual', values, asNumber)],
  ['greaterThan', (values) => compileSimple('greaterThan', values, asNumber)],
  ['greaterThanOrEqual', (values) => compileSimple('greaterThanOrEqual', values, asNumber)],
  ['before', (values) => compileParsed(values, asDate, asDate, (instant, limit) => instant < limit)],
  ['after', (values) => compileParsed(values, asDate, asDate, (instant, limit) => instant > limit)],
  ['semver', (values) => compileParsed(values, asVersion, asRange, satisfies)],
  ['cidr', (values) => compileParsed(values, asAddress, asBlock, isInBlock)],
]);

const UNREADABLE = unknown('A clause has a value that this SDK cannot read; correct it, or update the SDK.');
const no = (): Match => false;

/** Stands where no operator is asked. */
export const NO_OPERATOR: CompiledOperator = { kind: 'test', operand: undefined, test: no };

/** Up to here a few comparisons are cheaper than hashing. */
const FEW = 4;

function compileIn(values: readonly unknown[]): CompiledOperator {
  const primitives = values.filter((value) => typeof value !== 'object' && !Number.isNaN(value)); // those equal nothing
  if (primitives.length === 1) return { kind: 'equals', operand: primitives[0], test: no };
  if (primitives.length <= FEW) return { kind: 'anyOf', operand: primitives, test: no };
  return { kind: 'memberOf', operand: new Set(primitives), test: no };
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
  return { kind: 'test', operand: undefined, test };
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
  return { kind: 'test', operand: undefined, test };
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
