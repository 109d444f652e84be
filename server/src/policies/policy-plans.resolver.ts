import { Args, Field, Float, InputType, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Project, ProjectObject } from '../projects/index.js';
import { DateTime, JsonValue } from '../transport/graphql-scalars.js';
import { type Payload, payloadOf, toPayload } from '../transport/mutation-payload.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { PolicyPlans, type PolicyPlanView } from './policy-plans.service.js';

@ObjectType('PolicyPlanDetection', { description: 'Whether a rise of bad events is found, and when' })
class DetectionObject {
  @Field(() => Float, { description: 'How many times the stable rate' })
  ratio!: number;

  @Field(() => Float, { nullable: true, description: 'Until half of all such rises are rolled back; null: never' })
  minutes!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The chance that the whole ramp rolls it back, from 0 to 1; null: of one step, which has none',
  })
  chance!: number | null;
}

@ObjectType('PolicyPlanStepMetric', { description: 'What a step can see of one metric' })
class StepMetricObject {
  @Field(() => String)
  metric!: string;

  @Field(() => [DetectionObject], { description: 'By this step’s evidence alone, within 30 days' })
  minutesToDetect!: DetectionObject[];

  @Field(() => Float, { nullable: true, description: 'The smallest rise that half the time is found while it lasts' })
  detectableRatio!: number | null;

  @Field(() => Int, { nullable: true, description: 'Whole percents at which the step lasts long enough for a 2× rise' })
  sufficientShare!: number | null;

  @Field(() => String)
  sentence!: string;
}

@ObjectType('PolicyPlanStep', { description: 'How long a step will last, and what it will see' })
class StepObject {
  @Field(() => Int, { description: 'Thousandths of a percent' })
  share!: number;

  @Field(() => Int, { description: 'Of the calls of parallel runs: thousandths of a percent' })
  sampling!: number;

  @Field(() => Float)
  holdSeconds!: number;

  @Field(() => Int)
  minimumUnits!: number;

  @Field(() => Float)
  candidateUnitsPerMinute!: number;

  @Field(() => Float, { nullable: true, description: 'Until the candidate has had its units; null: never' })
  sampleMinutes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Its hold, or longer until its sample is there; null: for ever' })
  minutes!: number | null;

  @Field(() => [StepMetricObject])
  metrics!: StepMetricObject[];

  @Field(() => [String])
  warnings!: string[];
}

@ObjectType('PolicyPlanMetric', { description: 'What the whole ramp can see of one metric: its power' })
class MetricObject {
  @Field(() => String)
  metric!: string;

  @Field(() => String, { description: 'failures, events or slow' })
  kind!: string;

  @Field(() => Boolean)
  dryRun!: boolean;

  @Field(() => Float, { description: 'Its part of the chance of rolling back a candidate that is no worse' })
  alpha!: number;

  @Field(() => Float)
  unitsPerMinute!: number;

  @Field(() => Float, { nullable: true, description: 'Null where neither history nor the request tells' })
  badRate!: number | null;

  @Field(() => Float, { description: 'Variance over mean of bad events per minute; evidence is tempered by it' })
  phi!: number;

  @Field(() => [DetectionObject], { description: 'By the whole ramp: evidence adds up over its steps' })
  ramp!: DetectionObject[];

  @Field(() => [String])
  warnings!: string[];
}

@ObjectType('PolicyPlanTraffic', { description: 'The ordinary traffic that a plan was made from' })
class TrafficObject {
  @Field(() => Float)
  unitsPerMinute!: number;

  @Field(() => Float, { nullable: true, description: 'Of units that failed' })
  badRate!: number | null;

  @Field(() => Float)
  phi!: number;

  @Field(() => DateTime, { nullable: true })
  from!: Date | null;

  @Field(() => DateTime, { nullable: true })
  to!: Date | null;

  @Field(() => Float)
  minutes!: number;

  @Field(() => String, { description: 'history, given or mixed' })
  source!: string;
}

