import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { HttpMetrics } from './http-metrics.provider.js';
import { IdempotentPosts } from './idempotent-posts.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { VersionTags } from './version-tags.js';

/** What every management request passes through. */
@Module({
  providers: [
    IdempotencyRepository,
    HttpMetrics,
    { provide: APP_INTERCEPTOR, useClass: VersionTags },
    { provide: APP_INTERCEPTOR, useClass: IdempotentPosts },
  ],
  exports: [HttpMetrics],
})
export class HttpModule {}
