import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RedisConfig } from '../config/redis.js';
import { InProcessRateLimits } from './in-process-rate-limits.js';
import { RateLimits } from './rate-limits.js';
import { RedisRateLimits } from './redis-rate-limits.js';

function openRateLimits(config: RedisConfig): RateLimits | Promise<RateLimits> {
  if (config.url === undefined) return new InProcessRateLimits();
  const logger = new Logger('RateLimits');
  return RedisRateLimits.open(config.url, (error) => logger.warn(error, 'Limits are counted by this server alone.'));
}

@Global()
@Module({
  providers: [{ provide: RateLimits, useFactory: openRateLimits, inject: [RedisConfig] }],
  exports: [RateLimits],
})
export class RateLimitsModule implements OnApplicationShutdown {
  constructor(@Inject(RateLimits) private readonly limits: RateLimits) {}

  onApplicationShutdown(): void {
    this.limits.close();
  }
}
