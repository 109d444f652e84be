import { hash } from 'node:crypto';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { evaluate } from '@sluice/sdk/evaluation';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccessToken, Authenticator } from '../auth/index.js';
import { HttpConfig } from '../platform/config/http.js';
import { requireIdentityEncoding } from '../platform/http/json-body.js';
import type { Cell } from '../platform/metrics/tally.js';
import { EvaluationTally } from './evaluation-tally.provider.js';
import { isNoneMatch } from './entity-tag.js';
import { type Caller, headerOf, hotRoute } from './hot-route.provider.js';
import { toOfrepAnswer } from './ofrep-answer.js';
import { allowOrigins, answerPreflight, OFREP_JSON, sendOfrepFailure } from './ofrep-reply.provider.js';
import { mayBeNotModified, parseFlagKey, parseOfrepBody, parseOfrepContext } from './ofrep-request.js';
import { revisionOfPosition } from './position.js';
import { SnapshotCache } from './snapshot-cache.service.js';
import { SseTickets } from './sse-tickets.service.js';

/** Seconds after which a hidden page should close its stream; OFREP's own default. */
const INACTIVITY_DELAY_SECONDS = 120;

type Query = Readonly<Record<string, unknown>>;

/** OFREP 0.3.0: evaluation for clients that are not ours. They see results, never rules. */
@Injectable()
export class OfrepController implements OnModuleInit {
  private readonly logger = new Logger('Ofrep');
  private readonly evaluations: Cell;

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly authenticator: Authenticator,
    private readonly cache: SnapshotCache,
    private readonly tickets: SseTickets,
    private readonly config: HttpConfig,
    tally: EvaluationTally,
  ) {
    this.evaluations = tally.of('ofrep');
  }

  onModuleInit(): void {
    const fastify: FastifyInstance = this.adapters.httpAdapter.getInstance();
    const failBulk = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void =>
      sendOfrepFailure(request, reply, thrown, { logger: this.logger });
    const failSingle = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void =>
      sendOfrepFailure(request, reply, thrown, { key: keyToShow(request), logger: this.logger });
    // A scope of its own, for OFREP reads bodies in its own way.
    void fastify.register(async (ofrep) => {
      ofrep.removeAllContentTypeParsers();
      ofrep.addContentTypeParser('*', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, done) => {
        try {
          requireIdentityEncoding(request.headers['content-encoding']);
          done(null, parseOfrepBody(body));
        } catch (error) {
          // Both throw nothing but errors.
          done(error as Error);
        }
      });
      ofrep.addHook('onRequest', allowOrigins);
      ofrep.post(
        '/ofrep/v1/evaluate/flags',
        { errorHandler: failBulk },
        hotRoute(this.authenticator, 'evaluation.read', (...args) => this.evaluateAll(...args), failBulk),
      );
      ofrep.post(
        '/ofrep/v1/evaluate/flags/*',
        { errorHandler: failSingle },
        hotRoute(this.authenticator, 'evaluation.read', (...args) => this.evaluateOne(...args), failSingle),
      );
      // Public: a browser asks without credentials, and learns only which headers it may send.
      ofrep.options('/ofrep/v1/*', answerPreflight);
    });
  }

  private async evaluateOne({ environmentId }: Caller, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const key = parseFlagKey(request.raw.url ?? '');
    const context = parseOfrepContext(request.body);
    const { compiled } = this.cache.peek(environmentId) ?? (await this.cache.get(environmentId));
    const { status, json } = toOfrepAnswer(key, evaluate(compiled, key, context));
    this.evaluations.count += 1;
    void reply.status(status).header('content-type', OFREP_JSON).header('cache-control', 'no-store').send(json);
  }

  private async evaluateAll(
    { token, environmentId }: Caller,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const context = parseOfrepContext(request.body);
    const { flagConfigEtag } = request.query as Query; // Fastify's query is always an object
    const seen = typeof flagConfigEtag === 'string' ? revisionOfPosition(flagConfigEtag) : undefined;
    const { compiled, position, revision, flagSetId } = await this.cache.get(environmentId, seen);

    const items: string[] = [];
    for (const key of compiled.keys()) items.push(toOfrepAnswer(key, evaluate(compiled, key, context)).json);
    this.evaluations.count += items.length;
    const rest = JSON.stringify({ metadata: { flagSetId }, eventStreams: [this.eventStream(token)] });
    const body = `{"flags":[${items.join(',')}],${rest.slice(1)}`;
    // Of the whole body, because it depends on the context: clients send the tag of another context's answer.
    const etag = `"${hash('sha256', body, 'base64url')}"`;
    void reply.header('etag', etag).header('sluice-revision', String(revision)).header('cache-control', 'no-cache');
    if (isNoneMatch(headerOf(request, 'if-none-match'), etag) && mayBeNotModified(flagConfigEtag, position)) {
      return void reply.status(304).send();
    }
    void reply.header('content-type', OFREP_JSON).send(body);
  }

  /** Where changes are told. Clients add the origin they evaluate at, unless we know how we are reached. */
  private eventStream(token: AccessToken): Readonly<Record<string, unknown>> {
    const requestUri = `/ofrep/v1/sse?ticket=${this.tickets.issue(token)}`;
    const { publicUrl } = this.config;
    const where = publicUrl === undefined ? { endpoint: { requestUri } } : { url: publicUrl + requestUri };
    return { type: 'sse', ...where, inactivityDelaySec: INACTIVITY_DELAY_SECONDS };
  }
}

/** The key as far as it can be told, for error bodies, which must have one. */
function keyToShow(request: FastifyRequest): string {
  try {
    return parseFlagKey(request.raw.url ?? '');
  } catch {
    return '';
  }
}
