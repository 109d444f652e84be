import { Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { DateTime, enumOf } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { RouteVerified } from './route-standing.js';
import type { RouteView } from './route-view.js';
import type { Arm } from './traffic-router.js';
import { TrafficViews } from './traffic-views.service.js';

const ArmWord = enumOf<Arm>(['stable', 'candidate'], {
  name: 'TrafficRouteArm',
  description: 'One of the two sides that a router splits traffic between',
});

const FitWord = enumOf<RouteVerified['kind']>(['matches', 'differs', 'tooFew'], {
  name: 'TrafficRouteFit',
  description: 'Whether the requests that were counted fit the share that was asked',
});

@ObjectType('TrafficRouteArms', { description: 'The versions that the arms are taken to hold' })
class ArmsObject {
  @Field(() => String, { nullable: true })
  stable!: string | null;

  @Field(() => String, { nullable: true })
  candidate!: string | null;
}

@ObjectType('TrafficRouteVerified', { description: 'What a router counted while something is ramped' })
class VerifiedObject {
  @Field(() => FitWord)
  kind!: RouteVerified['kind'];

  @Field(() => Int, {
    nullable: true,
    description: 'Of the requests, what the candidate arm got: thousandths of a percent; null without requests',
  })
  actual!: number | null;

  @Field(() => Int)
  requests!: number;
}

@ObjectType('TrafficRoute', { description: 'A router that moves the traffic of a service in an environment' })
class RouteObject {
  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String, { description: 'Key of the service' })
  service!: string;

  @Field(() => ArmsObject, { nullable: true, description: 'Null until the router was followed' })
  arms!: ArmsObject | null;

  @Field(() => ArmWord, { description: 'The arm of the stable version' })
  home!: Arm;

  @Field(() => ArmWord, {
    nullable: true,
    description: 'The arm that serves nobody, where the next version is to be installed; null while both serve',
  })
  idle!: Arm | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Asked for the candidate arm, as the router confirmed it: thousandths of a percent',
  })
  share!: number | null;

  @Field(() => Boolean, { description: 'Whether the router has what is asked' })
  isInPlace!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it does not' })
  sentence!: string | null;

  @Field(() => VerifiedObject, { nullable: true, description: 'Null while nothing is ramped' })
  verified!: VerifiedObject | null;

  @Field(() => DateTime, { nullable: true, description: 'When this was found' })
  checkedAt!: string | null;
}

@Resolver(() => ProjectObject)
export class TrafficResolver {
  constructor(private readonly views: TrafficViews) {}

  @ResolveField(() => [RouteObject], {
    nullable: true,
    complexity: 10,
    description: 'Routers of the environments that the viewer may see',
  })
  @RequirePermission('deployment.read')
  trafficRoutes(@Context() ctx: RequestContext, @Parent() { key }: Project): Promise<readonly RouteView[]> {
    return this.views.list(ctx, key);
  }
}
