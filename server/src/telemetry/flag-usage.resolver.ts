import { Args, Field, Float, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import { FlagObject } from '../flags/index.js';
import type { RequestContext } from '../kernel/request-context.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { EnvironmentUsage, HourlyUsage } from './flag-usage.js';
import { type FlagKeys, FlagUsageService } from './flag-usage.service.js';

@ObjectType('FlagVariationUsage', { description: 'How often a flag came to one variation' })
class VariationUsageObject {
  @Field(() => String, { nullable: true, description: 'Null where callers used their own default' })
  variation!: string | null;

  @Field(() => Float, { description: 'Evaluations so far, as services reported them' })
  count!: number;

  @Field(() => DateTime)
  lastAt!: Date;
}

@ObjectType('FlagUsage', { description: 'How often a flag was evaluated in an environment' })
class UsageObject {
  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => DateTime, { nullable: true, description: 'Null: never, as far as reports tell' })
  lastEvaluatedAt!: Date | null;

  @Field(() => [VariationUsageObject])
  variations!: VariationUsageObject[];
}

@ObjectType('FlagUsageHour', { description: 'How often a flag came to one variation within an hour' })
class UsageHourObject {
  @Field(() => DateTime, { description: 'When it began' })
  hour!: Date;

  @Field(() => String, { nullable: true, description: 'Null where callers used their own default' })
  variation!: string | null;

  @Field(() => Float, { description: 'Evaluations, as services reported them' })
  count!: number;
}

/** How flags are used, for those of a list in one question. */
@Resolver(() => FlagObject)
@RequirePermission('telemetry.read')
export class FlagUsageResolver {
  private readonly loaders = new PerRequest(
    (ctx) =>
      new DataLoader<FlagKeys, readonly EnvironmentUsage[], string>((flags) => this.usageOf.ofEach(ctx, flags), {
        cacheKeyFn: ({ project, key }) => `${project} ${key}`,
      }),
  );

  constructor(private readonly usageOf: FlagUsageService) {}

  @ResolveField(() => [UsageObject], { nullable: true, complexity: 5, description: 'In every environment, by key' })
  async usage(
    @Context() ctx: RequestContext,
    @Parent() flag: FlagKeys,
    @Args('environment', { type: () => String, nullable: true, description: 'Key of one environment; null: all' })
    environment?: string | null,
  ): Promise<readonly EnvironmentUsage[]> {
    const all = await this.loaders.of(ctx).load(flag);
    return (environment ?? undefined) === undefined ? all : all.filter((each) => each.environment === environment);
  }

  @ResolveField(() => [UsageHourObject], {
    nullable: true,
    complexity: 20,
    description: 'In an environment hour by hour, in order; hours without any are absent',
  })
  usageHours(
    @Context() ctx: RequestContext,
    @Parent() flag: FlagKeys,
    @Args('environment', { description: 'Key of the environment' }) environment: string,
    @Args('days', { type: () => Int, defaultValue: 7, description: 'How far back: 1 to 35' }) days: number,
  ): Promise<readonly HourlyUsage[]> {
    return this.usageOf.hours(ctx, flag, environment, days);
  }
}
