import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { requestOf } from './request-of.js';

/** A request that the auth guard has let through. */
export interface AuthenticatedRequest {
  sluiceContext?: RequestContext;
}

/** The context of the request, as the auth guard made it. */
export const Context = createParamDecorator((_data: unknown, execution: ExecutionContext): RequestContext => {
  const context = requestOf<AuthenticatedRequest>(execution).sluiceContext;
  if (context === undefined) throw new Error('This route is public and has no request context.');
  return context;
});
