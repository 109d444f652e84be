import { z } from 'zod';

/** The change bus between replicas: Redis at `url`, or in process when there is none. */
export abstract class RedisConfig {
  abstract readonly url: string | undefined;
}

export const redisSection = z
  .object({ REDIS_URL: z.url({ protocol: /^rediss?$/u, error: 'must be a redis:// URL' }).optional() })
  .transform((env): RedisConfig => ({ url: env.REDIS_URL }));
