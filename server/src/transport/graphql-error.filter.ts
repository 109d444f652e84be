import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError, type SourceLocation } from 'graphql';
import { invalid, SluiceError } from '../kernel/errors.js';
import { endSentence } from '../kernel/sentence.js';
import { type ProblemDetails, toProblem } from './problem.js';
import { explainInHeaders, fromFramework } from './rest-error.filter.js';

/** Media types of answers (GraphQL over HTTP, 6.1 and 6.4). The older one says 200 of a document that was refused. */
export type GraphqlMedia = 'application/graphql-response+json' | 'application/json';

/** A request whose body was read, and how it wants to be answered. */
export interface GraphqlRequest {
  graphqlMedia?: GraphqlMedia;
}

/** One failure, as every GraphQL answer tells it. */
interface WireError {
  readonly message: string;
  readonly locations?: readonly SourceLocation[];
  readonly path?: readonly (string | number)[];
  /** code, kind, status and requestId, whatever failed; `problems` and data where there are any. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

const logger = new Logger('Graphql');

/** Answers a request of which nothing was executed: not let in, not understood, or refused for its size. */
export function sendGraphqlErrors(
  thrown: unknown,
  request: FastifyRequest & GraphqlRequest,
  reply: FastifyReply,
): void {
  const problems = causesOf(thrown, request).map((cause) => ({ cause, problem: problemOf(cause, request) }));
  const status = Math.max(...problems.map(({ problem }) => problem.status));
  for (const { problem } of problems) explainInHeaders(reply, problem);
  // Of a request that was well-formed, the older media type says nothing in its status but that the server failed.
  const isQuiet = request.graphqlMedia === 'application/json' && status < 500 && status !== 429;
  void reply
    .status(isQuiet ? 200 : status)
    .type(`${request.graphqlMedia ?? 'application/json'}; charset=utf-8`)
    .send({ errors: problems.map(({ cause, problem }) => toWire(cause, problem)) });
}

/** Puts what failed of an execution into words for the wire. */
export function formatGraphqlErrors(
  { data, errors = [] }: ExecutionResult,
  { request }: { readonly request: FastifyRequest & GraphqlRequest },
): { readonly statusCode: number; readonly response: ExecutionResult } {
  const told = errors.map((error) => toWire(error, problemOf(error, request)));
  // Without data, not even null, nothing was executed: the document or its variables did not fit.
  const isRefused = data === undefined;
  const statusCode = isRefused && request.graphqlMedia !== 'application/json' ? 400 : 200;
  // Mercurius sends errors as they are; GraphQLError is but the type that it declares for them.
  const response = { errors: told as unknown as readonly GraphQLError[], ...(isRefused ? {} : { data }) };
  return { statusCode, response };
}

/** Failures of an operation that came over a socket, in the words of the other transport. */
export function graphqlErrorsOf(thrown: unknown, request: FastifyRequest): readonly WireError[] {
  const causes = Array.isArray(thrown) ? (thrown as readonly unknown[]) : [thrown];
  return causes.map((cause) => toWire(cause, problemOf(cause, request)));
}

/** Mercurius reports several faults of a document as one error with a list. */
function causesOf(thrown: unknown, request: FastifyRequest): readonly unknown[] {
  const errors = thrown instanceof Error ? (thrown as { readonly errors?: unknown }).errors : undefined;
  if (!Array.isArray(errors) || errors.length === 0) return [fromFramework(thrown, request)];
  return errors.map((each: unknown) => (each instanceof GraphQLError ? each : unreadable(String(each))));
}

function problemOf(cause: unknown, request: FastifyRequest): ProblemDetails & { readonly kind: string } {
  const error = cause instanceof GraphQLError ? fromGraphql(cause) : cause;
  if (!(error instanceof SluiceError)) logger.error({ err: error, requestId: request.id }, 'Request failed');
  const kind = error instanceof SluiceError ? error.kind : 'internal';
  return { ...toProblem(error, String(request.id)), kind };
}

/**
 * What is behind an error that GraphQL reports: of a place in the answer, what a resolver threw; otherwise a document or
 * variables that do not fit the schema. An argument that turned out unfit is known by the part of the document that it
 * names; other errors of GraphQL's own at a place are of values that a resolver answered, and bugs.
 */
function fromGraphql(error: GraphQLError): unknown {
  const { originalError, path, message } = error;
  if (path === undefined) return message.startsWith('Syntax Error') ? unreadable(message) : invalidDocument(error);
  return originalError instanceof GraphQLError && originalError.nodes !== undefined
    ? invalidDocument(originalError)
    : originalError;
}

function invalidDocument({ message }: GraphQLError): SluiceError {
  return invalid('QUERY_INVALID', endSentence(message));
}

function unreadable(why: string): SluiceError {
  return invalid('QUERY_MALFORMED', endSentence(`The query cannot be read. ${why}`));
}

function toWire(
  cause: unknown,
  { detail, type: _type, title: _title, errors, ...extensions }: PublicProblem,
): WireError {
  const located = cause instanceof GraphQLError ? cause : undefined;
  return {
    message: detail,
    ...(located?.locations === undefined ? {} : { locations: located.locations }),
    ...(located?.path === undefined ? {} : { path: located.path }),
    extensions: { ...extensions, ...(errors === undefined ? {} : { problems: errors }) },
  };
}

type PublicProblem = ReturnType<typeof problemOf>;
