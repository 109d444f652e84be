import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

/** What of a structural schema (apiextensions.k8s.io/v1) is read here. */
export interface StructuralSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
}

interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: StructuralSchema };
    }[];
  };
}

/** The schema of HTTPRoute v1 in the standard channel; SOURCE.txt says which. */
export const httpRouteSchema: StructuralSchema = (() => {
  const text = readFileSync(new URL('httproutes.yaml', import.meta.url), 'utf8');
  // The file is the project's own definition of the resource.
  const { spec } = parse(text) as Definition;
  const found = spec.versions.find(({ name }) => name === 'v1');
  if (found === undefined) throw new Error('The definition has no version v1.');
  return found.schema.openAPIV3Schema;
})();

/** Formats of OpenAPI 3.0 that the schema names. */
const formats = { int32: true, int64: true, 'date-time': true } as const;

const checking = new Ajv({ strict: false, allErrors: true, formats }).compile(closed(httpRouteSchema));
const defaulting = new Ajv({ strict: false, useDefaults: true, formats }).compile(closed(httpRouteSchema));

/** What is wrong with an HTTPRoute, as an API server would say; a field that the schema does not know is wrong too. */
export function objectionsToRoute(route: unknown): readonly string[] {
  checking(route);
  return (checking.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath}: ${message ?? ''} ${JSON.stringify(params)}`;
  });
}

/** The route with what the schema fills in. */
export function withDefaults(route: object): object {
  const copy = structuredClone(route);
  defaulting(copy);
  return copy;
}

/** Without what only Kubernetes reads, and closed: an API server that is asked to be strict refuses what it does not know. */
function closed(schema: StructuralSchema): object {
  const entries = Object.entries(schema).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (key.startsWith('x-kubernetes-')) return [];
    if (key === 'properties') return [[key, each(value as Readonly<Record<string, StructuralSchema>>)]];
    if (key === 'items') return [[key, closed(value as StructuralSchema)]];
    return [[key, value]];
  });
  const isOpen = schema.properties === undefined;
  return { ...Object.fromEntries(entries), ...(isOpen ? {} : { additionalProperties: false }) };
}

function each(properties: Readonly<Record<string, StructuralSchema>>): object {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, closed(schema)]));
}
