import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger as Pino } from 'pino';
import { invalid } from '../../kernel/errors.js';
import { sendProblem } from '../../transport/rest-error.filter.js';
import type { HttpConfig } from '../config/http.js';
import { isGraphqlUpgrade } from '../graphql/is-graphql-upgrade.js';
import { requestIdOf } from '../request-id.js';
import { parseJsonBody, requireIdentityEncoding } from './json-body.js';
import { refuseUnread } from './unread-request.js';

/** Room for a JSON variation of a megabyte and its envelope. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

type Refuse = (request: FastifyRequest, reply: FastifyReply, error: unknown, logger: Logger) => void;

class Adapter extends FastifyAdapter {
  /**
   * Keeps the error handler that it is made with. Nest sets its own after the routes, which comes too late for those that
   * Fastify has loaded by then: it loads all that is there whenever a plugin is waited for.
   */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }

  /** Leaves out the engine of Express' middleware: we have none, and every request would walk through it. */
  override async init(): Promise<void> {
    // Nothing to wait for.
  }
}

/**
 * Fastify as every route of ours needs it: bounded, strict JSON bodies, request ids, errors as problems. A URL that
 * cannot be decoded has no route; under the prefixes given it is refused in their own way.
 */
export function createFastifyAdapter(
  pino: Pino,
  { trustedProxies }: Pick<HttpConfig, 'trustedProxies'>,
  refusals: Readonly<Record<string, Refuse>> = {},
): FastifyAdapter {
  const logger = new Logger('Http');
  const adapter = new Adapter({
    loggerInstance: pino,
    logController: new LogController({ disableRequestLogging: true }),
    // Who logs of a request names its id; a logger for each request costs more than an answer from memory.
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    bodyLimit: BODY_LIMIT_BYTES,
    ...(trustedProxies.length > 0 && { trustProxy: [...trustedProxies] }),
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    forceCloseConnections: true,
    http: { shouldUpgradeCallback: isGraphqlUpgrade },
    genReqId: ({ headers }: IncomingMessage) => requestIdOf(headers['x-request-id']),
    clientErrorHandler: refuseUnread,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      // Such a request has no route, and so it meets no hook.
      markAnswer(request, reply);
      const own = Object.entries(refusals).find(([prefix]) => request.url.startsWith(prefix))?.[1];
      (own ?? sendProblem)(request, reply, error, logger);
    },
  });
  const fastify = adapter.getInstance();
  fastify.setErrorHandler((error, request, reply) => sendProblem(request, reply, error, logger));
  // By callback: a promise for every request costs more than what is done here.
  fastify.addHook('onRequest', (request, reply, done) => {
    markAnswer(request, reply);
    const hasNul = request.url.includes('%00');
    done(hasNul ? invalid('URL_HAS_NUL', 'The URL has a NUL character (%00); leave it out.') : undefined);
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
    (request: FastifyRequest, body, done) => {
      try {
        requireIdentityEncoding(request.headers['content-encoding']);
        done(null, parseJsonBody(Buffer.isBuffer(body) ? body : Buffer.from(body)));
      } catch (error) {
        // Both throw nothing but errors.
        done(error as Error);
      }
    },
  );
}
