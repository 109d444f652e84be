import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyError, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger as Pino } from 'pino';
import { v7 } from 'uuid';
import { invalid } from '../../kernel/errors.js';
import { sendProblem } from '../../transport/rest-error.filter.js';
import { parseJsonBody } from './json-body.js';

/** Room for a JSON variation of a megabyte and its envelope. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/u;

/** Fastify as every route of ours needs it: bounded, strict JSON bodies, request ids, errors as problems. */
export function createFastifyAdapter(pino: Pino): FastifyAdapter {
  const logger = new Logger('Http');
  const adapter = new FastifyAdapter({
    loggerInstance: pino,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    forceCloseConnections: true,
    genReqId: requestIdOf,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      // Such a request has no route, and so it meets no hook.
      markAnswer(request, reply);
      sendProblem(request, reply, error, logger);
    },
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', async (request, reply) => {
    markAnswer(request, reply);
    if (/%00/u.test(request.url)) throw invalid('URL_HAS_NUL', 'The URL has a NUL character (%00); leave it out.');
  });
  return adapter;
}

function markAnswer(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
}

/** Replaces Nest's own JSON parser by the strict one. Call it after Nest has registered its parsers. */
export function useStrictJson(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json(?:;|$)/iu,
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    (_request, body, done) => {
      try {
        done(null, parseJsonBody(Buffer.isBuffer(body) ? body : Buffer.from(body)));
      } catch (error) {
        // parseJsonBody throws nothing but errors.
        done(error as Error);
      }
    },
  );
}

function requestIdOf(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : v7();
}
