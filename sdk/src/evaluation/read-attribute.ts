/** A context as the evaluator sees it: any object at all. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Where to find a value in a context: a top-level key, or the tokens of a JSON pointer. */
export interface AttributePath {
  readonly key: string;
  readonly read: PropertyReader;
  readonly tokens: readonly string[] | undefined;
  /** Every object inherits something of this name (`constructor`, `__proto__`): only the context's own counts. */
  readonly isInherited: boolean;
}

type PropertyReader = (object: Attributes, key: string) => unknown;

/**
 * An engine remembers where a property lies for each place in the source that reads one; a place that reads many
 * properties forgets, and then a read costs several times as much. So there are places in number, and the first
 * attributes that are met get one each. Which place reads what is only a matter of pace, never of the answer.
 */
const READERS: readonly PropertyReader[] = [
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
  (object, key) => object[key],
];

const readers = new Map<string, PropertyReader>();
const readAny: PropertyReader = (object, key) => object[key];

function readerOf(key: string): PropertyReader {
  const known = readers.get(key);
  if (known !== undefined) return known;
  const free = READERS[readers.size];
  if (free !== undefined) readers.set(key, free);
  return free ?? readAny;
}

/** Answers whether a value is an object (or array) that attributes can be read from. */
export function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null;
}

/** Parses the `attribute` of a clause or the `bucketBy` of a split; undefined when it is no text or no RFC 6901 pointer. */
export function parseAttribute(text: unknown): AttributePath | undefined {
  if (typeof text !== 'string') return undefined;
  if (!text.startsWith('/'))
    return { key: text, read: readerOf(text), tokens: undefined, isInherited: text in Object.prototype };
  if (/~(?![01])/.test(text)) return undefined;
  const tokens = text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { key: text, read: readerOf(text), tokens, isInherited: false };
}

/** Stands where no attribute is read. */
export const NO_ATTRIBUTE: AttributePath = { key: '', read: readAny, tokens: undefined, isInherited: false };

/** Answers the value at a path, or undefined where it is absent. */
export function readAttribute(context: Attributes, path: AttributePath): unknown {
  if (path.tokens !== undefined) return followPointer(context, path.tokens);
  return path.isInherited && !Object.hasOwn(context, path.key) ? undefined : path.read(context, path.key);
}

/** Answers the targetingKey, or undefined. */
export function readTargetingKey(context: Attributes): unknown {
  return context['targetingKey'];
}

function followPointer(context: Attributes, tokens: readonly string[]): unknown {
  let value: unknown = context;
  for (const token of tokens) {
    if (!isAttributes(value) || (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(token))) return undefined;
    if (token in Object.prototype && !Object.hasOwn(value, token)) return undefined;
    value = value[token];
  }
  return value;
}
