import { Injectable } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { Clock } from '../kernel/clock.js';
import { limited, unauthenticated } from '../kernel/errors.js';
import type { Permission } from '../kernel/permission.js';
import { AuthConfig } from '../platform/config/auth.js';
import { type RateLimiter, RateLimits } from '../platform/limits/rate-limits.js';
import { type AccessToken, isTokenShaped, permissionsOf } from './access-token.js';
import { standingOf } from './caller.js';
import { RecentRefusals } from './recent-refusals.js';
import { hashToken } from './token-issuer.service.js';
import { TokenDirectory } from './token-directory.service.js';

/** Tokens looked up at once for addresses that failed too often: guesses must not keep the store busy. */
const LOOK_UPS_WHILE_LIMITED = 4;

/** What a request shows of who sends it. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** The `X-API-Key` header, which OFREP clients may send instead. */
  readonly apiKey?: string | undefined;
  /** The client's network address. */
  readonly address: string;
}

/** What a request shows that proves a token without being it. */
export interface Proof {
  readonly tokenId: string;
  readonly isGenuine: (token: AccessToken) => boolean;
  /** The client's network address. */
  readonly address: string;
}

/** Tells who a request comes from, and whether they may do what it asks. */
@Injectable()
export class Authenticator {
  private readonly failures: RateLimiter;
  /** Hashes and ids that addresses showed which failed too often. */
  private readonly refusals = new RecentRefusals();
  private lookUpsWhileLimited = 0;
  /** By connection, and gone with it. */
  private readonly lastShown = new WeakMap<object, Omit<Credentials, 'address'> & { readonly hash: string }>();

  constructor(
    private readonly directory: TokenDirectory,
    private readonly clock: Clock,
    config: AuthConfig,
    limits: RateLimits,
  ) {
    this.failures = limits.limiter({ name: 'failed-tokens', points: config.failedAttemptsPerMinute, seconds: 60 });
  }

  /**
   * The token of a request that holds a permission. Throws `unauthenticated`, `forbidden`, or `limited` after too
   * many failures from one address. While limited, tokens in use are let in from there, and others are looked up a few at
   * a time, those refused just now not again: guesses cost the store little, and nobody locks others out.
   */
  async authorize(credentials: Credentials, permission: Permission): Promise<AccessToken> {
    return requirePermission(await this.authenticate(credentials), permission);
  }

  /**
   * The token of a request if it is in memory and holds a permission; undefined: `authorize` has the answer, or the
   * refusal. It saves those who are asked all the time from waiting. `connection`: the socket the credentials came by.
   */
  recall(shown: Omit<Credentials, 'address'>, permission: Permission, connection: object): AccessToken | undefined {
    const hash = this.hashShown(shown, connection);
    const token = hash === undefined ? undefined : this.directory.recall(hash);
    return token !== undefined && permissionsOf(token.kind).has(permission) ? token : undefined;
  }

  /** As authorize, for a request that proves a token without showing it. */
  async authorizeProof({ tokenId, isGenuine, address }: Proof, permission: Permission): Promise<AccessToken> {
    const token =
      this.directory.recallById(tokenId) ??
      (await this.lookUp(address, tokenId, () => this.directory.findById(tokenId)));
    if (token !== undefined && isGenuine(token)) return requirePermission(token, permission);
    await this.countFailure(address);
    throw unauthenticated('TOKEN_REFUSED', 'The token behind this is unknown, expired or revoked; ask for another.');
  }

  /** As authorize, whatever the token may do. */
  async authenticate(credentials: Credentials): Promise<AccessToken> {
    const presented = presentedToken(credentials);
    if (presented === undefined) {
      throw unauthenticated('TOKEN_MISSING', 'Send a Sluice token as "Authorization: Bearer slu_…".');
    }
    if (isTokenShaped(presented)) {
      const hash = hashToken(presented);
      const token =
        this.directory.recall(hash) ?? (await this.lookUp(credentials.address, hash, () => this.directory.find(hash)));
      if (token !== undefined) return token;
    }
    await this.countFailure(credentials.address);
    throw unauthenticated('TOKEN_REFUSED', 'This token is unknown, expired or revoked; ask an admin for another.');
  }

  /** A connection mostly shows the same token with each request: it is hashed once. */
  private hashShown(shown: Omit<Credentials, 'address'>, connection: object): string | undefined {
    const { authorization, apiKey } = shown;
    const last = this.lastShown.get(connection);
    if (last?.authorization === authorization && last?.apiKey === apiKey) return last?.hash;
    const presented = presentedToken(shown);
    if (presented === undefined || !isTokenShaped(presented)) return undefined;
    const hash = hashToken(presented);
    this.lastShown.set(connection, { authorization, apiKey, hash });
    return hash;
  }

  private async lookUp(
    address: string,
    shown: string,
    find: () => Promise<AccessToken | undefined>,
  ): Promise<AccessToken | undefined> {
    const failures = await this.failures.get(address);
    if (failures === null || failures.remainingPoints > 0) return find();
    const isTooMuch = this.lookUpsWhileLimited >= LOOK_UPS_WHILE_LIMITED;
    if (isTooMuch || this.refusals.has(shown, this.clock.now().getTime())) return undefined;
    this.lookUpsWhileLimited += 1;
    try {
      const token = await find();
      if (token === undefined) this.refusals.add(shown, this.clock.now().getTime());
      return token;
    } finally {
      this.lookUpsWhileLimited -= 1;
    }
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

function requirePermission(token: AccessToken, permission: Permission): AccessToken {
  standingOf({ kind: 'token', token }, permission);
  return token;
}

function presentedToken({ authorization, apiKey }: Omit<Credentials, 'address'>): string | undefined {
  const bearer = authorization === undefined ? undefined : /^bearer +(\S+)$/iu.exec(authorization.trim())?.[1];
  return bearer ?? apiKey;
}
