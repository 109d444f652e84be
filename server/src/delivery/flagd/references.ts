import type { Logic } from './json-logic.js';

const meanings = new WeakMap<object, Logic>();

/**
 * A condition by its name among the document's `$evaluators`, or as it is where it cannot be one: clients put evaluators
 * in place of references as text, some by patterns in which `$` has a meaning of its own. A meaning holds no reference,
 * for not every client follows one within another.
 */
export function refer(name: string, meaning: Logic): Logic {
  if (typeof meaning !== 'object' || meaning === null) return meaning;
  if (!/^[\w.-]+$/u.test(name) || extentOf(meaning).hasDollar) return meaning;
  const reference = { $ref: name };
  meanings.set(reference, meaning);
  return reference;
}

/** How long a condition, or anything else that is JSON, is as a text, and what it refers to. */
export interface Extent {
  /** In UTF-8. */
  readonly bytes: number;
  /** The same with what references stand for in their places, as clients have it. */
  readonly bytesInFull: number;
  readonly hasDollar: boolean;
  /** What names stand for. */
  readonly references: ReadonlyMap<string, Logic>;
}

const extents = new WeakMap<object, Extent>();
const NO_REFERENCES: ReadonlyMap<string, Logic> = new Map();

/** Found once for each part, however often it stands in others: as a text those may be too long to be made. */
export function extentOf(json: Logic): Extent {
  if (typeof json !== 'object' || json === null) return extentOfScalar(json);
  const known = extents.get(json);
  if (known !== undefined) return known;
  const made = meanings.has(json) ? extentOfReference(json) : extentOfAll(json);
  extents.set(json, made);
  return made;
}

function extentOfScalar(scalar: Logic): Extent {
  const text = JSON.stringify(scalar);
  const bytes = bytesOf(text);
  return { bytes, bytesInFull: bytes, hasDollar: text.includes('$'), references: NO_REFERENCES };
}

function extentOfReference(reference: object): Extent {
  const [name = ''] = Object.values(reference) as string[]; // safe: made above
  const meaning = meanings.get(reference) ?? null;
  const { bytes } = extentOfScalar(name);
  const inFull = extentOf(meaning).bytes;
  return {
    bytes: bytes + '{"$ref":}'.length,
    bytesInFull: inFull,
    hasDollar: true,
    references: new Map([[name, meaning]]),
  };
}

function extentOfAll(parts: object): Extent {
  const isList = Array.isArray(parts);
  const entries = Object.entries(parts) as [string, Logic][]; // safe: of JSON
  const commas = Math.max(0, entries.length - 1);
  let [bytes, bytesInFull] = [2 + commas, 2 + commas];
  let hasDollar = false;
  let references = NO_REFERENCES;
  for (const [key, part] of entries) {
    const extent = extentOf(part);
    const keyBytes = isList ? 0 : bytesOf(JSON.stringify(key)) + 1;
    bytes += keyBytes + extent.bytes;
    bytesInFull += keyBytes + extent.bytesInFull;
    hasDollar ||= extent.hasDollar || (!isList && key.includes('$'));
    references = joined(references, extent.references);
  }
  return { bytes, bytesInFull, hasDollar, references };
}

function joined(some: Extent['references'], more: Extent['references']): Extent['references'] {
  if (more.size === 0 || more === some) return some;
  return some.size === 0 ? more : new Map([...some, ...more]);
}

/** In UTF-8; JSON's texts have no lone surrogates, so each of a pair counts for half of its four bytes. */
function bytesOf(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) bytes += unit < 0x8_00 || (unit >= 0xd8_00 && unit < 0xe0_00) ? 1 : 2;
  }
  return bytes;
}

/** A condition with what its references stand for in their places. */
export function writtenOut(logic: Logic): Logic {
  const made = new Map<object, Logic>();
  const write = (part: Logic): Logic => {
    if (typeof part !== 'object' || part === null || extentOf(part).references.size === 0) return part;
    const known = made.get(part) ?? meanings.get(part);
    if (known !== undefined) return known;
    const whole: Logic = Array.isArray(part)
      ? part.map((each: Logic) => write(each))
      : Object.fromEntries(Object.entries(part).map(([operator, each]) => [operator, write(each)]));
    made.set(part, whole);
    return whole;
  };
  return write(logic);
}
