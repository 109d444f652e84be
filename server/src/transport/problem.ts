import { type Problem, SluiceError } from '../kernel/errors.js';
import { httpStatusOf } from './wire-codes.js';

/** RFC 9457 problem details, as the management API and the SDK wire answer every failure. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly Problem[];
  readonly [extension: string]: unknown;
}

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Puts an error into words for the wire. What is not a SluiceError is a bug: it becomes `internal` without detail. */
export function toProblem(error: unknown, requestId: string): ProblemDetails {
  if (!(error instanceof SluiceError)) {
    return {
      type: 'about:blank',
      title: 'Internal error',
      status: httpStatusOf('internal', 'INTERNAL'),
      detail: `Sluice failed at this request and it is not your fault. Its log has the cause under ${requestId}.`,
      code: 'INTERNAL',
      requestId,
    };
  }
  const status = httpStatusOf(error.kind, error.code);
  return {
    ...error.data,
    type: 'about:blank',
    title: error.code
      .toLowerCase()
      .replaceAll('_', ' ')
      .replace(/^./u, (first) => first.toUpperCase()),
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.problems.length > 0 ? { errors: error.problems } : {}),
  };
}
