import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { IdempotentPosts } from './idempotent-posts.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { VersionTags } from './version-tags.js';

/** What every management request passes through. */
@Module({
  providers: [
    IdempotencyRepository,
    { provide: APP_INTERCEPTOR, useClass: VersionTags },
    { provide: APP_INTERCEPTOR, useClass: IdempotentPosts },
  ],
})
export class HttpModule {}
