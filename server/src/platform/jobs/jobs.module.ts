import {
  type BeforeApplicationShutdown,
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { RedisConfig } from '../config/redis.js';
import { InProcessJobs } from './in-process-jobs.js';
import { Jobs } from './jobs.js';
import { patienceLeftMs } from '../shutdown/shutdown-deadline.js';
import { TracedJobs } from '../tracing/traced-jobs.js';

async function openJobs(config: RedisConfig): Promise<Jobs> {
  return new TracedJobs(await openBareJobs(config));
}

async function openBareJobs(config: RedisConfig): Promise<Jobs> {
  const logger = new Logger('Jobs');
  const onError = (error: unknown, what: string): void => logger.warn(error, `${what} failed.`);
  if (config.url === undefined) return new InProcessJobs(onError);
  // A server that runs alone starts without BullMQ, and sooner.
  const { BullMqJobs } = await import('./bullmq-jobs.js');
  return BullMqJobs.open(config.url, onError);
}

@Global()
@Module({ providers: [{ provide: Jobs, useFactory: openJobs, inject: [RedisConfig] }], exports: [Jobs] })
export class JobsModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(@Inject(Jobs) private readonly jobs: Jobs) {}

  onApplicationBootstrap(): void {
    this.jobs.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.jobs.stop(patienceLeftMs());
  }

  onApplicationShutdown(): Promise<void> {
    return this.jobs.close();
  }
}
