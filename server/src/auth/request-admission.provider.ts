import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { limited } from '../kernel/errors.js';
import type { Permission } from '../kernel/permission.js';
import { AuthConfig } from '../platform/config/auth.js';
import type { AuthenticatedRequest } from '../transport/request-context.decorator.js';
import { type AccessToken, isManagement } from './access-token.js';
import { Authenticator, requirePermission } from './authenticator.service.js';
import { credentialsOf, requestContextOf } from './request-credentials.provider.js';

type Request = FastifyRequest & AuthenticatedRequest;

/** Lets requests in: tells whose they are, counts them, and leaves their context on them. */
@Injectable()
export class RequestAdmission {
  private readonly requests: RateLimiterMemory;
  private readonly admitted = new WeakMap<Request, AccessToken>();

  constructor(
    private readonly authenticator: Authenticator,
    config: AuthConfig,
  ) {
    this.requests = new RateLimiterMemory({ points: config.requestsPerMinute, duration: 60 });
  }

  /** Lets a request for one thing in, whose token holds the permission that this needs. */
  async admitTo(permission: Permission, request: Request, reply: FastifyReply): Promise<void> {
    const token = await this.authenticator.authorize(credentialsOf(request), permission);
    if (isManagement(token.kind)) await this.limitRequests(token.id, reply);
    request.sluiceContext = requestContextOf(request, token);
  }

  /** Lets a request for many things in; `permit` is asked for each. A fleet has no use of it, so all are counted. */
  async admit(request: Request, reply: FastifyReply): Promise<void> {
    const token = await this.authenticator.authenticate(credentialsOf(request));
    await this.limitRequests(token.id, reply);
    request.sluiceContext = requestContextOf(request, token);
    this.admitted.set(request, token);
  }

  /** Throws `forbidden` when the token of a request that was let in lacks a permission. */
  permit(permission: Permission, request: Request): void {
    const token = this.admitted.get(request);
    if (token === undefined) throw new Error('This request was never let in.');
    requirePermission(token, permission);
  }

  private async limitRequests(tokenId: string, reply: FastifyReply): Promise<void> {
    try {
      const { remainingPoints, msBeforeNext } = await this.requests.consume(tokenId);
      const seconds = Math.ceil(msBeforeNext / 1_000);
      void reply.header('ratelimit', `"api";r=${remainingPoints};t=${seconds}`);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.ceil(refusal.msBeforeNext / 1_000);
      throw limited('TOO_MANY_REQUESTS', `This token has used up its requests; go on in ${retryAfterSeconds} s.`, {
        data: { retryAfterSeconds },
      });
    }
  }
}
