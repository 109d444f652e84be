import { isDeepStrictEqual } from 'node:util';
import { conflictsOf, type FieldManager, fieldsOf, type Json, valueAt, withField } from './field-ownership.js';
import { httpRouteSchema, objectionsToRoute, withDefaults } from './http-route-schema.js';

export type Applied =
  | { readonly kind: 'created' | 'configured' | 'unchanged'; readonly route: Json }
  | { readonly kind: 'conflict'; readonly conflicts: readonly { readonly manager: string; readonly field: string }[] }
  | { readonly kind: 'invalid'; readonly objections: readonly string[] };

interface Stored {
  /** Without what the store reckons: generation, resourceVersion, managedFields. */
  readonly object: Json;
  readonly owners: readonly FieldManager[];
  readonly generation: number;
  readonly resourceVersion: number;
}

/**
 * HTTPRoutes as etcd and an API server keep them: with owners of fields as server-side apply reckons them
 * (kubernetes.io/docs/reference/using-api/server-side-apply), defaults and checks of the resource's own schema, a
 * generation that counts changes of `spec`, and a resource version that counts changes.
 */
export class RouteStore {
  private readonly routes = new Map<string, Stored>();
  private changes = 100;

  constructor(private readonly onChange: (name: string) => void) {}

  get(name: string): Json | undefined {
    const stored = this.routes.get(name);
    return stored && shown(stored);
  }

  apply(name: string, wanted: Json, { manager, isForced }: { manager: string; isForced: boolean }): Applied {
    const before = this.routes.get(name);
    const owners = before?.owners ?? [];
    const fields = fieldsOf(wanted, httpRouteSchema);
    const conflicts = conflictsOf(before?.object ?? {}, wanted, { fields, manager, owners });
    if (conflicts.length > 0 && !isForced) return { kind: 'conflict', conflicts };
    const isMine = (owner: FieldManager): boolean => owner.manager === manager && owner.operation === 'Apply';
    const taken = new Set(conflicts.map(({ field }) => field));
    const others = without(
      owners.filter((owner) => !isMine(owner)),
      (field) => taken.has(plain(field)),
    );
    const abandoned = [...(owners.find(isMine)?.fields ?? [])].filter(
      (field) => !fields.has(field) && !others.some((owner) => owner.fields.has(field)),
    );
    const kept = abandoned.reduce((object, field) => withField(object, field, undefined), before?.object ?? wanted);
    const object = [...fields].reduce((merged, field) => withField(merged, field, valueAt(wanted, field)), kept);
    return this.store(name, before, { object, owners: [...others, { manager, operation: 'Apply', fields }] });
  }

  /** As `kubectl edit` and `kubectl patch` do: what changes is the editor's from then on, and nobody is asked. */
  edit(name: string, manager: string, change: (route: Json) => Json): Applied {
    const before = this.routes.get(name);
    const object = change(before?.object ?? {});
    const [old, now] = [before?.object ?? {}, object].map((each) => fieldsOf(each, httpRouteSchema));
    const differs = (field: string): boolean =>
      !isDeepStrictEqual(valueAt(before?.object ?? {}, field), valueAt(object, field));
    const changed = new Set([...(old ?? []), ...(now ?? [])].filter(differs));
    const others = without(before?.owners ?? [], (field) => changed.has(field));
    const fields = new Set([...changed].filter((field) => now?.has(field)));
    return this.store(name, before, { object, owners: [...others, { manager, operation: 'Update', fields }] });
  }

  remove(name: string): void {
    this.routes.delete(name);
  }

  /** The status subresource: it is no part of the generation. */
  setStatus(name: string, status: Json): void {
    const before = this.routes.get(name);
    if (before === undefined) return;
    this.routes.set(name, { ...before, object: { ...before.object, status }, resourceVersion: (this.changes += 1) });
  }

  private store(name: string, before: Stored | undefined, after: Pick<Stored, 'object' | 'owners'>): Applied {
    // An HTTPRoute is an object, with its defaults too.
    const object = withDefaults(after.object) as Json;
    const objections = objectionsToRoute(object);
    if (objections.length > 0) return { kind: 'invalid', objections };
    const owners = after.owners.filter(({ fields }) => fields.size > 0);
    if (before !== undefined && isDeepStrictEqual(before.object, object) && isDeepStrictEqual(before.owners, owners)) {
      return { kind: 'unchanged', route: shown(before) };
    }
    const isSameSpec = before !== undefined && isDeepStrictEqual(before.object['spec'], object['spec']);
    const generation = (before?.generation ?? 0) + (isSameSpec ? 0 : 1);
    const stored = { object, owners, generation, resourceVersion: (this.changes += 1) };
    this.routes.set(name, stored);
    this.onChange(name);
    return { kind: before === undefined ? 'created' : 'configured', route: shown(stored) };
  }
}

function without(owners: readonly FieldManager[], isTaken: (field: string) => boolean): readonly FieldManager[] {
  return owners.map((owner) => ({ ...owner, fields: new Set([...owner.fields].filter((field) => !isTaken(field))) }));
}

/** As `conflictsOf` names fields. */
function plain(field: string): string {
  return field.replaceAll('~1', '.').replaceAll('~0', '~');
}

function shown({ object, owners, generation, resourceVersion }: Stored): Json {
  const managedFields = owners.map(({ manager, operation, fields }) => {
    return { manager, operation, apiVersion: object['apiVersion'], fieldsType: 'FieldsV1', fieldsV1: fieldsV1(fields) };
  });
  // An object that was stored has metadata: its schema or its creator asks for a name.
  const metadata = object['metadata'] as Json;
  return { ...object, metadata: { ...metadata, generation, resourceVersion: String(resourceVersion), managedFields } };
}

function fieldsV1(fields: ReadonlySet<string>): Json {
  return [...fields].reduce<Json>((tree, field) => withField(tree, field.replaceAll(/\.(?=[^.])/gu, '.f:'), {}), {});
}
