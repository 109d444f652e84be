import { parseDate } from '../evaluation/parse-date.js';
import { deltaOf } from './numeric-delta.js';
import { kindOf } from './object-kind.js';
import { valueClass } from './value-class.js';

/**
 * The words of a transition that are not `a→b` of two value classes, each with what it says. Closed: no part of a value
 * is ever in a transition. The first that holds is taken, in this order.
 */
export const TRANSITIONS = {
  // Of numbers.
  sign: 'the same magnitude with the other sign',
  '+1': 'one more; of sizes, one element more',
  '−1': 'one less; of sizes, one element less',
  ulp: 'at most 4 doubles apart',
  scale: 'a power of ten apart',
  rounding:
    'less than one unit apart in the last place of the one with fewer decimals, or one unit when both have as many',
  // Of texts and dates.
  case: 'equal but for upper and lower case',
  whitespace: 'equal but for white space',
  unicode: 'equal in normal form C',
  digits: 'the same number, written differently',
  notation: 'the same instant, written differently',
  time: 'two instants',
  uuid: 'two UUIDs',
  truncated: 'one is the beginning of the other',
  // Of wholes.
  class: 'objects or errors of different classes',
  moved: 'the same elements in another order',
  more: 'more elements',
  fewer: 'fewer elements',
  message: 'errors of one class with different messages',
} as const;

const ULP_LIMIT = 4;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DECIMAL = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i;
/** Longer texts are told apart, but not looked into. */
const TEXT_LIMIT = 100_000;

/** Names what leads from one value to another, unequal one. */
export function transitionOf(control: unknown, candidate: unknown): string {
  return wordFor(control, candidate) ?? `${valueClass(control)}→${valueClass(candidate)}`;
}

/** Names what leads from one number of elements to another. */
export function sizeTransition(control: number, candidate: number): string {
  if (Math.abs(candidate - control) === 1) return candidate > control ? '+1' : '−1';
  return candidate > control ? 'more' : 'fewer';
}

function wordFor(control: unknown, candidate: unknown): keyof typeof TRANSITIONS | undefined {
  if (typeof control === 'number' && typeof candidate === 'number') return numberWord(control, candidate);
  if (typeof control === 'bigint' && typeof candidate === 'bigint') return bigintWord(control, candidate);
  if (typeof control === 'string' && typeof candidate === 'string') return textWord(control, candidate);
  return isInstant(control) && isInstant(candidate) ? instantWord(control, candidate) : undefined;
}

function numberWord(a: number, b: number): keyof typeof TRANSITIONS | undefined {
  const delta = deltaOf(a, b);
  if (delta === undefined) return a === -b ? 'sign' : undefined;
  if (a === -b) return 'sign';
  if (b - a === 1 && a !== b) return '+1';
  if (a - b === 1) return '−1';
  if (delta.ulps <= ULP_LIMIT) return 'ulp';
  if (isScaled(a, b)) return 'scale';
  return isRounded(a, b, delta.absolute) ? 'rounding' : undefined;
}

function isScaled(a: number, b: number): boolean {
  if (a === 0 || b === 0 || a > 0 !== b > 0) return false;
  const [small, large] = Math.abs(a) < Math.abs(b) ? [a, b] : [b, a];
  const power = Math.round(Math.log10(large / small));
  return power > 0 && power < 308 && (deltaOf(small * 10 ** power, large)?.ulps ?? Infinity) <= ULP_LIMIT;
}

function isRounded(a: number, b: number, apart: number): boolean {
  const [decimalsA, decimalsB] = [decimalsOf(a), decimalsOf(b)];
  const unit = 10 ** -Math.min(decimalsA, decimalsB);
  if (decimalsA !== decimalsB) return apart < unit;
  const noise = Math.max(Math.abs(a), Math.abs(b)) * Number.EPSILON * ULP_LIMIT;
  return decimalsA > 0 && apart <= unit + noise;
}

/** How many decimals the shortest text of a number shows. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const shown = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
  return Math.max(0, shown - Number(exponent));
}

function bigintWord(a: bigint, b: bigint): keyof typeof TRANSITIONS | undefined {
  if (a === -b) return 'sign';
  if (b - a === 1n) return '+1';
  return a - b === 1n ? '−1' : undefined;
}

function textWord(a: string, b: string): keyof typeof TRANSITIONS | undefined {
  if (a === '' || b === '' || a.length > TEXT_LIMIT || b.length > TEXT_LIMIT) return undefined;
  if (foldCase(a) === foldCase(b)) return 'case';
  if (withoutSpace(a) === withoutSpace(b)) return 'whitespace';
  if (a.normalize('NFC') === b.normalize('NFC')) return 'unicode';
  if (DECIMAL.test(a) && DECIMAL.test(b) && Number(a) === Number(b)) return 'digits';
  if (isInstant(a) && isInstant(b)) return instantWord(a, b);
  if (UUID.test(a) && UUID.test(b)) return 'uuid';
  return a.startsWith(b) || b.startsWith(a) ? 'truncated' : undefined;
}

function instantWord(a: unknown, b: unknown): 'notation' | 'time' {
  return instantOf(a) === instantOf(b) ? 'notation' : 'time';
}

/** A date, or a text that is an RFC 3339 instant: what the `date` rule is about. */
function isInstant(value: unknown): boolean {
  return !Number.isNaN(instantOf(value));
}

/** Milliseconds since 1970 of a Date of any realm or an RFC 3339 text; NaN for any other value. */
export function instantOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? parseDate(value) : NaN;
  return kindOf(value) === 'date' ? Date.prototype.getTime.call(value) : NaN;
}

/** A text such that two texts are equal but for their case when theirs are. Some letters meet only in upper case. */
export function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase();
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
