import {
  type DocumentNode,
  type GraphQLSchema,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { FastifyRequest } from 'fastify';
import { invalid } from '../../kernel/errors.js';
import { costOfOperation } from './cost-of-operation.js';
import { sizeOfDocument } from './size-of-document.js';

/** Of a source: names, punctuation, values. Larger than any page asks for, small enough to be recursed into. */
export const MAX_TOKENS = 4_000;
/** Comments and long texts are one token, or none. */
const MAX_SOURCE_LENGTH = 50_000;
const MAX_DEPTH = 12;
const MAX_FIELDS = 1_000;
const MAX_ALIASES = 30;
const MAX_COST = 5_000;

/**
 * What Mercurius asks before it reads a source. It keeps sources that it has read, and would take JSON for a document
 * that was read already. Values of any length travel as variables.
 */
export async function refuseSource(_schema: GraphQLSchema, source: string): Promise<void> {
  if (source.length > MAX_SOURCE_LENGTH) {
    const message = `The query has ${source.length} characters; ${MAX_SOURCE_LENGTH} are the most. Send long values as variables.`;
    throw invalid('QUERY_TOO_LARGE', message);
  }
  if (isJson(source)) throw invalid('QUERY_MALFORMED', 'The query is JSON; send the text of a GraphQL document.');
  return Promise.resolve();
}

/** What Mercurius asks before it validates a document, whose own rules take long for large ones. */
export async function refuseLarge(_schema: GraphQLSchema, document: DocumentNode): Promise<void> {
  const { depth, fields, aliases } = sizeOfDocument(document);
  if (depth > MAX_DEPTH) {
    throw invalid('QUERY_TOO_DEEP', `The query nests ${depth} fields deep; ${MAX_DEPTH} is the most. Ask in parts.`);
  }
  if (aliases > MAX_ALIASES) {
    const message = `The query has ${aliases} aliases; ${MAX_ALIASES} are the most. Ask in several requests.`;
    throw invalid('QUERY_HAS_TOO_MANY_ALIASES', message);
  }
  if (fields > MAX_FIELDS) {
    const message = `The query has ${fields} fields, fragments spread; ${MAX_FIELDS} are the most. Ask in parts.`;
    throw invalid('QUERY_TOO_LARGE', message);
  }
  visit(document, {
    StringValue: ({ value }) => {
      if (value.includes('\0')) {
        throw invalid(
          'QUERY_HAS_NUL',
          'A text in the query has a NUL character, which no text here has; leave it out.',
        );
      }
    },
  });
  return Promise.resolve();
}

/** What Mercurius asks before it executes: by then it is known how many of everything are asked for. */
export async function refuseCostly(
  schema: GraphQLSchema,
  document: DocumentNode,
  { reply }: { readonly reply?: { readonly request: FastifyRequest } },
  variables?: Record<string, unknown> | null,
): Promise<void> {
  // The body was read as a GraphQL request before.
  const { operationName } = (reply?.request.body ?? {}) as { readonly operationName?: string | null };
  const operation = getOperationAST(document, operationName);
  // Whichever it should have been: execution says so.
  if (operation === null || operation === undefined) return Promise.resolve();
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
    const message = 'Subscriptions go over a WebSocket at this path, by the protocol graphql-transport-ws.';
    throw invalid('SUBSCRIPTION_NEEDS_SOCKET', message);
  }
  refuseCostlyOperation(schema, document, operation, variables ?? {});
  return Promise.resolve();
}

/** Throws `invalid` for an operation of a valid document that may make the server do more than one request may. */
export function refuseCostlyOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const fragments = new Map(
    document.definitions.flatMap((each): [string, FragmentDefinitionNode][] =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  const cost = costOfOperation({ schema, operation, fragments, variables });
  if (cost <= MAX_COST) return;
  throw invalid('QUERY_TOO_COSTLY', `The query costs ${cost}; ${MAX_COST} is the most. Ask for fewer items at once.`, {
    data: { cost, maxCost: MAX_COST },
  });
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}
