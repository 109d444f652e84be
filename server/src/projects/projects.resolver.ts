import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Project } from './project.js';
import { ProjectsService, type ProjectWithEnvironments } from './projects.service.js';

@ObjectType('Project', { description: 'The widest scope of names' })
export class ProjectObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;
}

const ProjectConnection = connectionOf(ProjectObject, 'Project');
const ProjectPayload = payloadOf(ProjectObject, 'Project');

@InputType()
class CreateProjectInput {
  @Field(() => JsonValue, { description: 'ProjectDraft of OpenAPI' })
  document!: Json;
}

@InputType()
class RenameProjectInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the project has another' })
  expectedVersion!: number;
}

@Resolver(() => ProjectObject)
export class ProjectsResolver {
  constructor(private readonly service: ProjectsService) {}

  @Query(() => ProjectConnection, { complexity: 5, description: 'Projects that the viewer may see, in order of key' })
  @RequirePermission('project.read')
  async projects(@Context() ctx: RequestContext, @Args() asked: PageArgs): Promise<Connection<Project>> {
    return toConnection(await this.service.list(ctx, pageRequestOf(asked)), asked, ({ key }) => key);
  }

  @Query(() => ProjectObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  @RequirePermission('project.read')
  project(@Context() ctx: RequestContext, @Args('key') key: string): Promise<ProjectWithEnvironments> {
    return this.service.get(ctx, key);
  }

  @Mutation(() => ProjectPayload, {
    complexity: 20,
    description: 'Creates a project with its environments (development and production unless said)',
  })
  @RequirePermission('project.write')
  createProject(
    @Context() ctx: RequestContext,
    @Args('input') { document }: CreateProjectInput,
  ): Promise<Payload<ProjectWithEnvironments>> {
    return toPayload(() => this.service.create(ctx, document));
  }

  @Mutation(() => ProjectPayload, { complexity: 20, description: 'Renames a project; its key never changes' })
  @RequirePermission('project.write')
  renameProject(
    @Context() ctx: RequestContext,
    @Args('input') { project, name, expectedVersion }: RenameProjectInput,
  ): Promise<Payload<ProjectWithEnvironments>> {
    return toPayload(() => this.service.rename(ctx, project, expectedVersionOf(expectedVersion), { name }));
  }
}
