import { murmur3 } from '../evaluation/murmur3.js';
import { inputText } from './canonical-text.js';
import { flatText } from './flat-text.js';
import { saidOf } from './instance.js';
import { bytesOf, isPlain, kindOf, leafOf, markerOf, partsOfError } from './object-kind.js';
import { DICTIONARY_SIZE, isDataKey } from './path.js';
import { digestOf } from './signature.js';
import { takeSnapshot } from './snapshot.js';
import { valueClass } from './value-class.js';

const SEED = 0x5ba9e003;

/**
 * Hashes the structure of an input to an unsigned 32-bit integer: which members it has and of which class each is,
 * lists as none, one or many, keys that are data as one. Two inputs of one shape take much the same way through code.
 * 0 for an input that cannot be read.
 */
export function shapeOf(input: unknown): number {
  try {
    return murmur3(shapeText(takeSnapshot(input)), SEED);
  } catch {
    return 0;
  }
}

/**
 * Digests an input to 16 hexadecimal digits: equal inputs have the same, whatever functions are in them. Empty for one that cannot be read. Keeps
 * nothing secret: who knows all possible inputs can tell which it was.
 */
export function fingerprintOf(input: unknown): string {
  try {
    return digestOf(flatText(input) ?? inputText(takeSnapshot(input)));
  } catch {
    return '';
  }
}

/** Of a snapshot; what contains itself is told once. */
function shapeText(value: unknown, ancestors: readonly object[] = []): string {
  const leaf = leafOf(value);
  if (typeof leaf === 'boolean') return 'boolean';
  if (typeof leaf === 'number' && leaf < 0 && Number.isFinite(leaf)) return 'negative';
  if (typeof leaf !== 'object' || leaf === null) return valueClass(leaf);
  if (ancestors.includes(leaf)) return '^';
  return objectShape(leaf, [...ancestors, leaf]);
}

function objectShape(value: object, ancestors: readonly object[]): string {
  const kind = kindOf(value);
  switch (kind) {
    case 'array':
      return `[${manyOf(value as readonly unknown[], ancestors)}]`; // as its kind says, here and below
    case 'set':
      return `set[${manyOf([...(value as ReadonlySet<unknown>)], ancestors)}]`;
    case 'map':
      return `map[${manyOf([...(value as ReadonlyMap<unknown, unknown>).values()], ancestors)}]`;
    case 'object':
      return `${saidShape(value, ancestors)}${recordShape(Object.entries(value), ancestors)}`;
    case 'error':
      return `error${recordShape(Object.entries(partsOfError(value)), ancestors)}`;
    case 'bytes':
    case 'numbers':
      return `${kind} ${bytesOf(value).length === 0 ? '0' : 'many'}`;
    case 'text':
      return markerOf(value).type;
    case 'date':
    case 'boxed':
    case 'opaque':
      return kind;
  }
}

function saidShape(value: object, ancestors: readonly object[]): string {
  const said = isPlain(value) ? undefined : saidOf(value);
  return said === undefined ? '' : `(${shapeText(said, ancestors)})`;
}

function manyOf(values: readonly unknown[], ancestors: readonly object[]): string {
  const shapes = [...new Set(values.map((value) => shapeText(value, ancestors)))].sort();
  return values.length > 1 ? `many ${shapes.join('|')}` : shapes.join('');
}

function recordShape(
  entries: readonly (readonly [key: string, value: unknown])[],
  ancestors: readonly object[],
): string {
  const isDictionary = entries.length > DICTIONARY_SIZE;
  const members = entries.map(([key, value]) => {
    const name = isDictionary || isDataKey(key) ? '*' : JSON.stringify(key);
    return `${name}:${shapeText(value, ancestors)}`;
  });
  return `{${[...new Set(members)].sort().join()}}`;
}
