import type { CombinedError } from '@urql/core';
import type { Problem } from '../util/field-errors.js';

/** The API's kinds of failure, and two that the way to it has. */
export type FailureKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'precondition'
  | 'limited'
  | 'unavailable'
  | 'internal'
  | 'unreachable';

/** Anything that was asked of the server and was not to be had, with a sentence for a person. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly code: string;
  /** By which the server's log tells more; undefined where it never answered. */
  readonly requestId: string | undefined;
  /** All that is wrong with what was sent, where the server says it place by place. */
  readonly problems: readonly Problem[];

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    more: { readonly requestId?: string | undefined; readonly problems?: readonly Problem[] } = {},
  ) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.requestId = more.requestId;
    this.problems = more.problems ?? [];
  }
}

const KINDS: readonly string[] = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'notFound',
  'conflict',
  'precondition',
  'limited',
  'unavailable',
  'internal',
] satisfies FailureKind[];

/** Of several errors the first is told: the others follow from it, or are told when it is mended. */
export function failureOf(error: CombinedError): Failure {
  const [first] = error.graphQLErrors;
  if (first !== undefined) {
    const { kind: said, code, requestId, problems } = first.extensions;
    const kind = toKind(said);
    return new Failure(kind, text(code) ?? 'INTERNAL', first.message, {
      requestId: text(requestId),
      problems: Array.isArray(problems) ? problems.map((each) => problemOf(each, kind)) : [],
    });
  }
  return unreachable();
}

/** Reads a problem document (RFC 9457) as REST answers it; `document` may be anything. */
export function failureOfProblem(status: number, document: unknown): Failure {
  const said = (typeof document === 'object' ? (document ?? {}) : {}) as Readonly<Record<string, unknown>>;
  const sentence = text(said['detail']) ?? `The server answered with status ${status} and no explanation.`;
  const kind = kindOfStatus(status);
  const problems = Array.isArray(said['errors']) ? said['errors'].map((each) => problemOf(each, kind)) : [];
  return new Failure(kind, text(said['code']) ?? 'INTERNAL', sentence, {
    requestId: text(said['requestId']),
    problems,
  });
}

export function unreachable(): Failure {
  return new Failure('unreachable', 'UNREACHABLE', 'The server does not answer. What you see may be old.');
}

/** Whatever was thrown, as a failure: what is none is a mistake in the page. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('internal', 'PAGE_BROKE', `This page broke: ${message}`);
}

function toKind(kind: unknown): FailureKind {
  // Whatever it is, it is one of the list then.
  return typeof kind === 'string' && KINDS.includes(kind) ? (kind as FailureKind) : 'internal';
}

function problemOf(each: unknown, kind: FailureKind): Problem {
  const { pointer, code, message, detail } = (each ?? {}) as Readonly<Record<string, unknown>>;
  return {
    kind,
    code: text(code) ?? 'INVALID',
    message: text(message) ?? text(detail) ?? 'The server refused this.',
    pointer: text(pointer) ?? null,
  };
}

function kindOfStatus(status: number): FailureKind {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'notFound';
    case 409:
      return 'conflict';
    case 412:
    case 428:
      return 'precondition';
    case 429:
      return 'limited';
    case 503:
      return 'unavailable';
    default:
      return status < 500 ? 'invalid' : 'internal';
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
