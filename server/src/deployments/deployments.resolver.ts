import { Args, Field, ID, InputType, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isId } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { type Connection, connectionOf, PageArgs, pageRequestOf, toConnection } from '../transport/connection.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { DEPLOYMENT_STATES, type DeploymentState, type PlacedDeployment } from './deployment.js';
import { DeploymentsService } from './deployments.service.js';

const StateWord = enumOf<DeploymentState>(DEPLOYMENT_STATES, {
  name: 'DeploymentState',
  description: 'Whether a version was put into an environment or taken out of it',
});

@ObjectType('Deployment', { description: 'What CI reported at one moment' })
class DeploymentObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Key of the service' })
  service!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String)
  version!: string;

  @Field(() => String, { description: 'sha256: and 64 hexadecimal digits; the same for a version everywhere' })
  digest!: string;

  @Field(() => StateWord)
  state!: DeploymentState;

  @Field(() => String, { nullable: true, description: 'Where CI says more: a run, a commit' })
  url!: string | null;

  @Field(() => String, { description: 'Name of the token that reported it' })
  reportedBy!: string;

  @Field(() => DateTime)
  at!: Date;
}

const DeploymentConnection = connectionOf(DeploymentObject, 'Deployment');
const DeploymentPayload = payloadOf(DeploymentObject, 'Deployment');

@InputType()
class ReportDeploymentInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String, { description: 'Key of the service; one that is not known yet is created' })
  service!: string;

  @Field(() => String)
  version!: string;

  @Field(() => String, { description: 'sha256: and 64 hexadecimal digits' })
  digest!: string;

  @Field(() => StateWord, { defaultValue: 'installed' })
  state!: DeploymentState;

  @Field(() => String, { nullable: true, description: 'Where to read more: the run, the commit' })
  url?: string | null;
}

@Resolver(() => ProjectObject)
export class DeploymentsResolver {
  constructor(private readonly reports: DeploymentsService) {}

  @ResolveField(() => DeploymentConnection, {
    nullable: true,
    complexity: 10,
    description: 'What was reported as installed and removed, newest first',
  })
  @RequirePermission('deployment.read')
  async deployments(
    @Context() ctx: RequestContext,
    @Parent() { key }: Project,
    @Args() asked: PageArgs,
    @Args('environment', { type: () => String, nullable: true, description: 'Key of an environment' })
    environment?: string | null,
    @Args('service', { type: () => String, nullable: true, description: 'Key of a service' }) service?: string | null,
  ): Promise<Connection<PlacedDeployment>> {
    const filter = { environment: environment ?? undefined, service: service ?? undefined };
    return toConnection(await this.reports.list(ctx, key, pageRequestOf(asked, isId), filter), asked, ({ id }) => id);
  }

  @Mutation(() => DeploymentPayload, {
    complexity: 10,
    description: 'Reports that a version was installed in an environment, or removed from it; repeat it as you like',
  })
  @RequirePermission('deployment.write')
  reportDeployment(
    @Context() ctx: RequestContext,
    @Args('input') { project, url, ...report }: ReportDeploymentInput,
  ): Promise<Payload<PlacedDeployment>> {
    const body = { ...report, ...(url === null || url === undefined ? {} : { url }) };
    return toPayload(async () => (await this.reports.report(ctx, project, body)).deployment);
  }
}
