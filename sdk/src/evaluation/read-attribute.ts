/** A context as the evaluator sees it: any object at all; only its own properties count. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Where to find a value in a context: a top-level key, or the tokens of a JSON pointer. */
export interface AttributePath {
  readonly key: string;
  readonly tokens: readonly string[] | undefined;
}

/** Answers whether a value is an object (or array) that attributes can be read from. */
export function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null;
}

/** Parses the `attribute` of a clause or the `bucketBy` of a split; undefined when it is no text or no RFC 6901 pointer. */
export function parseAttribute(text: unknown): AttributePath | undefined {
  if (typeof text !== 'string') return undefined;
  if (!text.startsWith('/')) return { key: text, tokens: undefined };
  if (/~(?![01])/.test(text)) return undefined;
  const tokens = text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { key: text, tokens };
}

/**
 * Answers the value at a path, or undefined where it is absent. A top-level value may be inherited: ask `isOwn`
 * before acting on it. The two are apart because most values read decide nothing, and the second costs as much again.
 */
export function peekAttribute(context: Attributes, path: AttributePath): unknown {
  return path.tokens === undefined ? context[path.key] : followPointer(context, path.tokens);
}

/** Answers whether a value that `peekAttribute` found is the context's own. */
export function isOwn(context: Attributes, path: AttributePath): boolean {
  return path.tokens !== undefined || Object.hasOwn(context, path.key);
}

/** Answers the context's own value at a path, or undefined. */
export function readAttribute(context: Attributes, path: AttributePath): unknown {
  const value = peekAttribute(context, path);
  return value === undefined || isOwn(context, path) ? value : undefined;
}

/** Answers the context's own targetingKey, or undefined. */
export function readTargetingKey(context: Attributes): unknown {
  const value = context['targetingKey'];
  if (value === undefined || isPlain(context)) return value;
  return Object.hasOwn(context, 'targetingKey') ? value : undefined;
}

const OBJECT_PROTOTYPE: { readonly targetingKey?: unknown } = Object.prototype;

/** A plain object inherits no targetingKey (unless somebody gave one to Object.prototype): a cheaper question than hasOwn. */
function isPlain(context: Attributes): boolean {
  const prototype: unknown = Object.getPrototypeOf(context);
  return prototype === OBJECT_PROTOTYPE && OBJECT_PROTOTYPE.targetingKey === undefined;
}

function followPointer(context: Attributes, tokens: readonly string[]): unknown {
  let value: unknown = context;
  for (const token of tokens) {
    if (!isAttributes(value) || (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(token))) return undefined;
    if (!Object.hasOwn(value, token)) return undefined;
    value = value[token];
  }
  return value;
}
