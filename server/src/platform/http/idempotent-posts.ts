import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import canonicalize from 'canonicalize';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { conflict, invalid } from '../../kernel/errors.js';
import type { Json } from '../../kernel/json.js';
import type { RequestContext } from '../../kernel/request-context.js';
import { isGraphql } from '../../transport/request-of.js';
import { PrismaTransactions } from '../prisma/prisma-transactions.js';
import { parseIdempotencyKey } from './idempotency-key.js';
import { type ClaimedKey, IdempotencyRepository } from './idempotency.repository.js';

const API = '/api/';

type ApiRequest = FastifyRequest & { sluiceContext?: RequestContext };

/**
 * Makes POSTs to the management API that carry an Idempotency-Key happen once (IETF
 * draft-ietf-httpapi-idempotency-key-header-07): the same key and payload get the stored answer, another payload 422, a
 * request still under way 409. The answer is stored in the use case's own transaction: whenever the server dies, either
 * both are there or neither.
 */
@Injectable()
export class IdempotentPosts implements NestInterceptor {
  constructor(
    private readonly records: IdempotencyRepository,
    private readonly transactions: PrismaTransactions,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (isGraphql(execution)) return next.handle();
    const http = execution.switchToHttp();
    const request = http.getRequest<ApiRequest>();
    const header = request.headers['idempotency-key'];
    const actorId = request.sluiceContext?.actor.id;
    if (request.method !== 'POST' || header === undefined || actorId === undefined) return next.handle();
    if (!request.url.startsWith(API)) return next.handle();
    return from(
      this.once(request, http.getResponse<FastifyReply>(), { actorId, key: parseIdempotencyKey(header) }, next),
    );
  }

  private async once(
    request: ApiRequest,
    reply: FastifyReply,
    { actorId, key }: { actorId: string; key: string },
    next: CallHandler<unknown>,
  ): Promise<unknown> {
    const claim = await this.records.claim(actorId, key, fingerprintOf(request));
    switch (claim.kind) {
      case 'inFlight':
        throw conflict(
          'IDEMPOTENT_REQUEST_IN_FLIGHT',
          'The first request with this Idempotency-Key is still under way.',
          {
            data: { retryAfterSeconds: 1 },
          },
        );
      case 'otherPayload':
        throw invalid('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request; use a new one.');
      case 'answered':
        void reply.status(claim.status).header('idempotency-replayed', 'true');
        return claim.body;
      case 'claimed':
        return this.perform(reply, claim.claimed, next);
    }
  }

  private async perform(reply: FastifyReply, claimed: ClaimedKey, next: CallHandler<unknown>): Promise<unknown> {
    try {
      return await this.transactions.runRecorded(
        () => lastValueFrom(next.handle()),
        (tx, body) => this.records.keepAnswer(tx, claimed, reply.statusCode, withoutSecret(body)),
      );
    } catch (error) {
      await this.records.release(claimed);
      throw error;
    }
  }
}

function fingerprintOf({ method, url, body }: ApiRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${textOf(body)}`)
    .digest('base64url');
}

function textOf(body: unknown): string {
  try {
    return canonicalize(body) ?? '';
  } catch {
    // Half of a surrogate pair has no canonical form. No service stores such a body, so its text will do.
    return JSON.stringify(body);
  }
}

/** A secret is shown once, so a replayed answer must not hold it, and neither may the store. */
function withoutSecret(body: unknown): Json {
  const json = JSON.parse(JSON.stringify(body ?? {})) as Json;
  return json !== null && typeof json === 'object' && 'secret' in json ? { ...json, secret: null } : json;
}
