import type { ErrorKind } from '../kernel/errors.js';

/** HTTP status of each kind of error; the only map there is. */
const HTTP_STATUS: Readonly<Record<ErrorKind | 'internal', number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  precondition: 412,
  limited: 429,
  unavailable: 503,
  internal: 500,
};

/** Codes for which HTTP has a more telling status than their kind's. */
const HTTP_STATUS_OF_CODE: Readonly<Record<string, number>> = {
  IF_MATCH_REQUIRED: 428,
  IDEMPOTENCY_KEY_REUSED: 422,
  BODY_TOO_LARGE: 413,
  URL_TOO_LONG: 414,
  MEDIA_TYPE_UNSUPPORTED: 415,
  CONTENT_ENCODING_UNSUPPORTED: 415,
  METHOD_NOT_ALLOWED: 405,
  HEADERS_TOO_LARGE: 431,
  REQUEST_TOO_SLOW: 408,
};

/** gRPC's status code of each kind of error (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const GRPC_CODE: Readonly<Record<ErrorKind | 'internal', number>> = {
  invalid: 3, // INVALID_ARGUMENT
  unauthenticated: 16, // UNAUTHENTICATED
  forbidden: 7, // PERMISSION_DENIED
  notFound: 5, // NOT_FOUND
  conflict: 10, // ABORTED
  precondition: 9, // FAILED_PRECONDITION
  limited: 8, // RESOURCE_EXHAUSTED
  unavailable: 14, // UNAVAILABLE
  internal: 13, // INTERNAL
};

/** Codes that gRPC's clients know by a more telling one than their kind's. */
const GRPC_CODE_OF_CODE: Readonly<Record<string, number>> = {
  PARSE_ERROR: 15, // DATA_LOSS, as flagd has it
};

/** The gRPC status code of an error. */
export function grpcCodeOf(kind: ErrorKind | 'internal', code: string): number {
  return GRPC_CODE_OF_CODE[code] ?? GRPC_CODE[kind];
}

/** The HTTP status of an error. */
export function httpStatusOf(kind: ErrorKind | 'internal', code: string): number {
  return HTTP_STATUS_OF_CODE[code] ?? HTTP_STATUS[kind];
}
