import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type PlacedRunSettings, RunSettingsObject, RunSettingsService } from '../parallel-runs/index.js';
import { DateTime, enumOf, JsonValue } from '../transport/graphql-scalars.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { RELEASE_STATUSES, type ReleaseStatus } from './release-machine.js';
import type { ReleaseView } from './release-view.js';
import { parseRampStart, parseRampStop } from './parse-run-ramp.js';
import { RunRamps } from './run-ramps.service.js';

const StatusWord = enumOf<ReleaseStatus>(RELEASE_STATUSES, {
  name: 'ReleaseStatus',
  description: 'How a release stands',
});

@ObjectType('ReleaseReason', { description: 'Why a release is where it is' })
class ReleaseReasonObject {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  sentence!: string;
}

@ObjectType('Release', { description: 'A set of changes that go live together under a policy, and go back together' })
class ReleaseObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => StatusWord)
  status!: ReleaseStatus;

  @Field(() => ReleaseReasonObject)
  reason!: ReleaseReasonObject;

  @Field(() => String, { description: 'Key of the policy' })
  policyKey!: string;

  @Field(() => Int, { description: '0 for a preset' })
  policyVersion!: number;

  @Field(() => Int, { description: '0 before the first' })
  attempt!: number;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => Int)
  version!: number;
}

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

/** Null where it was refused, with the error that says why. */
@Resolver()
@RequirePermission('release.write')
export class RunRampsResolver {
  constructor(
    private readonly ramps: RunRamps,
    private readonly settings: RunSettingsService,
  ) {}

  @Mutation(() => ReleaseObject, {
    nullable: true,
    complexity: 20,
    description:
      'Samples a run as a policy says; answers the release that does it, also where it was under way already',
  })
  async startParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { policy, arguments: given, ...at }: StartParallelRunInput,
  ): Promise<ReleaseView> {
    const asked = parseRampStart({ policy: policy ?? undefined, arguments: given ?? undefined });
    const { release } = await this.ramps.start(ctx, at, asked);
    return release;
  }

  @Mutation(() => RunSettingsObject, {
    nullable: true,
    complexity: 20,
    description: 'Samples nothing any more; a release that samples the run is aborted',
  })
  async stopParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { reason, ...at }: StopParallelRunInput,
  ): Promise<PlacedRunSettings> {
    await this.ramps.stop(ctx, at, parseRampStop({ reason }));
    return this.settings.get(ctx, at);
  }
}
