import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { isGraphql } from '../../transport/request-of.js';

/** Sends the version of what is answered as its ETag, ready for If-Match. */
@Injectable()
export class VersionTags implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (isGraphql(execution)) return next.handle();
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((body) => {
        const version = typeof body === 'object' && body !== null ? (body as { version?: unknown }).version : undefined;
        if (typeof version === 'number') void reply.header('etag', `"${version}"`);
      }),
    );
  }
}
