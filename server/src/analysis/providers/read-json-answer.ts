import type { Json } from '../../kernel/json.js';
import { decimalNumber } from './decimal-number.js';
import { valuesAt } from './json-path.js';
import { failure, nothing, type ReadAnswer } from './metric-answer.js';
import { shownText } from './shown-text.js';

export interface JsonReply {
  readonly body: string;
  /** When the answer was given, by our clock. */
  readonly at: Date;
}

/** Reads the number at a path of a JSON body. `asked` is the text that says what was asked. Never throws. */
export function readJsonAnswer(asked: string, path: string, { body, at }: JsonReply): ReadAnswer {
  let found: readonly unknown[];
  try {
    // JSON.parse makes nothing but JSON.
    found = valuesAt(path, JSON.parse(body) as Json, 2);
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is no JSON' : `cannot be searched (${shownText(String(error), 80)})`;
    return failure(asked, 'ANSWER_MALFORMED', `The answer ${why}: "${shownText(body, 80)}".`);
  }
  const [value, ...others] = found;
  if (found.length === 0) return nothing(asked, `The answer has nothing at ${path}.`);
  if (others.length > 0) {
    return failure(asked, 'QUERY_NOT_ONE_MATCH', `The path ${path} must match one value and matches several.`);
  }
  if (value === null) return nothing(asked, `The value at ${path} is null.`);
  const number = typeof value === 'string' ? decimalNumber(value.trim()) : value;
  if (typeof number !== 'number') {
    const reason = `The value at ${path} must be a number, or text that is one; it is ${described(value)}.`;
    return failure(asked, 'QUERY_TYPE_WRONG', reason);
  }
  if (!Number.isFinite(number)) return nothing(asked, `The value at ${path} is ${number}.`);
  return { kind: 'series', points: [{ at, value: number }], labels: {}, query: asked, warnings: [] };
}

function described(value: unknown): string {
  if (typeof value === 'string') return `the text "${shownText(value, 60)}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'boolean' ? `${value}, a boolean` : 'an object';
}
