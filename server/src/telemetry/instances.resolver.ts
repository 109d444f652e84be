import { Args, Field, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type EnvironmentReach, InstancesService } from './instances.service.js';
import type { InstanceStanding } from './sdk-instance.js';

@ObjectType('SdkInstance', { description: 'An SDK client in a running process, as its reports show it' })
class InstanceObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'The SDK and its version, such as sluice-node/0.1.0' })
  sdk!: string;

  @Field(() => Int, { nullable: true, description: 'The revision it serves; null before its first snapshot' })
  revision!: number | null;

  @Field(() => DateTime, { nullable: true })
  revisionAppliedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Key of the service it says it is an instance of' })
  service!: string | null;

  @Field(() => String, { nullable: true })
  serviceVersion!: string | null;

  @Field(() => DateTime)
  firstSeenAt!: Date;

  @Field(() => DateTime)
  lastSeenAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it said that it ends; it is waited for no more' })
  leftAt!: Date | null;

  @Field(() => Boolean, { description: 'Whether it serves the revision of the environment' })
  isCurrent!: boolean;

  @Field(() => Boolean, { description: 'Whether it has stopped reporting without a word' })
  isSilent!: boolean;
}

const InstanceConnection = connectionOf(InstanceObject, 'SdkInstance');

@ObjectType('SdkLaggard', { description: 'An instance that reports and does not serve the revision yet' })
class LaggardObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { nullable: true, description: 'Null before its first snapshot' })
  revision!: number | null;
}

@ObjectType('SdkReach', { description: 'How far the revision of an environment has come' })
class ReachObject {
  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => Int, { description: 'Revision of the environment' })
  revision!: number;

  @Field(() => Int, { description: 'Instances that report' })
  instances!: number;

  @Field(() => Int, { description: 'Those of them that serve the revision' })
  current!: number;

  @Field(() => Int, { description: 'Instances that have stopped reporting within the last hour' })
  silent!: number;

  @Field(() => [LaggardObject], {
    description: 'Those that report and are not current, the farthest behind first; at most 20',
  })
  laggards!: readonly LaggardObject[];
}

@Resolver(() => ProjectObject)
@RequirePermission('telemetry.read')
export class InstancesResolver {
  constructor(private readonly instances: InstancesService) {}

  @ResolveField(() => InstanceConnection, {
    nullable: true,
    complexity: 10,
    description: 'Instances seen within an hour in an environment, in order of id',
  })
  async sdkInstances(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args('environment', { description: 'Key of the environment' }) environment: string,
    @Args() asked: PageArgs,
  ): Promise<Connection<InstanceStanding>> {
    const page = await this.instances.list(ctx, { project, environment }, pageRequestOf(asked));
    return toConnection(page, asked, ({ id }) => id);
  }

  @ResolveField(() => [ReachObject], {
    nullable: true,
    complexity: 20,
    description: 'Of every environment that the viewer may see, in order of key',
  })
  sdkReach(@Context() ctx: RequestContext, @Parent() { key }: Project): Promise<readonly EnvironmentReach[]> {
    return this.instances.reaches(ctx, key);
  }
}
