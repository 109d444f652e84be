import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { closed, type StructuralSchema } from './structural-schema.js';

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

const checking = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(closed(httpRouteSchema));
const defaulting = new Ajv({ strict: false, useDefaults: true, validateFormats: false }).compile(
  closed(httpRouteSchema),
);

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
