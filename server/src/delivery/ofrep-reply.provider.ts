import type { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../kernel/errors.js';
import { httpStatusOf } from '../transport/wire-codes.js';

export const OFREP_JSON = 'application/json; charset=utf-8';

/** Browsers evaluate from any origin: tokens travel in headers, never in cookies, so there is nothing to abuse. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Retry-After, Sluice-Revision',
};
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': [
    'Authorization, X-API-Key, Content-Type, If-None-Match, Last-Event-ID, Cache-Control, Traceparent, Tracestate',
    // Of the Connect protocol, by which browsers speak to flagd.
    'Connect-Protocol-Version, Connect-Timeout-Ms',
  ].join(', '),
  'access-control-max-age': '7200',
};

/** Lets web pages read the answer, whatever it will be. */
export function allowOrigins(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  void reply.headers(CORS);
  done();
}

/** Answers a browser that asks whether it may ask. */
export async function answerPreflight(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return reply.headers(PREFLIGHT).status(204).send();
}

/** Where single flags are evaluated. */
export const OFREP_FLAG_PREFIX = '/ofrep/v1/evaluate/flags/';

/** Refuses a flag's URL that cannot be decoded: no route, and so no hook, has seen it. */
export function refuseOfrepUrl(request: FastifyRequest, reply: FastifyReply, error: unknown, logger: Logger): void {
  void reply.headers(CORS);
  if (request.method === 'OPTIONS') void answerPreflight(request, reply);
  else sendOfrepFailure(request, reply, error, { key: '', logger });
}

/** Failures of a request as a whole, in the shapes OFREP gives them: not problem details. */
export function sendOfrepFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
  { key, logger }: { key?: string | undefined; logger: Logger },
): void {
  const error = ofFramework(thrown);
  if (!(error instanceof SluiceError)) logger.error({ err: error, requestId: request.id }, 'Request failed');
  const [status, body] = error instanceof SluiceError ? wordFailure(error, key) : internal(request);
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="sluice"');
  if (error instanceof SluiceError && typeof error.data['retryAfterSeconds'] === 'number') {
    void reply.header('retry-after', String(error.data['retryAfterSeconds']));
  }
  void reply.status(status).header('content-type', OFREP_JSON).send(JSON.stringify(body));
}

type Failure = readonly [status: number, body: Readonly<Record<string, unknown>>];

function wordFailure({ kind, code, message }: SluiceError, key: string | undefined): Failure {
  if (kind !== 'invalid') return [httpStatusOf(kind, code), { errorDetails: message }];
  const errorCode = code === 'INVALID_CONTEXT' ? code : 'PARSE_ERROR';
  return [400, { ...(key === undefined ? {} : { key }), errorCode, errorDetails: message }];
}

function internal(request: FastifyRequest): Failure {
  return [500, { errorDetails: `Sluice failed at this request; its log has the cause under ${request.id}.` }];
}

/** Fastify's own refusals of a body: too large, no JSON, lengths that do not agree. */
function ofFramework(thrown: unknown): unknown {
  if (thrown instanceof SluiceError || !(thrown instanceof Error)) return thrown;
  const { statusCode } = thrown as { statusCode?: number };
  const isRefusal = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isRefusal ? new SluiceError('invalid', 'PARSE_ERROR', `${thrown.message}.`) : thrown;
}
