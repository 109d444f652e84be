import { isInBlock, parseAddress, parseCidr, type Address, type AddressBlock } from './cidr.js';
import { unknown, type Match } from './match.js';
import { parseDate } from './parse-date.js';
import { parseRange, parseVersion, satisfies, type Version, type VersionRange } from './semver-range.js';

/** Answers whether one value of a context satisfies a clause's operator and values. */
export type Test = (value: unknown) => Match;

/**
 * Compiles an operator that looks at a value of the context, with the clause's values, into a test; undefined for an
 * operator this SDK does not know. A value that the operator cannot read (an invalid pattern, range, block or date,
 * text where a number belongs) makes the answer unknown, unless another value matches. A context value of a type
 * that the operator does not look at does not match.
 */
export function compileOperator(operator: string, values: readonly unknown[]): Test | undefined {
  return COMPILERS.get(operator)?.(values);
}

type Compiler = (values: readonly unknown[]) => Test;

const COMPILERS: ReadonlyMap<string, Compiler> = new Map<string, Compiler>([
  ['in', compileIn],
  ['startsWith', (values) => anyTest(values, asText, (start) => (value) => isText(value) && value.startsWith(start))],
  ['endsWith', (values) => anyTest(values, asText, (end) => (value) => isText(value) && value.endsWith(end))],
  ['contains', (values) => anyTest(values, asText, (part) => (value) => isText(value) && value.includes(part))],
  ['matches', (values) => anyTest(values, asPattern, (pattern) => (value) => isText(value) && pattern.test(value))],
  ['lessThan', (values) => anyTest(values, asNumber, (limit) => (value) => isNumber(value) && value < limit)],
  ['lessThanOrEqual', (values) => anyTest(values, asNumber, (limit) => (value) => isNumber(value) && value <= limit)],
  ['greaterThan', (values) => anyTest(values, asNumber, (limit) => (value) => isNumber(value) && value > limit)],
  [
    'greaterThanOrEqual',
    (values) => anyTest(values, asNumber, (limit) => (value) => isNumber(value) && value >= limit),
  ],
  ['before', (values) => anyOf(values, asDate, asDate, (instant, limit) => instant < limit)],
  ['after', (values) => anyOf(values, asDate, asDate, (instant, limit) => instant > limit)],
  ['semver', (values) => anyOf(values, asVersion, asRange, satisfies)],
  ['cidr', (values) => anyOf(values, asAddress, asBlock, isInBlock)],
]);

const UNREADABLE = unknown('A clause has a value that this SDK cannot read; correct it, or update the SDK.');

/** Up to here a few comparisons are cheaper than hashing. */
const FEW = 4;

function compileIn(values: readonly unknown[]): Test {
  const primitives = values.filter((value) => typeof value !== 'object' && !Number.isNaN(value)); // those equal nothing
  const only = primitives[0];
  if (primitives.length === 1) return (value) => value === only;
  if (primitives.length <= FEW) {
    return (value) => {
      for (const primitive of primitives) if (value === primitive) return true;
      return false;
    };
  }
  const set = new Set(primitives);
  return (value) => set.has(value);
}

/** Makes one test per value of the clause; where there is only one, it is the answer. */
function anyTest<Operand>(
  values: readonly unknown[],
  asOperand: (value: unknown) => Operand | undefined,
  testOf: (operand: Operand) => Test,
): Test {
  const tests = values
    .map(asOperand)
    .filter((operand) => operand !== undefined)
    .map(testOf);
  const otherwise: Match = tests.length === values.length ? false : UNREADABLE;
  const only = tests[0];
  if (only !== undefined && values.length === 1) return only;
  return (value) => {
    for (const test of tests) if (test(value) === true) return true;
    return otherwise;
  };
}

/** For what must be parsed: reads the clause's values once, and the context's value once for all of them. */
function anyOf<Subject, Operand>(
  values: readonly unknown[],
  asSubject: (value: unknown) => Subject | undefined,
  asOperand: (value: unknown) => Operand | undefined,
  test: (subject: Subject, operand: Operand) => boolean,
): Test {
  const operands = values.map(asOperand).filter((operand) => operand !== undefined);
  const otherwise: Match = operands.length === values.length ? false : UNREADABLE;
  return (value) => {
    const subject = asSubject(value);
    if (subject === undefined) return otherwise;
    for (const operand of operands) if (test(subject, operand)) return true;
    return otherwise;
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'; // NaN compares false
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
