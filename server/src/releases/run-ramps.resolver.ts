import { Args, Field, InputType, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type PlacedRunSettings, RunSettingsPayload, RunSettingsService } from '../parallel-runs/index.js';
import { JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { ReleaseView } from './release-view.js';
import { parseRampStart, parseRampStop } from './parse-run-ramp.js';
import { ReleasePayload } from './release-objects.resolver.js';
import { RunRamps } from './run-ramps.service.js';

@InputType({ isAbstract: true })
abstract class RampedRunInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String, { description: 'Key of the run' })
  run!: string;
}

@InputType()
class StartParallelRunInput extends RampedRunInput {
  @Field(() => String, { nullable: true, description: 'A policy whose steps say "sampling"; parallel-run unless said' })
  policy?: string | null;

  @Field(() => JsonValue, { nullable: true, description: 'An object of arguments for the policy’s parameters' })
  arguments?: Json;
}

@InputType()
class StopParallelRunInput extends RampedRunInput {
  @Field(() => String)
  reason!: string;
}

@Resolver()
@RequirePermission('release.write')
export class RunRampsResolver {
  constructor(
    private readonly ramps: RunRamps,
    private readonly settings: RunSettingsService,
  ) {}

  @Mutation(() => ReleasePayload, {
    complexity: 20,
    description:
      'Samples a run as a policy says; answers the release that does it, also where it was under way already',
  })
  startParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { policy, arguments: given, ...at }: StartParallelRunInput,
  ): Promise<Payload<ReleaseView>> {
    return toPayload(async () => {
      const asked = parseRampStart({ policy: policy ?? undefined, arguments: given ?? undefined });
      const { release } = await this.ramps.start(ctx, at, asked);
      return release;
    });
  }

  @Mutation(() => RunSettingsPayload, {
    complexity: 20,
    description: 'Samples nothing any more; a release that samples the run is aborted',
  })
  stopParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { reason, ...at }: StopParallelRunInput,
  ): Promise<Payload<PlacedRunSettings>> {
    return toPayload(async () => {
      await this.ramps.stop(ctx, at, parseRampStop({ reason }));
      return this.settings.get(ctx, at);
    });
  }
}