@ObjectType('PolicyPlan', { description: 'What each step of a policy will be able to see, told before a release' })
export class PolicyPlanObject {
  @Field(() => String, { description: 'Key of the policy, or of a preset' })
  policyKey!: string;

  @Field(() => Int, { description: '0 for a preset' })
  policyVersion!: number;

  @Field(() => String, { description: 'Key of the environment' })
  environment!: string;

  @Field(() => String, { description: 'Whose traffic: all, or service/ and a key' })
  subject!: string;

  @Field(() => TrafficObject)
  traffic!: TrafficObject;

  @Field(() => [StepObject])
  steps!: StepObject[];

  @Field(() => [MetricObject])
  metrics!: MetricObject[];

  @Field(() => Float, { nullable: true, description: 'Until everybody has the candidate; null: a step never ends' })
  minutesToFull!: number | null;

  @Field(() => Float, { nullable: true, description: 'All steps and the bake time; null: a step never ends by itself' })
  totalMinutes!: number | null;

  @Field(() => [String])
  warnings!: string[];
}

@InputType({ description: 'Ordinary traffic to plan with; what is left out is as history has it' })
export class PlanTrafficInput {
  @Field(() => String, { nullable: true, description: 'Whose: all (unless said), or service/ and a key' })
  subject?: string | null;

  @Field(() => Int, { nullable: true, description: '1 to 168; 24 unless said' })
  lookbackHours?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of both arms' })
  unitsPerMinute?: number | null;

  @Field(() => Float, { nullable: true, description: 'Bad events per unit, of every count metric' })
  badRate?: number | null;
}

const PolicyPlanPayload = payloadOf(PolicyPlanObject, 'PolicyPlan');

@Resolver(() => ProjectObject)
@RequirePermission('policy.read')
export class PolicyPlansResolver {
  constructor(private readonly plans: PolicyPlans) {}

  @ResolveField(() => PolicyPlanPayload, {
    nullable: true,
    complexity: 200,
    description:
      'Time to 100 % and power of a policy, or of a preset, from recent ordinary traffic or from what is said of it. ' +
      'Problems NO_HISTORY and BAD_RATE_UNKNOWN ask for unitsPerMinute and badRate',
  })
  policyPlan(
    @Context() ctx: RequestContext,
    @Parent() { key: project }: Project,
    @Args('policy', { description: 'Key' }) policy: string,
    @Args('environment', { description: 'Key' }) environment: string,
    @Args('arguments', { type: () => JsonValue, nullable: true }) given: Json | undefined,
    @Args('traffic', { type: () => PlanTrafficInput, nullable: true }) traffic: PlanTrafficInput | undefined,
  ): Promise<Payload<PolicyPlanObject>> {
    const body = { ...toPlanTraffic(traffic), environment, arguments: given ?? {} };
    return toPayload(async () => toPlanNode(await this.plans.plan(ctx, { project, policy }, body)));
  }
}

/** What is said of traffic, as the request of REST has it: null is as if it were left out. */
export function toPlanTraffic(traffic: PlanTrafficInput | null | undefined): object {
  const said = Object.entries({ ...traffic }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said);
}

export function toPlanNode({ policy, steps, metrics, ...plan }: PolicyPlanView): PolicyPlanObject {
  return {
    ...plan,
    warnings: [...plan.warnings],
    policyKey: policy.key,
    policyVersion: policy.version,
    steps: steps.map((step) => ({
      ...step,
      metrics: step.metrics.map((metric) => ({
        ...metric,
        minutesToDetect: metric.minutesToDetect.map((each) => ({ ...each, chance: null })),
      })),
      warnings: [...step.warnings],
    })),
    metrics: metrics.map((metric) => ({
      ...metric,
      ramp: metric.ramp.map(({ ratio, chance, medianMinutes }) => ({ ratio, chance, minutes: medianMinutes })),
      warnings: [...metric.warnings],
    })),
  };
}
