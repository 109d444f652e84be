import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { limited } from '../kernel/errors.js';
import { AuthConfig } from '../platform/config/auth.js';

const ACCOUNT_SECONDS = 15 * 60;

/** How often a password may be tried: from one network address, and for one account, whether it exists or not. */
@Injectable()
export class SignInLimits {
  private readonly addresses: RateLimiterMemory;
  private readonly accounts: RateLimiterMemory;

  constructor(config: AuthConfig) {
    this.addresses = new RateLimiterMemory({ points: config.failedAttemptsPerMinute, duration: 60 });
    this.accounts = new RateLimiterMemory({ points: config.failedSignInsPerAccount, duration: ACCOUNT_SECONDS });
  }

  /** Counts a step of a sign-in by an OpenID provider. Throws `limited` after too many from there. */
  async count(address: string): Promise<void> {
    await consume(this.addresses, address);
  }

  /** Takes back what was counted of one that succeeded. */
  async forgive(address: string, steps: number): Promise<void> {
    await this.addresses.reward(address, steps);
  }

  /**
   * Does what may succeed or answer undefined; only the latter counts. It counts beforehand, so that many at once are
   * no more than one after another. Throws `limited` after too many failures.
   */
  async attempt<T>(
    { address, account }: { readonly address: string; readonly account: string },
    use: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    await consume(this.addresses, address);
    await consume(this.accounts, account);
    const result = await use();
    if (result === undefined) return undefined;
    await this.addresses.reward(address);
    await this.accounts.delete(account);
    return result;
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const retryAfterSeconds = Math.ceil(refusal.msBeforeNext / 1_000);
    throw limited('TOO_MANY_SIGN_INS', `Too many failed attempts to sign in; wait ${retryAfterSeconds} s.`, {
      data: { retryAfterSeconds },
    });
  }
}
