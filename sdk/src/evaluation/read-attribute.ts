/** A context as the evaluator sees it: any object at all. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Where to find a value in a context: a top-level key, or the tokens of a JSON pointer. */
export interface AttributePath {
  readonly key: string;
  readonly tokens: readonly string[] | undefined;
  /** Every object inherits something of this name (`constructor`, `__proto__`): only the context's own counts. */
  readonly isInherited: boolean;
}

/** As many as match-clauses.ts has for one attribute each; the next is for all others. */
const PLACES = 8;
const placeOfKey = new Map<string, number>();

/** The place that reads a key: one of its own while there are any. */
export function placeOf(key: string): number {
  const known = placeOfKey.get(key);
  if (known !== undefined) return known;
  if (placeOfKey.size < PLACES) placeOfKey.set(key, placeOfKey.size);
  return placeOfKey.get(key) ?? PLACES;
}

/** Answers whether a value is an object (or array) that attributes can be read from. */
export function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null;
}

/** Parses the `attribute` of a clause or the `bucketBy` of a split; undefined when it is no text or no RFC 6901 pointer. */
export function parseAttribute(text: unknown): AttributePath | undefined {
  if (typeof text !== 'string') return undefined;
  if (!text.startsWith('/')) return { key: text, tokens: undefined, isInherited: text in Object.prototype };
  if (/~(?![01])/.test(text)) return undefined;
  const tokens = text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { key: text, tokens, isInherited: false };
}

/** Answers the value at a path, or undefined where it is absent. */
export function readAttribute(context: Attributes, path: AttributePath): unknown {
  if (path.tokens !== undefined) return followPointer(context, path.tokens);
  return path.isInherited && !Object.hasOwn(context, path.key) ? undefined : context[path.key];
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
