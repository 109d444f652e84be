import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { EnvironmentsService } from './environments.service.js';
import type { Environment, Project } from './project.js';
import { ProjectObject } from './projects.resolver.js';

@ObjectType('Environment', { description: 'A place where services run' })
class EnvironmentObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Boolean, { description: 'Whether it tightens what is refused' })
  production!: boolean;

  @Field(() => Int, { description: 'Grows with every change that an evaluator here can see' })
  revision!: number;

  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;
}

const EnvironmentPayload = payloadOf(EnvironmentObject, 'Environment');

@InputType()
class CreateEnvironmentInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => JsonValue, { description: 'EnvironmentDraft of OpenAPI' })
  document!: Json;
}

@InputType()
class EditEnvironmentInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the environment has another' })
  expectedVersion!: number;

  @Field(() => JsonValue, { description: 'The fields that change: EnvironmentEdit of OpenAPI' })
  document!: Json;
}

@Resolver(() => ProjectObject)
export class EnvironmentsResolver {
  private readonly loaders = new PerRequest(
    (ctx) => new DataLoader((projectIds: readonly string[]) => this.service.listOfEach(ctx, projectIds)),
  );

  constructor(private readonly service: EnvironmentsService) {}

  @ResolveField(() => [EnvironmentObject], { complexity: 5, description: 'In order of key' })
  @RequirePermission('project.read')
  environments(@Context() ctx: RequestContext, @Parent() { id }: Project): Promise<readonly Environment[]> {
    return this.loaders.of(ctx).load(id);
  }

  @ResolveField(() => EnvironmentObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  @RequirePermission('project.read')
  environment(
    @Context() ctx: RequestContext,
    @Parent() project: Project,
    @Args('key') key: string,
  ): Promise<Environment> {
    return this.service.get(ctx, project.key, key);
  }

  @Mutation(() => EnvironmentPayload, {
    complexity: 20,
    description: 'Creates an environment; every flag starts switched off in it',
  })
  @RequirePermission('environment.write')
  createEnvironment(
    @Context() ctx: RequestContext,
    @Args('input') { project, document }: CreateEnvironmentInput,
  ): Promise<Payload<Environment>> {
    return toPayload(() => this.service.create(ctx, project, document));
  }

  @Mutation(() => EnvironmentPayload, {
    complexity: 20,
    description: 'Renames an environment or marks it as production',
  })
  @RequirePermission('environment.write')
  editEnvironment(
    @Context() ctx: RequestContext,
    @Args('input') { document, expectedVersion, ...at }: EditEnvironmentInput,
  ): Promise<Payload<Environment>> {
    return toPayload(() => this.service.edit(ctx, at, expectedVersionOf(expectedVersion), document));
  }
}
