import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import { type AccessToken, formatToken } from './access-token.js';

/** A token just made, with the secret that is shown this once. */
export interface IssuedToken {
  readonly token: AccessToken;
  readonly secret: string;
}

type TokenDraft = Omit<AccessToken, 'id' | 'hash' | 'hint' | 'createdAt' | 'revokedAt'>;

/** Makes tokens: 256 random bits behind a prefix that names the kind. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  /** A new token, or one around a secret that someone else chose. */
  issue(draft: TokenDraft, secret = formatToken(draft.kind, randomBytes(32).toString('base64url'))): IssuedToken {
    const token: AccessToken = {
      ...draft,
      id: this.ids.next(),
      hash: hashToken(secret),
      hint: secret.slice(-4),
      createdAt: this.clock.now(),
      revokedAt: null,
    };
    return { token, secret };
  }
}

/** What is stored of a token, and looked up: SHA-256, which 256 random bits need no salt or stretching for. */
export function hashToken(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
