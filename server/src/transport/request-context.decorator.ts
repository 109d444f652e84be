import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';

/** A request that the auth guard has let through. */
export interface AuthenticatedRequest {
  sluiceContext?: RequestContext;
}

/** The context of the request, as the auth guard made it. */
export const Context = createParamDecorator((_data: unknown, execution: ExecutionContext): RequestContext => {
  const context = execution.switchToHttp().getRequest<AuthenticatedRequest>().sluiceContext;
  if (context === undefined) throw new Error('This route is public and has no request context.');
  return context;
});
