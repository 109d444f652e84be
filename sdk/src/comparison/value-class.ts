import { kindOf, leafOf, Marker } from './object-kind.js';

/** Classes of values: nothing of the value itself is in them but null, undefined, true, false, 0, NaN and emptiness. */
export const VALUE_CLASSES = [
  'null',
  'undefined',
  'true',
  'false',
  '0',
  'number',
  'NaN',
  'infinity',
  'bigint',
  'empty',
  'text',
  'date',
  '[]',
  'array',
  'object',
  'map',
  'set',
  'bytes',
  'numbers',
  'error',
  'function',
  'symbol',
  'opaque',
] as const;
export type ValueClass = (typeof VALUE_CLASSES)[number];

/** Says of which class a value is. Throws what a proxy throws. */
export function valueClass(value: unknown): ValueClass {
  const leaf = leafOf(value);
  switch (typeof leaf) {
    case 'undefined':
      return 'undefined';
    case 'boolean':
      return leaf ? 'true' : 'false';
    case 'number':
      return numberClass(leaf);
    case 'bigint':
      return 'bigint';
    case 'string':
      return leaf === '' ? 'empty' : 'text';
    case 'object':
      return leaf === null ? 'null' : objectClass(leaf);
    case 'symbol':
      return 'symbol';
    case 'function':
      return 'function';
  }
}

function numberClass(value: number): ValueClass {
  if (value === 0) return '0';
  if (Number.isFinite(value)) return 'number';
  return Number.isNaN(value) ? 'NaN' : 'infinity';
}

function objectClass(value: object): ValueClass {
  const kind = kindOf(value);
  switch (kind) {
    case 'array':
      return (value as readonly unknown[]).length === 0 ? '[]' : 'array'; // as its kind says
    case 'text':
      if (!(value instanceof Marker)) return 'text';
      return value.type === 'function' || value.type === 'symbol' ? value.type : 'text';
    case 'boxed':
      return 'object'; // leafOf has opened it, so never
    case 'object':
    case 'error':
    case 'date':
    case 'map':
    case 'set':
    case 'bytes':
    case 'numbers':
    case 'opaque':
      return kind;
  }
}
