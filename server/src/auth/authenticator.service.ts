import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { forbidden, limited, unauthenticated } from '../kernel/errors.js';
import type { Permission } from '../kernel/permission.js';
import { AuthConfig } from '../platform/config/auth.js';
import { type AccessToken, isTokenShaped, permissionsOf } from './access-token.js';
import { hashToken } from './token-issuer.service.js';
import { TokenDirectory } from './token-directory.service.js';

/** What a request shows of who sends it. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** The `X-API-Key` header, which OFREP clients may send instead. */
  readonly apiKey?: string | undefined;
  /** The client's network address. */
  readonly address: string;
}

/** Tells who a request comes from, and whether they may do what it asks. */
@Injectable()
export class Authenticator {
  private readonly failures: RateLimiterMemory;

  constructor(
    private readonly directory: TokenDirectory,
    config: AuthConfig,
  ) {
    this.failures = new RateLimiterMemory({ points: config.failedAttemptsPerMinute, duration: 60 });
  }

  /**
   * The token of a request that holds a permission. Throws `unauthenticated`, `forbidden`, or `limited` after too
   * many failures from one address; while limited, only tokens already in use are let in from there, so that nobody
   * can guess on and nobody can lock others out.
   */
  async authorize(credentials: Credentials, permission: Permission): Promise<AccessToken> {
    const token = await this.authenticate(credentials);
    if (!permissionsOf(token.kind).has(permission)) {
      throw forbidden(
        'PERMISSION_MISSING',
        `A ${token.kind} token lacks the permission ${permission} that this needs.`,
        {
          data: { permission },
        },
      );
    }
    return token;
  }

  private async authenticate(credentials: Credentials): Promise<AccessToken> {
    const presented = presentedToken(credentials);
    if (presented === undefined) {
      throw unauthenticated('TOKEN_MISSING', 'Send a Sluice token as "Authorization: Bearer slu_…".');
    }
    if (isTokenShaped(presented)) {
      const hash = hashToken(presented);
      const token = this.directory.recall(hash) ?? (await this.findUnlessLimited(credentials.address, hash));
      if (token !== undefined) return token;
    }
    await this.countFailure(credentials.address);
    throw unauthenticated('TOKEN_REFUSED', 'This token is unknown, expired or revoked; ask an admin for another.');
  }

  private async findUnlessLimited(address: string, hash: string): Promise<AccessToken | undefined> {
    const failures = await this.failures.get(address);
    return failures !== null && failures.remainingPoints <= 0 ? undefined : this.directory.find(hash);
  }

  private async countFailure(address: string): Promise<void> {
    try {
      await this.failures.consume(address);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.ceil(refusal.msBeforeNext / 1_000);
      throw limited('TOO_MANY_FAILURES', `Too many failed authentications from here; wait ${retryAfterSeconds} s.`, {
        data: { retryAfterSeconds },
      });
    }
  }
}

function presentedToken({ authorization, apiKey }: Credentials): string | undefined {
  const bearer = authorization === undefined ? undefined : /^bearer +(\S+)$/iu.exec(authorization.trim())?.[1];
  return bearer ?? apiKey;
}
