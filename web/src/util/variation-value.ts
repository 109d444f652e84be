/** Any JSON value. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export type VariationType = 'boolean' | 'string' | 'number' | 'json';

/** A variation as it is written: its value is text until it is sent. */
export interface WrittenVariation {
  readonly key: string;
  readonly value: string;
}

/** What was written as a value, or why it is none of its type: a sentence. */
export type ReadValue =
  { readonly isRead: true; readonly value: Json } | { readonly isRead: false; readonly problem: string };

/** A value as it is written in a field. */
export function writeValue(type: VariationType, value: Json): string {
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(value, null, 2);
}

/** Reads what was written in a field. Whether it is what the flag wants is for the server to say. */
export function readValue(type: VariationType, text: string): ReadValue {
  switch (type) {
    case 'string':
      return { isRead: true, value: text };
    case 'boolean':
      return { isRead: true, value: text === 'true' };
    case 'number': {
      const value = text.trim() === '' ? NaN : Number(text);
      return Number.isFinite(value)
        ? { isRead: true, value }
        : { isRead: false, problem: 'Write a number, such as 2.5.' };
    }
    case 'json':
      return readJson(text);
  }
}

/** What new variations of a type are until somebody writes others. */
export function firstVariations(type: VariationType): readonly WrittenVariation[] {
  switch (type) {
    case 'boolean':
      return [
        { key: 'on', value: 'true' },
        { key: 'off', value: 'false' },
      ];
    case 'json':
      return [
        { key: 'new', value: '{}' },
        { key: 'old', value: '{}' },
      ];
    default:
      return [
        { key: 'new', value: '' },
        { key: 'old', value: '' },
      ];
  }
}

/** The beginning of a value in one line, at most so many characters of it. */
export function previewValue(value: Json, length: number): string {
  const text = JSON.stringify(value);
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** The size of a value as JSON: `14 B`, `3.2 kB`, `1.1 MB`. */
export function sizeOfValue(value: Json): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${size.toFixed(1)} ${unit}`;
}

function readJson(text: string): ReadValue {
  try {
    // JSON.parse makes nothing else.
    return { isRead: true, value: JSON.parse(text) as Json };
  } catch (error) {
    return { isRead: false, problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
