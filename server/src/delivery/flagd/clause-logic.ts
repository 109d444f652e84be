import type { Clause, JsonValue } from '@sluice/sdk/evaluation';
import {
  all,
  any,
  ELEMENT,
  exists,
  isList,
  isNumber,
  isOneOf,
  isText,
  type Logic,
  not,
  someElement,
} from './json-logic.js';
import type { Reporter } from './reporter.js';
import { variableOf } from './variable.js';
import { isVersionIn } from './version-logic.js';

/** Answers whether a context is a member of a segment. */
export type MemberOf = (segment: string, path: string) => Logic;

/** An operator that asks each of a clause's values about an attribute, or about any element of a list. */
interface Test {
  readonly operand: 'string' | 'number';
  /** What an element must be, or the question would fail, or be answered of a value that was made another. */
  readonly guard: Logic;
  readonly ask: (value: Logic) => Logic;
  /** flagd's own operator, which clients know outside of lists only. */
  readonly alone?: string;
}

const comparison = (operator: string): Test => ({
  operand: 'number',
  guard: isNumber(ELEMENT),
  ask: (limit) => ({ [operator]: [ELEMENT, limit] }),
});
const affix = (alone: string, from: (length: number) => number): Test => ({
  operand: 'string',
  guard: isText(ELEMENT),
  ask: (part) => {
    const { length } = typeof part === 'string' ? part : '';
    return { '===': [{ substr: [ELEMENT, from(length), length] }, part] };
  },
  alone,
});

const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['startsWith', affix('starts_with', () => 0)],
  ['endsWith', affix('ends_with', (length) => -length)],
  // To `in` nothing is part of the empty text, to us it is itself.
  ['contains', { operand: 'string', guard: isText(ELEMENT), ask: (part) => part === '' || { in: [part, ELEMENT] } }],
  ['lessThan', comparison('<')],
  ['lessThanOrEqual', comparison('<=')],
  ['greaterThan', comparison('>')],
  ['greaterThanOrEqual', comparison('>=')],
]);

const UNSAYABLE: ReadonlyMap<string, string> = new Map([
  ['matches', 'flagd has no regular expressions.'],
  ['cidr', 'flagd has no blocks of addresses.'],
  ['before', 'flagd does not read dates.'],
  ['after', 'flagd does not read dates.'],
]);
const UNREADABLE = 'A value of this clause cannot be read; correct it.';

/**
 * A clause as a condition that is true of the same contexts: over an attribute that is absent or null it is false,
 * negated or not, and over a list it asks for any element. What flagd cannot say is reported.
 */
export function clauseLogic(clause: Clause, path: string, memberOf: MemberOf, reporter: Reporter): Logic {
  const { attribute, operator, values, negate = false } = clause;
  if (operator === 'inSegment') {
    const names = values.filter((value) => typeof value === 'string');
    if (names.length < values.length) reporter.cannotSay(path, UNREADABLE);
    const isMember = any(...names.map((name) => memberOf(name, path)));
    return negate ? not(isMember) : isMember;
  }
  const variable = variableOf(attribute);
  if ('reason' in variable) reporter.cannotSay(path, variable.reason);
  const subject = 'reason' in variable ? null : variable.logic;
  if (operator === 'exists') return negate ? not(exists(subject)) : exists(subject);

  const match = matchAny(subject, clause, path, reporter);
  return negate ? all(exists(subject), not(match)) : match;
}

/** Whether the attribute, or any element of it, satisfies the operator with any of the values. */
function matchAny(subject: Logic, { operator, values }: Clause, path: string, reporter: Reporter): Logic {
  if (operator === 'in') return someElement(subject, isOneOf(ELEMENT, values.filter(isScalar)));
  if (operator === 'semver') {
    const ranges = values.filter((value) => typeof value === 'string');
    const isWithin = ranges.length < values.length ? undefined : isVersionIn(subject, ranges);
    if (isWithin === undefined) reporter.cannotSay(path, UNREADABLE);
    else reporter.cannotTell(isList(subject));
    return isWithin ?? false;
  }
  const test = TESTS.get(operator);
  if (test === undefined) {
    const reason = `The operator "${operator}" is not known to this server; update it.`;
    reporter.cannotSay(path, UNSAYABLE.get(operator) ?? reason);
    return false;
  }
  const { operand, guard, ask, alone } = test;
  const operands = values.filter((value) => typeof value === operand);
  if (operands.length < values.length) reporter.cannotSay(path, UNREADABLE);
  const ofElement = someElement(subject, all(guard, any(...operands.map(ask))));
  return alone === undefined ? ofElement : any(...operands.map((part) => ({ [alone]: [subject, part] })), ofElement);
}

/** Objects and lists equal nothing. */
function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object';
}
