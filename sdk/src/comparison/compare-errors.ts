import { compareValues } from './compare-values.js';
import { NO_RULES } from './compile-rules.js';
import type { Difference } from './difference.js';
import { classNameOf, kindOf } from './object-kind.js';
import { valueClass } from './value-class.js';

/** Names of classes that say what happened and nothing of the data; of all others a transition says `error`. */
export const NAMED_ERRORS = [
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'URIError',
  'EvalError',
  'AggregateError',
  'AbortError',
  'TimeoutError',
] as const;

/**
 * Compares what both arms threw: errors by class name and message, anything else by structure. At most one difference,
 * at `$`. Never throws: what cannot be read is equal to itself alone.
 */
export function compareErrors(control: unknown, candidate: unknown): readonly Difference[] {
  if (Object.is(control, candidate)) return [];
  try {
    const transition = errorTransition(control, candidate);
    if (transition === undefined) return [];
    return [difference(transition, textOfThrown(control), textOfThrown(candidate))];
  } catch {
    return [difference('error→error', undefined, undefined)];
  }
}

/** Tells that one arm alone threw. Never throws. */
export function differenceOfThrow(thrower: 'control' | 'candidate', thrown: unknown): Difference {
  const [word, text] = [wordOf(thrown), readOr(() => textOfThrown(thrown), undefined)];
  return thrower === 'control'
    ? difference(`${word}→value`, text, undefined)
    : difference(`value→${word}`, undefined, text);
}

function errorTransition(control: unknown, candidate: unknown): string | undefined {
  if (!isError(control) || !isError(candidate)) {
    const { kept, isCut } = compareValues(control, candidate, NO_RULES);
    return kept.length > 0 || isCut ? `${wordOf(control)}→${wordOf(candidate)}` : undefined;
  }
  if (nameOf(control) !== nameOf(candidate)) {
    const words = [wordOf(control), wordOf(candidate)] as const;
    return words[0] === words[1] ? 'class' : words.join('→');
  }
  return messageOf(control) === messageOf(candidate) ? undefined : 'message';
}

function wordOf(thrown: unknown): string {
  return readOr(() => {
    if (!isError(thrown)) return valueClass(thrown);
    const { name } = thrown as { readonly name?: unknown }; // any object may be asked for any key
    return NAMED_ERRORS.find((known) => known === name) ?? 'error';
  }, 'error');
}

function isError(thrown: unknown): thrown is object {
  return typeof thrown === 'object' && thrown !== null && kindOf(thrown) === 'error';
}

function nameOf(error: object): string {
  return `${classNameOf(error)} ${textOf(error, 'name')}`;
}

function messageOf(error: object): string {
  return textOf(error, 'message');
}

function textOf(error: object, key: string): string {
  const value = (error as Readonly<Record<string, unknown>>)[key]; // any object may be asked for any key
  return typeof value === 'string' ? value : '';
}

function textOfThrown(thrown: unknown): unknown {
  return isError(thrown) ? `${nameOf(thrown)}: ${messageOf(thrown)}` : thrown;
}

function difference(transition: string, control: unknown, candidate: unknown): Difference {
  return { path: '$', kind: 'error', transition, control, candidate };
}

function readOr<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
