import { isPlain } from './object-kind.js';

/** A larger object is written by `canonicalText`, which goes on where this stops. */
const MEMBER_LIMIT = 8;
/** A list of arguments, an object in it, and what that has in it. */
const DEPTH_LIMIT = 3;

/**
 * The `canonicalText` of a primitive, or of a small object literal or list of them; undefined of anything else. Writes
 * the common inputs in a third of the time or less, since none of it is copied. Throws what a getter throws.
 */
export function flatText(value: unknown, depth = 0): string | undefined {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      if (value === null) return 'null';
      if (depth >= DEPTH_LIMIT) return undefined;
      if (Array.isArray(value)) return listText(value, depth + 1);
      return isPlain(value) ? recordText(value, depth + 1) : undefined;
    case 'symbol':
    case 'function':
      return undefined;
  }
}

function listText(values: readonly unknown[], depth: number): string | undefined {
  if (values.length > MEMBER_LIMIT) return undefined;
  let text = '[';
  for (let i = 0; i < values.length; i += 1) {
    const element = flatText(values[i], depth);
    if (element === undefined) return undefined;
    text += i === 0 ? element : `,${element}`;
  }
  return `${text}]`;
}

function recordText(record: object, depth: number): string | undefined {
  const keys = Object.keys(record);
  if (keys.length > MEMBER_LIMIT || Object.getOwnPropertySymbols(record).length > 0) return undefined;
  sort(keys);
  let text = '{';
  for (const key of keys) {
    const member = flatText((record as Readonly<Record<string, unknown>>)[key], depth); // of its own keys
    if (member === undefined) return undefined;
    text += text === '{' ? `${quoted(key)}:${member}` : `,${quoted(key)}:${member}`;
  }
  return `${text}}`;
}

/** By insertion: of so few, most often in order already, less than half of what the platform's takes. */
function sort(keys: string[]): void {
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] ?? '';
    let at = i;
    for (let before = keys[at - 1]; before !== undefined && before > key; before = keys[at - 1]) {
      keys[at] = before;
      at -= 1;
    }
    keys[at] = key;
  }
}

function quoted(text: string): string {
  return isPlainAscii(text) ? `"${text}"` : JSON.stringify(text);
}

/** Whether JSON writes it as it is. */
function isPlainAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}
