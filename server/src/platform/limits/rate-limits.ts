import type { RateLimiterAbstract } from 'rate-limiter-flexible';

/** How often something may happen for one key. */
export interface RateLimit {
  /** Which limit it is; two of one name count together. */
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/** Counts what happens for each key. `consume` rejects with a RateLimiterRes when it happens too often, and as nothing else. */
export type RateLimiter = Pick<RateLimiterAbstract, 'consume' | 'get' | 'reward' | 'delete'>;

/** Where limits are counted: of all replicas together, as far as they can be. */
export abstract class RateLimits {
  abstract limiter(limit: RateLimit): RateLimiter;
  abstract close(): void;
}
