import { isSilent } from './instance.js';

/** What an object is compared as. `numbers`: typed arrays of more than bytes. `text`: its text is all there is to it. */
export type ObjectKind =
  | 'array'
  | 'object'
  | 'error'
  | 'date'
  | 'map'
  | 'set'
  | 'bytes'
  | 'numbers'
  | 'text'
  | 'boxed'
  /** Nothing of it can be read, or not all: a Promise, a Response, an instance that hides its data and says nothing. */
  | 'opaque';

/** Stands in a snapshot for what has no data to copy: a function, a symbol, a regular expression, a URL. */
export class Marker {
  constructor(
    readonly type: string,
    /** Two markers are equal when type and text are. */
    readonly text: string,
  ) {}
}

/** What tells a real one from a look-alike; each throws for the latter. */
const BRANDS: ReadonlyMap<string, readonly [ObjectKind, (value: object) => unknown]> = new Map<
  string,
  readonly [ObjectKind, (value: object) => unknown]
>([
  ['[object Date]', ['date', (value) => Date.prototype.getTime.call(value)]],
  ['[object Map]', ['map', (value) => Map.prototype.has.call(value, 0)]],
  ['[object Set]', ['set', (value) => Set.prototype.has.call(value, 0)]],
  ['[object Number]', ['boxed', (value) => Number.prototype.valueOf.call(value)]],
  ['[object String]', ['boxed', (value) => String.prototype.valueOf.call(value)]],
  ['[object Boolean]', ['boxed', (value) => Boolean.prototype.valueOf.call(value)]],
  ['[object BigInt]', ['boxed', (value) => BigInt.prototype.valueOf.call(value)]],
  ['[object Symbol]', ['boxed', (value) => Symbol.prototype.valueOf.call(value)]],
]);
/** Typed arrays that are compared number by number; other views are bytes. */
const NUMBERS: ReadonlyMap<string, new (buffer: ArrayBuffer) => ArrayBufferView> = new Map<
  string,
  new (buffer: ArrayBuffer) => ArrayBufferView
>([
  ['Int8Array', Int8Array],
  ['Int16Array', Int16Array],
  ['Uint16Array', Uint16Array],
  ['Int32Array', Int32Array],
  ['Uint32Array', Uint32Array],
  ['Float32Array', Float32Array],
  ['Float64Array', Float64Array],
  ['BigInt64Array', BigInt64Array],
  ['BigUint64Array', BigUint64Array],
]);
const BUFFERS = ['[object ArrayBuffer]', '[object SharedArrayBuffer]'];
/** Their text says all: URL, Temporal.Instant. */
const TEXTS = /^\[object (?:RegExp|URL|URLSearchParams|Temporal\.\w+)\]$/;

/** Says what an object is, of whichever realm. Throws what a proxy throws. */
export function kindOf(value: object): ObjectKind {
  if (Array.isArray(value)) return 'array';
  if (isPlain(value)) return 'object';
  if (value instanceof Marker) return 'text';
  if (value instanceof Error) return 'error';
  if (ArrayBuffer.isView(value)) return NUMBERS.has(viewTypeOf(value)) ? 'numbers' : 'bytes';
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object Error]' || hasErrorPrototype(value)) return 'error';
  if (BUFFERS.includes(tag)) return 'bytes';
  if (TEXTS.test(tag)) return 'text';
  const brand = BRANDS.get(tag);
  if (brand !== undefined && isBranded(value, brand[1])) return brand[0];
  return isSilent(value) ? 'opaque' : 'object';
}

/** Whether it is an object literal, of whichever realm. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return (
    typeof prototype === 'object' &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

/** The name of its class, empty for object literals. */
export function classNameOf(value: object): string {
  if (isPlain(value)) return '';
  try {
    const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown }; // not null: it is not plain
    const { constructor } = prototype;
    return typeof constructor === 'function' && typeof constructor.name === 'string' ? constructor.name : 'anonymous';
  } catch {
    return 'anonymous';
  }
}

/** `Float64Array`, `DataView`; a Buffer is a `Uint8Array`. */
function viewTypeOf(view: ArrayBufferView): string {
  return Object.prototype.toString.call(view).slice('[object '.length, -1);
}

/** Functions and symbols as markers, boxed values as what is in the box; the value itself otherwise. */
export function leafOf(value: unknown): unknown {
  if (typeof value === 'function') return new Marker('function', numberOf(value));
  if (typeof value === 'symbol') return new Marker('symbol', value.description ?? '');
  if (typeof value === 'object' && value !== null && kindOf(value) === 'boxed') return leafOf(value.valueOf());
  return value;
}

const functionNumbers = new WeakMap<object, string>();
let lastNumber = 0;

/** A function is equal to itself alone: what it does cannot be read. Its number is known in this process only. */
function numberOf(callable: object): string {
  const known = functionNumbers.get(callable);
  if (known !== undefined) return known;
  lastNumber += 1;
  functionNumbers.set(callable, String(lastNumber));
  return String(lastNumber);
}

/** What an object of kind `text` comes to. */
export function markerOf(value: object): Marker {
  if (value instanceof Marker) return value;
  const type = Object.prototype.toString.call(value).slice('[object '.length, -1);
  const { toString } = value as { readonly toString: () => string }; // of these kinds it says all there is
  return new Marker(type.toLowerCase(), toString.call(value));
}

/** The bytes of a buffer or of what a view shows of one; not a copy. */
export function bytesOf(value: object): Uint8Array {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return new Uint8Array(value as ArrayBufferLike); // a buffer: of kind `bytes`, and no view
}

/** A copy of a typed array; of the same type, if not of the same class. */
export function copyOfNumbers(view: ArrayBufferView): ArrayBufferView {
  const bytes = bytesOf(view).slice();
  const type = NUMBERS.get(viewTypeOf(view));
  return type === undefined ? bytes : new type(bytes.buffer);
}

/** What an error is compared by, beside its class: name, message, cause, errors, and its own data. */
export function partsOfError(error: object): Readonly<Record<string, unknown>> {
  const parts: Record<string, unknown> = { ...error };
  const read = error as Readonly<Record<string, unknown>>; // any object may be asked for any key
  for (const key of ['name', 'message']) parts[key] = read[key];
  for (const key of ['cause', 'errors']) if (Object.hasOwn(error, key)) parts[key] = read[key];
  return parts;
}

/** An error of another realm, or a snapshot of one, is known by what it inherits. */
function hasErrorPrototype(value: object): boolean {
  for (let up: unknown = Object.getPrototypeOf(value); typeof up === 'object' && up !== null;) {
    if (Object.hasOwn(up, 'message') && Object.hasOwn(up, 'name') && Object.hasOwn(up, 'toString')) return true;
    up = Object.getPrototypeOf(up);
  }
  return false;
}

function isBranded(value: object, read: (value: object) => unknown): boolean {
  try {
    read(value);
    return true;
  } catch {
    return false;
  }
}
