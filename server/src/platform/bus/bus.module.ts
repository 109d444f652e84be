import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RedisConfig } from '../config/redis.js';
import { Bus } from './bus.js';
import { InProcessBus } from './in-process-bus.js';
import { RedisBus } from './redis-bus.js';

function openBus(config: RedisConfig): Bus | Promise<Bus> {
  const logger = new Logger('Bus');
  const onError = (error: unknown): void => logger.warn(error);
  return config.url === undefined ? new InProcessBus(onError) : RedisBus.connect(config.url, onError);
}

@Global()
@Module({ providers: [{ provide: Bus, useFactory: openBus, inject: [RedisConfig] }], exports: [Bus] })
export class BusModule implements OnApplicationShutdown {
  constructor(@Inject(Bus) private readonly bus: Bus) {}

  onApplicationShutdown(): Promise<void> {
    return this.bus.close();
  }
}
