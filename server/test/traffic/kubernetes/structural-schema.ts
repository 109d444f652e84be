/** What of a structural schema (apiextensions.k8s.io/v1) is read here. */
export interface StructuralSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/**
 * The schema as JSON Schema, without what only Kubernetes reads, and closed: an API server that is asked to be strict
 * refuses what it does not know.
 */
export function closed(schema: StructuralSchema): object {
  const entries = Object.entries(schema).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (key.startsWith('x-kubernetes-')) return [];
    // Only schemas stand under these two.
    if (key === 'properties') return [[key, each(value as Readonly<Record<string, StructuralSchema>>)]];
    if (key === 'items') return [[key, closed(value as StructuralSchema)]];
    return [[key, value]];
  });
  const isOpen = schema.properties === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return { ...Object.fromEntries(entries), ...(isOpen ? {} : { additionalProperties: false }) };
}

function each(properties: Readonly<Record<string, StructuralSchema>>): object {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, closed(schema)]));
}
