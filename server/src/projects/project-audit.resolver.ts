import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { AuditArgs, type AuditEntry, AuditEntryConnection, AuditService, toAuditConnection } from '../audit/index.js';
import { type RequestContext, requireProjectScope } from '../kernel/request-context.js';
import type { Connection } from '../transport/connection.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Project } from './project.js';
import { ProjectObject } from './projects.resolver.js';

/** The part of the audit log that is of one project. */
@Resolver(() => ProjectObject)
export class ProjectAuditResolver {
  constructor(private readonly service: AuditService) {}

  @ResolveField(() => AuditEntryConnection, {
    nullable: true,
    complexity: 10,
    description: 'What was done in this project, newest first',
  })
  @RequirePermission('audit.read')
  audit(
    @Context() ctx: RequestContext,
    @Parent() { id }: Project,
    @Args() asked: AuditArgs,
  ): Promise<Connection<AuditEntry>> {
    requireProjectScope(ctx, id);
    return toAuditConnection(this.service, id, asked);
  }
}
