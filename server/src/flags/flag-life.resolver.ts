import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import { Clock } from '../kernel/clock.js';
import type { RequestContext } from '../kernel/request-context.js';
import { PerRequest } from '../transport/per-request.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { FlagLives } from './flag-lives.service.js';
import { type FlagNode, FlagObject, StageWord } from './flags.resolver.js';
import type { LifeStage } from './life-stage.js';

/** What follows of a flag by itself and of how it is used. All stages that are asked for at once are found together. */
@Resolver(() => FlagObject)
@RequirePermission('flag.read')
export class FlagLifeResolver {
  private readonly stages = new PerRequest(
    (ctx) =>
      new DataLoader<FlagNode, LifeStage, string>((flags) => this.lives.of(ctx, flags), { cacheKeyFn: ({ id }) => id }),
  );

  constructor(
    private readonly lives: FlagLives,
    private readonly clock: Clock,
  ) {}

  @ResolveField(() => Boolean, { description: 'Whether its due date is past: such flags are debt' })
  isOverdue(@Parent() { dueAt }: FlagNode): boolean {
    return dueAt !== null && dueAt < this.clock.now();
  }

  @ResolveField(() => StageWord, { complexity: 5 })
  stage(@Context() ctx: RequestContext, @Parent() flag: FlagNode): Promise<LifeStage> {
    return this.stages.of(ctx).load(flag);
  }
}
