import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RedisConfig } from '../config/redis.js';
import { Bus } from './bus.js';
import { InProcessBus } from './in-process-bus.js';
import { RedisBus } from './redis-bus.js';

async function openBus(config: RedisConfig): Promise<Bus> {
  const logger = new Logger('Bus');
  const onError = (error: unknown): void => logger.warn(error);
  if (config.url === undefined) return new InProcessBus(onError);
  const bus = await RedisBus.open(config.url, onError);
  if (!bus.isConnected) {
    logger.warn('REDIS_URL names a Redis that does not answer; this server works without it until it does.');
  }
  bus.onGap(() => logger.log('Redis answers again; looking for what was missed.'));
  return bus;
}

@Global()
@Module({ providers: [{ provide: Bus, useFactory: openBus, inject: [RedisConfig] }], exports: [Bus] })
export class BusModule implements OnApplicationShutdown {
  constructor(@Inject(Bus) private readonly bus: Bus) {}

  onApplicationShutdown(): Promise<void> {
    return this.bus.close();
  }
}
