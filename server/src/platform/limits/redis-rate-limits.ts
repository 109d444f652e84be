import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { RedisLink } from '../redis/redis-link.js';
import { type RateLimit, type RateLimiter, RateLimits } from './rate-limits.js';

const PREFIX = 'sluice-limit';

/**
 * The counts of several replicas, on Redis. While that is away each replica counts for itself: a limit then is as many
 * times as high as there are replicas, and nobody is locked out or let in unlimited.
 */
export class RedisRateLimits extends RateLimits {
  private readonly link: RedisLink;

  private constructor(url: string, onError: (error: unknown) => void) {
    super();
    this.link = new RedisLink(url, onError);
  }

  /** Counts at the Redis at a URL; one that is away is waited for afterwards, not here. */
  static async open(url: string, onError: (error: unknown) => void): Promise<RedisRateLimits> {
    const limits = new RedisRateLimits(url, onError);
    await limits.link.tried();
    return limits;
  }

  override limiter({ name, points, seconds }: RateLimit): RateLimiter {
    const limit = { keyPrefix: `${PREFIX}:${name}`, points, duration: seconds };
    return new RateLimiterRedis({
      ...limit,
      storeClient: this.link.redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limit),
    });
  }

  override close(): void {
    this.link.close();
  }
}
