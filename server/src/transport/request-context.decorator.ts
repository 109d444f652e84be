import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Permission } from '../kernel/permission.js';
import type { RequestContext } from '../kernel/request-context.js';
import { isGraphql, requestOf } from './request-of.js';
import { demandOf } from './require-permission.decorator.js';

/** A request that the auth guard has let through. */
export interface AuthenticatedRequest {
  /** As which its caller acts. */
  sluiceContext?: RequestContext;
  /** As which its caller acts in a field that asks for a permission; throws `forbidden` where they have it nowhere. */
  sluiceContextFor?: (permission: Permission | undefined) => RequestContext;
}

/**
 * The context of the request, as the auth guard made it. Each field of GraphQL has that of its own permission; fields
 * that ask for the same one share theirs.
 */
export const Context = createParamDecorator((_data: unknown, execution: ExecutionContext): RequestContext => {
  const { sluiceContext, sluiceContextFor } = requestOf<AuthenticatedRequest>(execution);
  const demand = demandOf(execution);
  const context =
    isGraphql(execution) && demand !== undefined && demand !== 'nothing'
      ? sluiceContextFor?.(demand.permission)
      : sluiceContext;
  if (context === undefined) throw new Error('This route is public and has no request context.');
  return context;
});
