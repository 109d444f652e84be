import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';

/** Tells whether a use case was asked for by a field of GraphQL rather than by a route. */
export function isGraphql(execution: Pick<ArgumentsHost, 'getType'>): boolean {
  return execution.getType<'http' | 'graphql'>() === 'graphql';
}

/** The HTTP request that a use case was asked for with, by a route or by a field of GraphQL. */
export function requestOf<T>(execution: ExecutionContext): T {
  if (!isGraphql(execution)) return execution.switchToHttp().getRequest<T>();
  return GqlExecutionContext.create(execution).getContext<{ readonly req: T }>().req;
}
