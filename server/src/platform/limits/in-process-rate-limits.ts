import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type RateLimit, type RateLimiter, RateLimits } from './rate-limits.js';

/** The counts of a server that runs alone. */
export class InProcessRateLimits extends RateLimits {
  override limiter({ name, points, seconds }: RateLimit): RateLimiter {
    return new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  }

  override close(): void {
    // It holds nothing open.
  }
}
