import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Service } from './service.js';
import { ServicesService } from './services.service.js';

@ObjectType('Service', { description: 'A program of a project that is deployed in versions' })
export class ServiceObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String, { description: 'Key of its project' })
  project!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => DateTime)
  createdAt!: Date;
}

const ServiceConnection = connectionOf(ServiceObject, 'Service');
const ServicePayload = payloadOf(ServiceObject, 'Service');

/** A service as fields of it need it. */
export type ServiceNode = Service & { readonly project: string };

@InputType()
class CreateServiceInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String)
  key!: string;

  @Field(() => String, { nullable: true, description: 'The key unless said' })
  name?: string | null;
}

@Resolver(() => ProjectObject)
export class ServicesResolver {
  constructor(private readonly all: ServicesService) {}

  @ResolveField(() => ServiceConnection, { nullable: true, complexity: 5, description: 'In order of key' })
  @RequirePermission('deployment.read')
  async services(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args() asked: PageArgs,
  ): Promise<Connection<ServiceNode>> {
    const page = await this.all.list(ctx, key, pageRequestOf(asked));
    const items = page.items.map((service) => ({ ...service, project: key }));
    return toConnection({ ...page, items }, asked, (service) => service.key);
  }

  @ResolveField(() => ServiceObject, {
    nullable: true,
    complexity: 5,
    description: 'Null, with an error, where there is none',
  })
  @RequirePermission('deployment.read')
  async service(
    @Context() ctx: RequestContext,
    @Parent() project: Project,
    @Args('key') key: string,
  ): Promise<ServiceNode> {
    return { ...(await this.all.get(ctx, project.key, key)), project: project.key };
  }

  @Mutation(() => ServicePayload, {
    complexity: 10,
    description: 'Creates a service; reporting its first deployment does so too',
  })
  @RequirePermission('deployment.write')
  createService(
    @Context() ctx: RequestContext,
    @Args('input') { project, key, name }: CreateServiceInput,
  ): Promise<Payload<ServiceNode>> {
    const draft = { key, ...(name === null || name === undefined ? {} : { name }) };
    return toPayload(async () => ({ ...(await this.all.create(ctx, project, draft)), project }));
  }
}
