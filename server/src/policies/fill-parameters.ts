import { pointer } from '../kernel/errors.js';

const PLACEHOLDER = /\{\{\s*([\w-]+)\s*\}\}/gu;

/** Every `{{name}}` in the texts of a value, and where it stands. */
export function* placeholdersIn(
  value: unknown,
  at: string,
): Iterable<{ readonly name: string; readonly pointer: string }> {
  if (typeof value === 'string') {
    for (const [, name = ''] of value.matchAll(PLACEHOLDER)) yield { name, pointer: at };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* placeholdersIn(inner, pointer(at, key));
  }
}
