import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { limited, unauthenticated } from '../kernel/errors.js';
import type { Permission } from '../kernel/permission.js';
import type { RequestContext } from '../kernel/request-context.js';
import { AuthConfig } from '../platform/config/auth.js';
import { HttpConfig } from '../platform/config/http.js';
import { type RateLimiter, RateLimits } from '../platform/limits/rate-limits.js';
import type { AuthenticatedRequest } from '../transport/request-context.decorator.js';
import { isManagement } from './access-token.js';
import { Authenticator } from './authenticator.service.js';
import { type Caller, standingOf } from './caller.js';
import { refuseCrossSite } from './cross-site.js';
import { credentialsOf, originOf, sentBy, sessionSecretOf } from './request-credentials.provider.js';
import { Sessions } from './sessions.service.js';

/** What of a request tells whose it is; one that opens a socket has as much. */
type Request = Pick<FastifyRequest, 'id' | 'method' | 'url' | 'headers' | 'ip'> & AuthenticatedRequest;

/** Lets requests in: tells whose they are, counts them, and leaves their context on them. */
@Injectable()
export class RequestAdmission {
  private readonly requests: RateLimiter;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
    private readonly http: HttpConfig,
    config: AuthConfig,
    limits: RateLimits,
  ) {
    this.requests = limits.limiter({ name: 'requests', points: config.requestsPerMinute, seconds: 60 });
  }

  /** Lets a request for one thing in, whose caller holds the permission that this needs; undefined: needs none. */
  async admitTo(permission: Permission | undefined, request: Request, reply: FastifyReply): Promise<void> {
    const caller = await this.callerOf(request);
    const standing = standingOf(caller, permission);
    if (caller.kind === 'person' || isManagement(caller.token.kind)) await this.limitRequests(caller, reply);
    request.sluiceContext = { ...standing, ...originOf(request) };
  }

  /**
   * Lets a request for many things in, also one that opens a socket; `permit` is asked for each. A fleet has no use of
   * it, so all are counted.
   */
  async admit(request: Request, reply?: FastifyReply): Promise<void> {
    const caller = await this.callerOf(request);
    await this.limitRequests(caller, reply);
    const contexts = new Map<Permission | undefined, RequestContext>();
    const contextFor = (permission: Permission | undefined): RequestContext => {
      const context = contexts.get(permission) ?? { ...standingOf(caller, permission), ...originOf(request) };
      contexts.set(permission, context);
      return context;
    };
    request.sluiceContextFor = contextFor;
    request.sluiceContext = contextFor(undefined);
  }

  /** Throws `forbidden` when the caller of a request that was let in lacks a permission. */
  permit(permission: Permission | undefined, request: Request): void {
    if (request.sluiceContextFor === undefined) throw new Error('This request was never let in.');
    request.sluiceContextFor(permission);
  }

  private async callerOf(request: Request): Promise<Caller> {
    const secret = sessionSecretOf(request, this.http.publicUrl);
    if (secret === undefined) {
      return { kind: 'token', token: await this.authenticator.authenticate(credentialsOf(request)) };
    }
    refuseCrossSite(sentBy(request, this.http.publicUrl));
    const signedIn = await this.sessions.find(secret);
    if (signedIn === undefined) throw unauthenticated('SESSION_ENDED', 'Your session has ended; sign in again.');
    return signedIn;
  }

  private async limitRequests(caller: Caller, reply: FastifyReply | undefined): Promise<void> {
    const [id, who] =
      caller.kind === 'token'
        ? [caller.token.id, 'This token has used up its']
        : [caller.person.id, 'You have used up your'];
    try {
      const { remainingPoints, msBeforeNext } = await this.requests.consume(id);
      const seconds = Math.ceil(msBeforeNext / 1_000);
      void reply?.header('ratelimit', `"api";r=${remainingPoints};t=${seconds}`);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.ceil(refusal.msBeforeNext / 1_000);
      throw limited('TOO_MANY_REQUESTS', `${who} requests; go on in ${retryAfterSeconds} s.`, {
        data: { retryAfterSeconds },
      });
    }
  }
}
