import { expect, it } from '@jest/globals';
import type { ComplexityEstimatorArgs } from '@nestjs/graphql';
import {
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLBoolean,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  Kind,
  parse,
} from 'graphql';
import { costOfOperation } from './cost-of-operation.js';

const items: GraphQLObjectType = new GraphQLObjectType({
  name: 'Items',
  fields: () => ({
    id: { type: GraphQLInt },
    costly: { type: GraphQLInt, extensions: { complexity: 10 } },
    priced: {
      type: items,
      args: { all: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: false } },
      extensions: {
        complexity: ({ args, childComplexity }: ComplexityEstimatorArgs) =>
          (args['all'] === true ? 100 : 20) + childComplexity,
      },
    },
    items: { type: new GraphQLList(items), args: { first: { type: GraphQLInt, defaultValue: 50 } } },
    few: { type: new GraphQLList(items), extensions: { complexity: 5 } },
  }),
});
const schema = new GraphQLSchema({ query: items });

function costOf(source: string, variables: Record<string, unknown> = {}): number {
  const document = parse(source);
  const operation = getOperationAST(document, undefined);
  if (operation === null || operation === undefined) throw new Error('The document has not one operation.');
  const fragments = new Map(
    document.definitions.flatMap((each): [string, FragmentDefinitionNode][] =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  return costOfOperation({ schema, operation, fragments, variables });
}

it.each<[string, string, number]>([
  ['one for a field', '{ id }', 1],
  ['what a field declares', '{ id costly }', 11],
  ['what is within a list as often as is asked for', '{ items(first: 3) { id costly } }', 1 + 3 * 11],
  ['the default, where nobody says', '{ items { id } }', 1 + 50],
  ['lists of lists', '{ items(first: 3) { items(first: 4) { id } } }', 1 + 3 * (1 + 4)],
  ['lists that are short once', '{ few { id costly } }', 5 + 11],
  [
    'fragments as often as they are spread',
    '{ ...a ...a ... { id } } fragment a on Items { items(first: 2) { id } }',
    7,
  ],
  ['what a field declares of its arguments', '{ priced { id } some: priced(all: true) { id } }', 21 + 101],
  ['aliases each', '{ a: costly b: costly }', 20],
  ['no less than once for nothing and less', '{ items(first: -5) { costly } }', 11],
  ['much for the schema', '{ __schema { types { name } } __typename }', 1_001],
])('counts %s', (_name, source, cost) => expect(costOf(source)).toBe(cost));

it.each<[string, string, Record<string, unknown>, number]>([
  ['their values', 'query($n: Int) { items(first: $n) { id } }', { n: 7 }, 8],
  ['their defaults', 'query($n: Int = 9) { items(first: $n) { id } }', {}, 10],
  ['what a field declares of them', 'query($b: Boolean!) { priced(all: $b) { id } }', { b: true }, 101],
  ['nothing of those that execution refuses', 'query($b: Boolean) { priced(all: $b) { id } }', { b: null }, 21],
  ['the argument’s default without', 'query($n: Int) { items(first: $n) { id } }', {}, 51],
])('counts, of variables, %s', (_name, source, variables, cost) => expect(costOf(source, variables)).toBe(cost));
