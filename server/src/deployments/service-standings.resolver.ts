import { Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import type { RequestContext } from '../kernel/request-context.js';
import { FULL_SHARE } from '../kernel/share.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type PlacedStanding, ServiceStandings } from './service-standings.service.js';
import { type ServiceNode, ServiceObject } from './services.resolver.js';

@ObjectType('ServiceArm', { description: 'A version that callers are to get' })
class ArmObject {
  @Field(() => String)
  version!: string;

  @Field(() => String, { description: 'sha256: and 64 hexadecimal digits' })
  digest!: string;

  @Field(() => Int, { description: 'Of the callers: thousandths of a percent' })
  share!: number;
}

@ObjectType('ServiceInstallation', { description: 'A version that CI reported, and did not report as removed since' })
class InstallationObject {
  @Field(() => String)
  version!: string;

  @Field(() => String)
  digest!: string;

  @Field(() => String, { nullable: true, description: 'Where CI says more' })
  url!: string | null;

  @Field(() => String, { description: 'Name of the token that reported it' })
  reportedBy!: string;

  @Field(() => DateTime)
  at!: Date;
}

@ObjectType('ServiceRunningVersion')
class RunningObject {
  @Field(() => String, { nullable: true, description: 'Null: the instances do not know their version' })
  version!: string | null;

  @Field(() => Int)
  instances!: number;
}

@ObjectType('ServiceStanding', { description: 'What of a service is desired, installed and running in an environment' })
class StandingObject {
  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => Boolean, { description: 'Whether the environment is one of production' })
  production!: boolean;

  @Field(() => ArmObject, { nullable: true, description: 'Null while no version was ever installed' })
  stable!: ArmObject | null;

  @Field(() => ArmObject, { nullable: true, description: 'Null while nothing is ramped' })
  candidate!: ArmObject | null;

  @Field(() => DateTime, { nullable: true, description: 'Since when callers are to get these shares' })
  changedAt!: Date | null;

  @Field(() => [InstallationObject], { description: 'The newest first, at most 50' })
  installed!: readonly InstallationObject[];

  @Field(() => Int, { description: 'How many more versions are installed than are listed' })
  unlisted!: number;

  @Field(() => [RunningObject], { description: 'What instances with an SDK report now' })
  running!: readonly RunningObject[];

  @Field(() => [String], { description: 'Where these disagree, in sentences for people' })
  drift!: readonly string[];
}

@Resolver(() => ServiceObject)
export class ServiceStandingsResolver {
  private readonly loaders = new PerRequest(
    () => new Map<string, DataLoader<ServiceNode, readonly PlacedStanding[]>>(),
  );

  constructor(private readonly standings: ServiceStandings) {}

  @ResolveField(() => [StandingObject], {
    nullable: true,
    complexity: 10,
    description: 'How it stands in every environment that the viewer may see, in order of key',
  })
  @RequirePermission('deployment.read')
  async environments(@Context() ctx: RequestContext, @Parent() service: ServiceNode): Promise<StandingObject[]> {
    return (await this.loaderOf(ctx, service.project).load(service)).map(toNode);
  }

  /** The services of a list are asked for together. */
  private loaderOf(ctx: RequestContext, project: string): DataLoader<ServiceNode, readonly PlacedStanding[]> {
    const loaders = this.loaders.of(ctx);
    // No answer is kept: a mutation of the same request may change how services stand.
    const loader =
      loaders.get(project) ??
      new DataLoader((services: readonly ServiceNode[]) => this.standings.listOf(ctx, project, services), {
        cache: false,
      });
    loaders.set(project, loader);
    return loader;
  }
}

function toNode({ desired, ...standing }: PlacedStanding): StandingObject {
  const candidate = desired?.candidate ?? null;
  return {
    ...standing,
    stable: desired && { ...desired.stable, share: FULL_SHARE - (candidate?.share ?? 0) },
    candidate,
  };
}
