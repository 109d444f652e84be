import { Args, Field, Float, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../kernel/request-context.js';
import { DateTime } from '../transport/graphql-scalars.js';
import { payloadOf } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type ParallelRunNode, ParallelRunObject } from './parallel-runs.resolver.js';
import type { ParallelRunHold } from './parallel-run-holds.service.js';
import { type PlacedRunSettings, RunSettingsService } from './run-settings.service.js';

@ObjectType('ParallelRunStratumDemand')
class StratumDemandObject {
  @Field(() => String)
  stratum!: string;

  @Field(() => Int, { description: 'How many of its inputs must have been compared' })
  minimum!: number;
}

@ObjectType('ParallelRunDemand', { description: 'What a certificate says was kept' })
export class DemandObject {
  @Field(() => Float, { description: 'The largest rate of unequal results that is still equivalent' })
  tolerance!: number;

  @Field(() => Float, { description: 'The chance of certifying a candidate that is at the tolerance' })
  alpha!: number;

  @Field(() => Float, { description: 'The chance of refuting a candidate that keeps the demand' })
  alphaKill!: number;

  @Field(() => Float, { description: 'The largest rate of sampled calls that may be left unanswered' })
  unansweredTolerance!: number;

  @Field(() => Float, { nullable: true, description: '0.1 accepts 1.1 times the control’s time; null: not judged' })
  latencyMargin!: number | null;

  @Field(() => [StratumDemandObject])
  strata!: StratumDemandObject[];
}

@ObjectType('ParallelRunBudget', { description: 'What the run may cost its callers' })
class BudgetObject {
  @Field(() => Float, { description: 'Mean time added to a sampled call' })
  addedMs!: number;

  @Field(() => Float, { description: 'Lateness of the event loop' })
  loopDelayMs!: number;
}

@ObjectType('ParallelRunServe')
class ServeObject {
  @Field(() => String)
  flag!: string;

  @Field(() => String)
  variation!: string;
}

@ObjectType('ParallelRunRunner', { description: 'Bounds of the SDK’s runner, and who serves' })
class RunnerObject {
  @Field(() => String, { nullable: true, description: 'Attribute that is hashed; null: targetingKey' })
  bucketBy!: string | null;

  @Field(() => Int, {
    description: 'Of the sampled calls, those in which the control runs twice: thousandths of a percent',
  })
  twinShare!: number;

  @Field(() => Int)
  deadlineMs!: number;

  @Field(() => Int)
  maxConcurrent!: number;

  @Field(() => BudgetObject)
  budget!: BudgetObject;

  @Field(() => Int)
  windowSeconds!: number;

  @Field(() => ServeObject, { nullable: true, description: 'Callers of this variation get the candidate’s answer' })
  serve!: ServeObject | null;

  @Field(() => [String], { description: 'Paths whose values may leave the services as they are' })
  rawPaths!: string[];
}

@ObjectType('ParallelRunRule', { description: 'What does not count as a difference, and whose rule that is' })
class RuleObject {
  @Field(() => String)
  id!: string;

  @Field(() => String, { description: 'ignore, tolerance, date, caseInsensitive, unordered or keyedBy' })
  kind!: string;

  @Field(() => String)
  path!: string;

  @Field(() => Float, { nullable: true })
  absolute?: number;

  @Field(() => Float, { nullable: true })
  relative?: number;

  @Field(() => Float, { nullable: true })
  ulps?: number;

  @Field(() => Float, { nullable: true })
  withinMs?: number;

  @Field(() => String, { nullable: true })
  field?: string;

  @Field(() => String)
  owner!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => DateTime, { nullable: true, description: 'Null: it stays until it is removed' })
  expiresAt!: string | null;

  @Field(() => DateTime)
  createdAt!: string;
}

@ObjectType('ParallelRunSettings', { description: 'How a run is sampled and judged in an environment' })
class RunSettingsObject {
  @Field(() => String, { description: 'Key of the run' })
  run!: string;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => Int, { description: 'Of the calls that are sampled: thousandths of a percent' })
  share!: number;

  @Field(() => DemandObject)
  demand!: DemandObject;

  @Field(() => RunnerObject)
  runner!: RunnerObject;

  @Field(() => [RuleObject])
  rules!: RuleObject[];

  @Field(() => Int, { description: 'Evidence begins anew with every epoch' })
  epoch!: number;

  @Field(() => String, { description: 'SHA-256 of what evidence depends on; empty until set' })
  demandHash!: string;

  @Field(() => Int, { description: '0 until the first edit; what expectedVersion is compared with' })
  version!: number;
}

@ObjectType('ParallelRunHold', { description: 'A release that samples a run, and would be spoiled by a hand' })
class HoldObject {
  @Field(() => String)
  releaseId!: string;

  @Field(() => String, { description: 'What it is doing' })
  sentence!: string;
}

export const RunSettingsPayload = payloadOf(RunSettingsObject, 'ParallelRunSettings');

@Resolver(() => ParallelRunObject)
export class RunSettingsResolver {
  constructor(private readonly settingsOf: RunSettingsService) {}

  @ResolveField(() => RunSettingsObject, { nullable: true, complexity: 10 })
  @RequirePermission('parallelRun.read')
  settings(
    @Context() ctx: RequestContext,
    @Parent() { project, key }: ParallelRunNode,
    @Args('environment') environment: string,
  ): Promise<PlacedRunSettings> {
    return this.settingsOf.get(ctx, { project, environment, run: key });
  }

  @ResolveField(() => HoldObject, { nullable: true, complexity: 10, description: 'Null: free to change' })
  @RequirePermission('parallelRun.read')
  hold(
    @Context() ctx: RequestContext,
    @Parent() { project, key }: ParallelRunNode,
    @Args('environment') environment: string,
  ): Promise<ParallelRunHold | null> {
    return this.settingsOf.holdOf(ctx, { project, environment, run: key });
  }
}
