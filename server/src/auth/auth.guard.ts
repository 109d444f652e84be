import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { limited } from '../kernel/errors.js';
import type { Permission } from '../kernel/permission.js';
import { AuthConfig } from '../platform/config/auth.js';
import type { AuthenticatedRequest } from '../transport/request-context.decorator.js';
import { PUBLIC_ROUTE, REQUIRED_PERMISSION } from '../transport/require-permission.decorator.js';
import { isManagement } from './access-token.js';
import { Authenticator } from './authenticator.service.js';
import { credentialsOf, requestContextOf } from './request-credentials.provider.js';

/** Lets a request through to its route when its token holds the permission that the route names. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly requests: RateLimiterMemory;

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    config: AuthConfig,
  ) {
    this.requests = new RateLimiterMemory({ points: config.requestsPerMinute, duration: 60 });
  }

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const targets = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, targets) === true) return true;
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(REQUIRED_PERMISSION, targets);
    if (permission === undefined) throw new Error(`${execution.getHandler().name} declares no permission.`);

    const request = execution.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const token = await this.authenticator.authorize(credentialsOf(request), permission);
    if (isManagement(token.kind))
      await this.limitRequests(token.id, execution.switchToHttp().getResponse<FastifyReply>());
    request.sluiceContext = requestContextOf(request, token);
    return true;
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
