/** Where a snapshot of an instance keeps what the instance said of itself; enumerable, so that a spread keeps it too. */
export const SAID = Symbol('said');

/** By what an instance speaks of itself, the first that says something. */
const SPEECH: readonly string[] = ['toJSON', 'valueOf', 'toString'];
/** Private members, as written or as compilers lower them; what looks like one in a comment is taken for one. */
const PRIVATE = [
  /\.\s*#[\p{ID_Start}$_]/u,
  /(?:^|[{};\n*]|\*\/|\b(?:static|get|set|async|accessor))\s*#[\p{ID_Start}$_][\p{ID_Continue}$]*\s*[=;(}\n]/u,
  /#[\p{ID_Start}$_][\p{ID_Continue}$]*\s+in\b/u,
  /class_?private_?(?:field|method|static)|__private(?:Add|Get|Set|Method)/i,
];
const NATIVE = /\{\s*\[native code\]\s*\}$/;

interface ClassTraits {
  readonly speech: ReadonlySet<string>;
  /** Its instances may hold what nobody else can read. */
  readonly isHiding: boolean;
}

const traitsOfPrototypes = new WeakMap<object, ClassTraits>();

/** Whether an instance may hold what cannot be read, and has no way to speak of itself. Throws what a proxy throws. */
export function isSilent(instance: object): boolean {
  if (Object.hasOwn(instance, SAID)) return false;
  const traits = traitsOf(instance);
  return !SPEECH.some((name) => canSpeak(instance, name, traits)) && isHiding(instance, traits);
}

/**
 * What an instance of a class says of itself, beside its own data: what its toJSON returns, else its valueOf if that is a
 * primitive, else its toString. Undefined where it says nothing and shows all; throws a TypeError where it says nothing
 * and may hide something, and what those methods throw. A snapshot says what its original said.
 */
export function saidOf(instance: object): unknown {
  const read = instance as Readonly<Record<PropertyKey, unknown>>; // any object may be asked for any key
  if (Object.hasOwn(instance, SAID)) return read[SAID];
  const traits = traitsOf(instance);
  for (const name of SPEECH) {
    const method: unknown = canSpeak(instance, name, traits) ? read[name] : undefined;
    if (typeof method !== 'function') continue;
    const said: unknown = Reflect.apply(method, instance, name === 'toJSON' ? [''] : []);
    if (said === undefined || said === instance) continue;
    if (name === 'toJSON' || typeof said !== 'object' || said === null) return said;
  }
  if (isHiding(instance, traits)) throw new TypeError('An instance hides its data, and says nothing of it.');
  return undefined;
}

/** The enumerable symbols among the keys of an object, without what an instance said, which is no member. */
export function symbolsOf(object: object): readonly symbol[] {
  const symbols = Object.getOwnPropertySymbols(object);
  if (symbols.length === 0) return symbols;
  const isSpread = Object.getPrototypeOf(object) === Object.prototype;
  return symbols.filter((key) => (key !== SAID || isSpread) && Object.prototype.propertyIsEnumerable.call(object, key));
}

function canSpeak(instance: object, name: string, { speech }: ClassTraits): boolean {
  return speech.has(name) || Object.hasOwn(instance, name);
}

function isHiding(instance: object, traits: ClassTraits): boolean {
  if (traits.isHiding) return true;
  const keys = Reflect.ownKeys(instance);
  if (keys.length > 0 && keys.length === Object.keys(instance).length) return false;
  return keys.length === 0 || keys.some((key) => !Object.prototype.propertyIsEnumerable.call(instance, key));
}

/** Read once for each prototype: the source of its class is looked through. */
function traitsOf(instance: object): ClassTraits {
  const prototype = Object.getPrototypeOf(instance) as object; // an instance has one
  const known = traitsOfPrototypes.get(prototype);
  if (known !== undefined) return known;
  const traits = readTraits(prototype);
  traitsOfPrototypes.set(prototype, traits);
  return traits;
}

function readTraits(prototype: object): ClassTraits {
  const speech = new Set<string>();
  let hides = false;
  for (let up: object | null = prototype; up !== null && !isRoot(up); up = Object.getPrototypeOf(up) as object | null) {
    const isOfClass = Object.hasOwn(up, 'constructor');
    for (const key of Reflect.ownKeys(up)) {
      const member = Object.getOwnPropertyDescriptor(up, key);
      const value: unknown = member?.value;
      const isAccessor = member !== undefined && !('value' in member);
      if (typeof key === 'string' && SPEECH.includes(key)) speech.add(key);
      else if (key === 'constructor') hides ||= typeof value === 'function' && hasPrivateParts(value);
      else if (key !== Symbol.toStringTag) hides ||= isAccessor || (!isOfClass && typeof value !== 'function');
    }
  }
  return { speech, isHiding: hides };
}

/** Of a class of the platform nobody knows. */
function hasPrivateParts(constructor: object): boolean {
  const source = Function.prototype.toString.call(constructor);
  return NATIVE.test(source) || PRIVATE.some((pattern) => pattern.test(source));
}

/** `Object.prototype`, of whichever realm. */
function isRoot(prototype: object): boolean {
  if (prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}
