import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { unauthenticated } from '../kernel/errors.js';
import { parseInput } from '../kernel/parse.js';
import { Transactions } from '../kernel/transactions.js';
import { OidcProvider } from './oidc-provider.adapter.js';
import { oidcBeginSchema, type SignInAttempt, targetOf } from './oidc-sign-in.js';
import type { NewSession, RequestOrigin } from './sessions.service.js';
import { SignInAttemptsRepository } from './sign-in-attempts.repository.js';
import { SignInLimits } from './sign-in-limits.service.js';
import { hashToken } from './token-issuer.service.js';
import { VouchedPeople } from './vouched-people.service.js';

/** Long enough to look for a second factor. */
export const ATTEMPT_SECONDS = 600;

interface BegunSignIn {
  readonly url: string;
  readonly state: string;
  readonly secret: string;
}

/** Signs people in by an OpenID provider. Nobody comes to be by it: who comes was invited. */
@Injectable()
export class OidcSignIn {
  constructor(
    private readonly transactions: Transactions,
    private readonly provider: OidcProvider,
    private readonly attempts: SignInAttemptsRepository,
    private readonly people: VouchedPeople,
    private readonly limits: SignInLimits,
    private readonly clock: Clock,
  ) {}

  /** Where to send a browser, and the state and secret that it comes back with. Throws `unavailable`, or `limited`. */
  async begin(address: string, body: unknown): Promise<BegunSignIn> {
    const { to } = parseInput(oidcBeginSchema, body, 'sign-in');
    await this.limits.begin(address);
    const { url, ...proof } = await this.provider.begin();
    const secret = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const endsAt = new Date(now.getTime() + ATTEMPT_SECONDS * 1_000);
    await this.transactions.run(async (tx) => {
      await this.attempts.deleteEnded(tx, now);
      await this.attempts.insert(tx, { ...proof, hash: hashToken(secret), target: targetOf(to), endsAt });
    });
    return { url, state: proof.state, secret };
  }

  /** The attempt of a browser that came back, once; undefined: there is none, or it took too long. */
  async take(state: string, secret: string): Promise<SignInAttempt | undefined> {
    const attempt = await this.transactions.run((tx) => this.attempts.take(tx, { hash: hashToken(secret), state }));
    return attempt !== null && this.clock.now() < attempt.endsAt ? attempt : undefined;
  }

  /** Signs in whom the provider vouches for, by the query of the address that it sent the browser to. */
  async finish(
    origin: RequestOrigin,
    { address, query }: { readonly address: string; readonly query: string },
    attempt: SignInAttempt | undefined,
  ): Promise<NewSession> {
    if (attempt === undefined) {
      throw unauthenticated(
        'OIDC_EXPIRED',
        'This sign-in took too long, was used already, or began in another browser; begin it anew.',
      );
    }
    return this.limits.finish(address, async () =>
      this.people.welcome(origin, await this.provider.finish(query, attempt)),
    );
  }
}
