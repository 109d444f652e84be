import { Injectable } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { limited, SluiceError } from '../kernel/errors.js';
import { AuthConfig } from '../platform/config/auth.js';
import { type RateLimiter, RateLimits } from '../platform/limits/rate-limits.js';

const ACCOUNT_SECONDS = 15 * 60;
/** Who only begins at a provider guesses nothing; an address may stand for a whole office. */
const STARTS_PER_FAILURE = 10;

/**
 * How often a password may be tried: from one network address, and for one account, whether it exists or not; and how often
 * a sign-in by an OpenID provider may begin, and be refused, from one address.
 */
@Injectable()
export class SignInLimits {
  private readonly addresses: RateLimiter;
  private readonly accounts: RateLimiter;
  private readonly starts: RateLimiter;

  constructor({ failedAttemptsPerMinute: failures, failedSignInsPerAccount }: AuthConfig, limits: RateLimits) {
    const seconds = 60;
    this.addresses = limits.limiter({ name: 'sign-in-addresses', points: failures, seconds });
    this.accounts = limits.limiter({
      name: 'sign-in-accounts',
      points: failedSignInsPerAccount,
      seconds: ACCOUNT_SECONDS,
    });
    this.starts = limits.limiter({ name: 'sign-in-starts', points: failures * STARTS_PER_FAILURE, seconds });
  }

  /** Counts the beginning of a sign-in by an OpenID provider. Throws `limited` after too many from there. */
  async begin(address: string): Promise<void> {
    await consume(this.starts, address, startsLimited);
  }

  /**
   * Does what may be refused to whom a provider sent back; that alone counts, and beforehand, as in attempt. Throws
   * `limited` after too many failures from there.
   */
  async finish<T>(address: string, use: () => Promise<T>): Promise<T> {
    await consume(this.addresses, address);
    try {
      const result = await use();
      await this.addresses.reward(address);
      return result;
    } catch (error) {
      if (!isRefusal(error)) await this.addresses.reward(address);
      throw error;
    }
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

async function consume(limiter: RateLimiter, key: string, refusalOf = failuresLimited): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw refusalOf(Math.ceil(refusal.msBeforeNext / 1_000));
  }
}

function failuresLimited(retryAfterSeconds: number): SluiceError {
  return limited('TOO_MANY_SIGN_INS', `Too many failed attempts to sign in; wait ${retryAfterSeconds} s.`, {
    data: { retryAfterSeconds },
  });
}

function startsLimited(retryAfterSeconds: number): SluiceError {
  const message = `Too many sign-ins began from here; wait ${retryAfterSeconds} s, or sign in by password.`;
  return limited('TOO_MANY_OIDC_STARTS', message, { data: { retryAfterSeconds } });
}

/** Whether somebody was refused; a provider that is down refuses nobody. */
function isRefusal(error: unknown): boolean {
  return error instanceof SluiceError && ['unauthenticated', 'forbidden'].includes(error.kind);
}
