import type { CompiledOperator, Kind } from './clause.js';
import { isInBlock, parseAddress, parseCidr, type Address, type AddressBlock } from './cidr.js';
import { unknown, type Match } from './match.js';
import { parseDate } from './parse-date.js';
import { parseRange, parseVersion, satisfies, type Version, type VersionRange } from './semver-range.js';

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
  [
    'startsWith',
    (values) =>
      compileSimple(values, (value) => textOperator('startsWith', value, (text, part) => text.startsWith(part))),
  ],
  [
    'endsWith',
    (values) => compileSimple(values, (value) => textOperator('endsWith', value, (text, part) => text.endsWith(part))),
  ],
  [
    'contains',
    (values) => compileSimple(values, (value) => textOperator('other', value, (text, part) => text.includes(part))),
  ],
  ['matches', (values) => compileSimple(values, patternOperator)],
  [
    'lessThan',
    (values) => compileSimple(values, (value) => numberOperator('lessThan', value, (value, limit) => value < limit)),
  ],
  [
    'lessThanOrEqual',
    (values) =>
      compileSimple(values, (value) => numberOperator('lessThanOrEqual', value, (value, limit) => value <= limit)),
  ],
  [
    'greaterThan',
    (values) => compileSimple(values, (value) => numberOperator('greaterThan', value, (value, limit) => value > limit)),
  ],
  [
    'greaterThanOrEqual',
    (values) =>
      compileSimple(values, (value) => numberOperator('greaterThanOrEqual', value, (value, limit) => value >= limit)),
  ],
  ['before', (values) => compileParsed(values, asDate, asDate, (instant, limit) => instant < limit)],
  ['after', (values) => compileParsed(values, asDate, asDate, (instant, limit) => instant > limit)],
  ['semver', (values) => compileParsed(values, asVersion, asRange, satisfies)],
  ['cidr', (values) => compileParsed(values, asAddress, asBlock, isInBlock)],
]);

const NO_TEXTS: readonly string[] = [];
const UNREADABLE = unknown('A clause has a value that this SDK cannot read; correct it, or update the SDK.');

/** Stands where no operator is asked. */
export const NO_OPERATOR = operatorOf('other', () => false);

function operatorOf(
  kind: Kind,
  test: CompiledOperator['test'],
  { text = '', texts = NO_TEXTS, limit = 0 }: Partial<CompiledOperator> = {},
): CompiledOperator {
  return { kind, test, text, texts, limit };
}

/** Up to here a few comparisons are cheaper than hashing. */
const FEW = 4;

function compileIn(values: readonly unknown[]): CompiledOperator {
  const primitives = values.filter((value) => typeof value !== 'object' && !Number.isNaN(value)); // those equal nothing
  const texts = primitives.filter((value) => typeof value === 'string');
  if (texts.length < primitives.length || texts.length > FEW) {
    const members = new Set(primitives);
    return operatorOf('other', (value) => members.has(value));
  }
  const isAmong = (value: unknown): boolean => primitives.includes(value);
  const [text] = texts;
  return text !== undefined && texts.length === 1
    ? operatorOf('equalsText', isAmong, { text })
    : operatorOf('anyText', isAmong, { texts });
}

function textOperator(
  kind: Kind,
  operand: unknown,
  isMatch: (text: string, operand: string) => boolean,
): CompiledOperator | undefined {
  if (typeof operand !== 'string') return undefined;
  const test = (value: unknown): boolean => typeof value === 'string' && isMatch(value, operand);
  return operatorOf(kind, test, { text: operand });
}

function numberOperator(
  kind: Kind,
  operand: unknown,
  isMatch: (value: number, operand: number) => boolean,
): CompiledOperator | undefined {
  if (typeof operand !== 'number' || Number.isNaN(operand)) return undefined;
  const test = (value: unknown): boolean => typeof value === 'number' && isMatch(value, operand);
  return operatorOf(kind, test, { limit: operand });
}

function patternOperator(operand: unknown): CompiledOperator | undefined {
  const pattern = asPattern(operand);
  return pattern && operatorOf('other', (value) => typeof value === 'string' && pattern.test(value));
}

/** One readable value is compared with directly; several are asked one by one. */
function compileSimple(
  values: readonly unknown[],
  compileOne: (value: unknown) => CompiledOperator | undefined,
): CompiledOperator {
  const singles = values.map(compileOne).filter((single) => single !== undefined);
  const only = singles[0];
  if (only !== undefined && values.length === 1) return only;
  const otherwise: Match = singles.length === values.length ? false : UNREADABLE;
  return operatorOf('other', (value) => (singles.some(({ test }) => test(value) === true) ? true : otherwise));
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
  return operatorOf('other', (value) => {
    const subject = asSubject(value);
    if (subject === undefined) return otherwise;
    return operands.some((operand) => isMatch(subject, operand)) ? true : otherwise;
  });
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
