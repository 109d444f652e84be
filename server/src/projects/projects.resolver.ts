import { Args, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { ProjectsService, type ProjectWithEnvironments } from './projects.service.js';

@ObjectType('Environment', { description: 'A place where services run' })
class EnvironmentObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Boolean)
  production!: boolean;

  @Field(() => Int, { description: 'Grows with every change that an evaluator here can see' })
  revision!: number;

  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;
}

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

  @Field(() => [EnvironmentObject])
  environments!: EnvironmentObject[];
}

@Resolver(() => ProjectObject)
export class ProjectsResolver {
  constructor(private readonly projects: ProjectsService) {}

  @Query(() => ProjectObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  @RequirePermission('project.read')
  project(@Context() ctx: RequestContext, @Args('key') key: string): Promise<ProjectWithEnvironments> {
    return this.projects.get(ctx, key);
  }
}
