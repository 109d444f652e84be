import { isDeepStrictEqual } from 'node:util';
import type { StructuralSchema } from './structural-schema.js';

/** One entry of `managedFields`: who wrote what, and how. */
export interface FieldManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** Paths such as `.spec.rules`; a list that the schema calls atomic is one field. */
  readonly fields: ReadonlySet<string>;
}

/** Anything that JSON has an object for. */
export type Json = Readonly<Record<string, unknown>>;

/** The fields of an object that can be owned: its leaves, by the schema. Who an object is, is nobody's. */
export function fieldsOf(object: Json, schema: StructuralSchema): ReadonlySet<string> {
  const fields = new Set<string>();
  const walk = (value: unknown, at: StructuralSchema | undefined, path: string): void => {
    if (IDENTITY.has(path)) return;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return void fields.add(path);
    for (const [key, inner] of Object.entries(value)) walk(inner, at?.properties?.[key], `${path}.${escape(key)}`);
  };
  walk(object, schema, '');
  return fields;
}

const IDENTITY: ReadonlySet<string> = new Set([
  '.apiVersion',
  '.kind',
  ...['name', 'namespace', 'uid', 'generation', 'resourceVersion', 'creationTimestamp', 'managedFields'].map(
    (field) => `.metadata.${field}`,
  ),
]);

/** What an object has at a path of `fieldsOf`. */
export function valueAt(object: Json, path: string): unknown {
  return stepsOf(path).reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Json)[key] : undefined),
    object,
  );
}

/** The object with a field as given; undefined takes it away. */
export function withField(object: Json, path: string, value: unknown): Json {
  const [key = '', ...rest] = stepsOf(path);
  const { [key]: inner, ...others } = object;
  if (rest.length === 0) return value === undefined ? others : { ...object, [key]: value };
  const below = withField((inner ?? {}) as Json, `.${rest.map(escape).join('.')}`, value);
  return Object.keys(below).length === 0 ? others : { ...object, [key]: below };
}

/** Who else owns fields that would get another value, each with its field. */
export function conflictsOf(
  current: Json,
  wanted: Json,
  { fields, manager, owners }: { fields: ReadonlySet<string>; manager: string; owners: readonly FieldManager[] },
): readonly { readonly manager: string; readonly field: string }[] {
  return owners
    .filter((owner) => !(owner.manager === manager && owner.operation === 'Apply'))
    .flatMap((owner) =>
      [...fields]
        .filter(
          (field) => owner.fields.has(field) && !isDeepStrictEqual(valueAt(current, field), valueAt(wanted, field)),
        )
        .map((field) => ({ manager: owner.manager, field: unescape(field) })),
    );
}

/** Keys of annotations have dots. */
function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('.', '~1');
}

function unescape(path: string): string {
  return path.replaceAll('~1', '.').replaceAll('~0', '~');
}

function stepsOf(path: string): readonly string[] {
  return path.slice(1).split('.').map(unescape);
}
