import { Args, Field, Float, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { expectedVersionOf } from '../transport/expected-version-of.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { RunRules } from './run-rules.service.js';
import { RunSettingsPayload } from './run-settings.resolver.js';
import { type PlacedRunSettings, RunSettingsService } from './run-settings.service.js';

@InputType({ isAbstract: true })
abstract class RunPlaceInput {
  @Field(() => String, { description: 'Key of the project' })
  project!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String, { description: 'Key of the run' })
  run!: string;
}

@InputType({ isAbstract: true })
abstract class PlacedRunInput extends RunPlaceInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Refused (VERSION_STALE) where the settings have another; null: any',
  })
  expectedVersion?: number | null;
}

@InputType()
class EditParallelRunSettingsInput extends RunPlaceInput {
  @Field(() => Int, { description: 'Refused (VERSION_STALE) where the settings have another' })
  expectedVersion!: number;

  @Field(() => JsonValue, {
    description: 'What changes of demand and runner, serve among them: ParallelRunSettingsEdit of OpenAPI',
  })
  document!: Json;
}

@InputType()
class SetParallelRunShareInput extends PlacedRunInput {
  @Field(() => Int, { description: 'Of the calls: thousandths of a percent, 0 to 100000; 0 stops the run' })
  share!: number;
}

@InputType()
class ResetParallelRunInput extends PlacedRunInput {
  @Field(() => String, { description: 'Why what was compared so far is to count no more' })
  reason!: string;
}

@InputType({ description: 'What a rule does, and whose it is; which bounds it takes depends on its kind' })
class ParallelRunRuleInput {
  @Field(() => String, { description: 'ignore, tolerance, date, caseInsensitive, unordered or keyedBy' })
  kind!: string;

  @Field(() => String, { description: 'Pattern of paths, such as $.items[*].price' })
  path!: string;

  @Field(() => Float, { nullable: true, description: 'Of a tolerance' })
  absolute?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of a tolerance' })
  relative?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of a tolerance' })
  ulps?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of a date' })
  withinMs?: number | null;

  @Field(() => String, { nullable: true, description: 'Of keyedBy' })
  field?: string | null;

  @Field(() => String)
  owner!: string;

  @Field(() => String, { description: 'Why the difference does not matter' })
  reason!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null: it stays until it is removed' })
  expiresAt?: Date | null;
}

@InputType()
class AddParallelRunRuleInput extends PlacedRunInput {
  @Field(() => ParallelRunRuleInput)
  rule!: ParallelRunRuleInput;
}

@InputType()
class RemoveParallelRunRuleInput extends PlacedRunInput {
  @Field(() => String, { description: 'id of the rule' })
  rule!: string;
}

const COST = { complexity: 20 };

/** Each answers the settings as they are afterwards, or why they are not. */
@Resolver()
export class RunCommandsResolver {
  constructor(
    private readonly settings: RunSettingsService,
    private readonly rules: RunRules,
  ) {}

  @Mutation(() => RunSettingsPayload, {
    ...COST,
    description: 'Edits what a run demands in an environment, the bounds of its runner, and who serves',
  })
  @RequirePermission('parallelRun.write')
  editParallelRunSettings(
    @Context() ctx: RequestContext,
    @Args('input') { document, expectedVersion, ...at }: EditParallelRunSettingsInput,
  ): Promise<Payload<PlacedRunSettings>> {
    return toPayload(() => this.settings.edit(ctx, at, expectedVersionOf(expectedVersion), document));
  }

  @Mutation(() => RunSettingsPayload, { ...COST, description: 'Samples another share of the calls' })
  @RequirePermission('parallelRun.operate')
  setParallelRunShare(
    @Context() ctx: RequestContext,
    @Args('input') { share, expectedVersion, ...at }: SetParallelRunShareInput,
  ): Promise<Payload<PlacedRunSettings>> {
    return toPayload(() => this.settings.share(ctx, at, expectedVersionOf(expectedVersion), { share }));
  }

  @Mutation(() => RunSettingsPayload, { ...COST, description: 'Begins a new epoch: evidence so far counts no more' })
  @RequirePermission('parallelRun.operate')
  resetParallelRun(
    @Context() ctx: RequestContext,
    @Args('input') { reason, expectedVersion, ...at }: ResetParallelRunInput,
  ): Promise<Payload<PlacedRunSettings>> {
    return toPayload(() => this.settings.reset(ctx, at, expectedVersionOf(expectedVersion), { reason }));
  }

  @Mutation(() => RunSettingsPayload, { ...COST, description: 'Adds a rule, which begins a new epoch' })
  @RequirePermission('parallelRun.write')
  addParallelRunRule(
    @Context() ctx: RequestContext,
    @Args('input') { rule, expectedVersion, ...at }: AddParallelRunRuleInput,
  ): Promise<Payload<PlacedRunSettings>> {
    return toPayload(() => this.rules.add(ctx, at, expectedVersionOf(expectedVersion), toRuleBody(rule)));
  }

  @Mutation(() => RunSettingsPayload, { ...COST, description: 'Removes a rule, which begins a new epoch' })
  @RequirePermission('parallelRun.write')
  removeParallelRunRule(
    @Context() ctx: RequestContext,
    @Args('input') { expectedVersion, ...at }: RemoveParallelRunRuleInput,
  ): Promise<Payload<PlacedRunSettings>> {
    return toPayload(() => this.rules.remove(ctx, at, expectedVersionOf(expectedVersion)));
  }
}

/** As REST takes it: a field that is null is one that was not given. */
function toRuleBody({ expiresAt, ...rule }: ParallelRunRuleInput): object {
  const given = Object.entries(rule).filter(([, value]) => value !== null && value !== undefined);
  return { ...Object.fromEntries(given), expiresAt: expiresAt?.toISOString() ?? null };
}
