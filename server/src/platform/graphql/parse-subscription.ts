import {
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { invalid } from '../../kernel/errors.js';
import { hasNul } from '../http/json-body.js';
import { MAX_TOKENS, refuseCostlyOperation, refuseLarge, refuseSource } from './document-limits.js';

/** What a client sends to subscribe, as the protocol has it. */
export interface SubscribeRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Reads an operation that came over a socket, within the limits of every document; answers what is wrong with it where
 * it does not fit the schema. Throws `invalid` for one that is too much, or no subscription.
 */
export async function parseSubscription(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribeRequest,
): Promise<Omit<ExecutionArgs, 'contextValue'> | readonly GraphQLError[]> {
  if (hasNul(JSON.stringify(variables ?? {}))) {
    throw invalid(
      'JSON_HAS_NUL',
      'The variables have a NUL character (\\u0000), which no text here has; leave it out.',
    );
  }
  await refuseSource(schema, query);
  const document = parse(query, { maxTokens: MAX_TOKENS });
  await refuseLarge(schema, document);
  const problems = validate(schema, document);
  if (problems.length > 0) return problems;
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) {
    return [new GraphQLError('The document has several operations; say in operationName which is meant.')];
  }
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    throw invalid(
      'SOCKET_TAKES_SUBSCRIPTIONS',
      'Send queries and mutations with POST; the socket is for subscriptions.',
    );
  }
  refuseCostlyOperation(schema, document, operation, variables ?? {});
  return { schema, document, operationName: operationName ?? null, variableValues: variables ?? {} };
}
