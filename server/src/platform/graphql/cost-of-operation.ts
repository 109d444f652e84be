import type { ComplexityEstimator } from '@nestjs/graphql';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** An operation of a document that is valid. */
export interface AskedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What a description of the whole schema costs: each is thousands of fields. */
const INTROSPECTION_COST = 1_000;
/** For `first: 0` and less, which are refused where they are read. */
const LEAST = 1;

/**
 * What an operation may make the server do: one for every field, or its `complexity` where it declares one (a function
 * answers it with what is within), as often as its list is asked for: what is within a field with the argument `first`
 * counts `first` times. Lists without are short.
 */
export function costOfOperation({ schema, operation, fragments, variables }: AskedOperation): number {
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);

  const costOfSet = (set: SelectionSetNode, type: GraphQLNamedType | undefined): number =>
    set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + costOfField(selection, type);
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (part === undefined) return sum;
      const condition = part.typeCondition?.name.value;
      return sum + costOfSet(part.selectionSet, condition === undefined ? type : schema.getType(condition));
    }, 0);

  const costOfField = (node: FieldNode, parent: GraphQLNamedType | undefined): number => {
    if (node.name.value === '__schema' || node.name.value === '__type') return INTROSPECTION_COST;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (field === undefined) return 1;
    const { complexity } = field.extensions;
    const within = node.selectionSet === undefined ? 0 : costOfSet(node.selectionSet, getNamedType(field.type));
    const childComplexity = within === 0 ? 0 : timesOf(node, field, coerced) * within;
    if (typeof complexity !== 'function') return (typeof complexity === 'number' ? complexity : 1) + childComplexity;
    // What resolvers declare as complexity is a number or this, and parents with fields are composite.
    const estimate = complexity as ComplexityEstimator;
    const type = parent as GraphQLCompositeType;
    return estimate({ type, field, args: argumentsOf(node, field, coerced), childComplexity }) ?? 1 + childComplexity;
  };

  return costOfSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
}

/** The arguments of a field; none where execution will refuse them, and the field with them. */
function argumentsOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}

/** How many items a field is asked for; one where it is no list that is asked for so. */
function timesOf(node: FieldNode, field: GraphQLField<unknown, unknown>, variables: Record<string, unknown>): number {
  const declared = field.args.find(({ name }) => name === 'first');
  if (declared === undefined) return 1;
  const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  const value =
    given?.kind === Kind.INT ? Number(given.value) : given?.kind === Kind.VARIABLE ? variables[given.name.value] : null;
  const first = value ?? declared.defaultValue;
  return typeof first === 'number' ? Math.max(LEAST, first) : LEAST;
}
