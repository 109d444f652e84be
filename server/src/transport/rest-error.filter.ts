import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalid, notFound, SluiceError } from '../kernel/errors.js';
import { endSentence } from '../kernel/sentence.js';
import { PROBLEM_JSON, type ProblemDetails, toProblem } from './problem.js';
import { isGraphql } from './request-of.js';

/** Answers every failure of a REST route as RFC 9457 problem details. Those of GraphQL's fields are left to it. */
@Catch()
export class RestErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Rest');

  catch(thrown: unknown, host: ArgumentsHost): void {
    if (isGraphql(host)) throw thrown;
    const http = host.switchToHttp();
    sendProblem(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), thrown, this.logger);
  }
}

/** Sends an error as a problem, for Nest's routes and Fastify's own alike. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, thrown: unknown, logger: Logger): void {
  const error = fromFramework(thrown, request);
  if (!(error instanceof SluiceError)) logger.error({ err: error, requestId: request.id }, 'Request failed');
  const problem = toProblem(error, String(request.id));
  explainInHeaders(reply, problem);
  void reply.status(problem.status).header('content-type', PROBLEM_JSON).send(JSON.stringify(problem));
}

/** Says in headers what HTTP has a header for. */
export function explainInHeaders(reply: FastifyReply, problem: ProblemDetails): void {
  if (typeof problem['retryAfterSeconds'] === 'number') {
    void reply.header('retry-after', String(problem['retryAfterSeconds']));
  }
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="sluice"');
  // RFC 9110, 12.5.3: what the next request may use.
  if (problem.code === 'CONTENT_ENCODING_UNSUPPORTED') void reply.header('accept-encoding', 'identity');
}

function whyMalformed({ message, code }: Error & { readonly code?: string }): string {
  if (code === 'FST_ERR_BAD_URL') return 'The URL cannot be decoded; percent-encode its parts as UTF-8.';
  return endSentence(message);
}

/** Fastify's and Nest's own refusals, said in our words. */
export function fromFramework(thrown: unknown, request: FastifyRequest): unknown {
  if (thrown instanceof SluiceError || !(thrown instanceof Error)) return thrown;
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: number }).statusCode;
  switch (status) {
    case 404:
      return notFound('ROUTE_NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0] ?? ''}.`);
    case 413:
      return invalid('BODY_TOO_LARGE', 'The body is too large; 2 MiB is the most.');
    case 414:
      return invalid('URL_TOO_LONG', 'A part of the path is too long; no key has more than 128 characters.');
    case 415:
      return invalid('MEDIA_TYPE_UNSUPPORTED', 'Send JSON, with Content-Type: application/json.');
    case 400:
      return invalid('REQUEST_MALFORMED', whyMalformed(thrown));
    default:
      return thrown;
  }
}
