import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { FittingValues, Json } from './fitting-values.js';
import { brokenOnce, toJsonText } from './odd-values.js';

export type RootField = GraphQLField<unknown, unknown>;

const MAX_DEPTH = 6;
const WAYS_DOWN = ['edges', 'node', 'pageInfo', 'problems', 'token'];

/** Bodies that ask for one field of a root: with variables that fit, or do not in one place. */
export function bodiesFor(kind: 'query' | 'mutation', field: RootField, values: FittingValues): Arbitrary<string> {
  const query = documentOf(kind, field);
  const fitting = variablesOf(field, values);
  const odd = fc.constantFrom<Json>(null, '', 'x', [], 1, {}, { unheardOf: 1 });
  const variables = fc.oneof(
    { weight: 3, arbitrary: fitting },
    { weight: 6, arbitrary: brokenOnce(fitting) },
    { weight: 1, arbitrary: odd },
  );
  return variables.map((said) => toJsonText({ query, variables: said }));
}

/** A document with a variable for every argument, that asks for what is at hand of the answer. */
export function documentOf(kind: 'query' | 'mutation' | 'subscription', field: RootField): string {
  const { args, name, type } = field;
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const handed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const [taken, given] = args.length === 0 ? ['', ''] : [`(${declared})`, `(${handed})`];
  return `${kind} Ask${taken} { ${name}${given}${selectionOf(type)} }`;
}

function variablesOf({ args }: RootField, values: FittingValues): Arbitrary<Json> {
  const model = Object.fromEntries(args.map((arg) => [arg.name, valuesOf(arg.name, arg.type, values, 0)]));
  const requiredKeys = args.filter(isRequiredArgument).map(({ name }) => name);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function selectionOf(type: GraphQLOutputType, depth = 0): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return ' { __typename }';
  const fields = Object.values(named.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  const asked = fields
    .filter((field) => isLeafType(getNamedType(field.type)) || (depth < 4 && WAYS_DOWN.includes(field.name)))
    .map((field) => field.name + selectionOf(field.type, depth + 1));
  return ` { __typename ${asked.join(' ')} }`;
}

function valuesOf(name: string, type: GraphQLInputType, values: FittingValues, depth: number): Arbitrary<Json> {
  if (isNonNullType(type)) return valuesOf(name, type.ofType, values, depth);
  if (isListType(type)) return fc.array(valuesOf(name, type.ofType, values, depth + 1), { maxLength: 2 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((each) => each.name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) => depth < MAX_DEPTH || isRequiredInputField(field));
    const model = Object.fromEntries(
      fields.map((field) => [field.name, valuesOf(field.name, field.type, values, depth + 1)]),
    );
    const requiredKeys = fields.filter(isRequiredInputField).map((field) => field.name);
    if (type.isOneOf) return fc.oneof(...Object.entries(model).map(([key, one]) => fc.record({ [key]: one })));
    return fc.record(model, { requiredKeys, noNullPrototype: true });
  }
  return scalarsOf(type.name, name, values);
}

function scalarsOf(scalar: string, name: string, values: FittingValues): Arbitrary<Json> {
  switch (scalar) {
    case 'Boolean':
      return fc.boolean();
    case 'Int':
      return fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer());
    case 'Float':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'DateTime':
      return values.of({ type: 'string', format: 'date-time' });
    case 'JSON':
      // What fast-check makes as JSON is JSON.
      return fc.jsonValue({ maxDepth: 2, noUnicodeString: false }) as Arbitrary<Json>;
    default:
      return values.named(name, { type: 'string' });
  }
}
