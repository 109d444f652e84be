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
  ['startsWith', (values) => anyOf(values, asText, asText, (text, start) => text.startsWith(start))],
  ['endsWith', (values) => anyOf(values, asText, asText, (text, end) => text.endsWith(end))],
  ['contains', (values) => anyOf(values, asText, asText, (text, part) => text.includes(part))],
  ['matches', (values) => anyOf(values, asText, asPattern, (text, pattern) => pattern.test(text))],
  ['lessThan', (values) => anyOf(values, asNumber, asNumber, (number, limit) => number < limit)],
  ['lessThanOrEqual', (values) => anyOf(values, asNumber, asNumber, (number, limit) => number <= limit)],
  ['greaterThan', (values) => anyOf(values, asNumber, asNumber, (number, limit) => number > limit)],
  ['greaterThanOrEqual', (values) => anyOf(values, asNumber, asNumber, (number, limit) => number >= limit)],
  ['before', (values) => anyOf(values, asDate, asDate, (instant, limit) => instant < limit)],
  ['after', (values) => anyOf(values, asDate, asDate, (instant, limit) => instant > limit)],
  ['semver', (values) => anyOf(values, asVersion, asRange, satisfies)],
  ['cidr', (values) => anyOf(values, asAddress, asBlock, isInBlock)],
]);

const UNREADABLE = unknown('A clause has a value that this SDK cannot read; correct it, or update the SDK.');

function compileIn(values: readonly unknown[]): Test {
  const primitives = values.filter((value) => typeof value !== 'object' && !Number.isNaN(value)); // those equal nothing
  const only = primitives[0];
  if (primitives.length === 1) return (value) => value === only;
  const set = new Set(primitives);
  return (value) => set.has(value);
}

/** Reads the clause's values once, and the context's value once per test. */
function anyOf<Subject, Operand>(
  values: readonly unknown[],
  asSubject: (value: unknown) => Subject | undefined,
  asOperand: (value: unknown) => Operand | undefined,
  test: (subject: Subject, operand: Operand) => boolean,
): Test {
  const operands = values.map(asOperand).filter((operand) => operand !== undefined);
  const otherwise: Match = operands.length === values.length ? false : UNREADABLE;
  const only = operands[0];
  if (only !== undefined && values.length === 1) {
    return (value) => {
      const subject = asSubject(value);
      return subject !== undefined && test(subject, only);
    };
  }
  return (value) => {
    const subject = asSubject(value);
    if (subject === undefined) return otherwise;
    for (const operand of operands) if (test(subject, operand)) return true;
    return otherwise;
  };
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
