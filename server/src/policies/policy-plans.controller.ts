import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { planRequestSchema } from './plan-request.js';
import { PolicyPlans, type PolicyPlanView } from './policy-plans.service.js';

const minutes = z.number().nullable();
const metricStepSchema = z
  .object({
    metric: z.string(),
    minutesToDetect: z
      .array(z.object({ ratio: z.number(), minutes }))
      .describe('Until half of all such rises are rolled back by this step alone; null: not within 30 days'),
    detectableRatio: z
      .number()
      .nullable()
      .describe('The smallest rise that is rolled back at least every second time while the step lasts; up to 20'),
    sufficientShare: z
      .int()
      .nullable()
      .describe('The smallest share, in whole percents, at which the time of the step is enough for a 2× rise'),
    sentence: z.string(),
  })
  .meta({ id: 'PolicyPlanStepMetric' });
const stepSchema = z
  .object({
    share: z.int(),
    sampling: z.int().describe('Of the calls of parallel runs: thousandths of a percent'),
    holdSeconds: z.number(),
    minimumUnits: z.int(),
    candidateUnitsPerMinute: z.number(),
    sampleMinutes: minutes.describe('Until the candidate has had the units that the step must see; null: never'),
    minutes: minutes.describe('How long the step lasts: its hold, or longer until its sample is there; null: for ever'),
    metrics: z.array(metricStepSchema),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'PolicyPlanStep' });
const metricSchema = z
  .object({
    metric: z.string(),
    kind: z.enum(['failures', 'events', 'slow']),
    dryRun: z.boolean(),
    alpha: z.number().describe('Its part of the chance of rolling back a candidate that is no worse'),
    unitsPerMinute: z.number(),
    badRate: z.number().nullable().describe('Null where neither history nor the request tells'),
    phi: z.number().describe('Variance over mean of bad events per minute; evidence is tempered by it'),
    ramp: z
      .array(z.object({ ratio: z.number(), chance: z.number(), medianMinutes: minutes }))
      .describe(
        'The chance that the whole ramp rolls such a rise back, and when half are: evidence adds up over its steps',
      ),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'PolicyPlanMetric' });
const planSchema = z
  .object({
    policy: z.object({ key: z.string(), version: z.int().describe('0 for a preset') }),
    environment: z.string(),
    subject: z.string(),
    traffic: z.object({
      unitsPerMinute: z.number(),
      badRate: z.number().nullable().describe('Of units that failed'),
      phi: z.number(),
      from: z.iso.datetime().nullable(),
      to: z.iso.datetime().nullable(),
      minutes: z.number(),
      source: z.enum(['history', 'given', 'mixed']),
    }),
    steps: z.array(stepSchema),
    metrics: z.array(metricSchema),
    minutesToFull: minutes.describe('Until everybody has the candidate; null as of totalMinutes'),
    totalMinutes: minutes.describe('All steps and the bake time; null where a step never ends by itself'),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'PolicyPlan' });

@ApiTags('policies')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/policies/:policy')
export class PolicyPlansController {
  constructor(private readonly plans: PolicyPlans) {}

  @Post('plan')
  @HttpCode(200)
  @RequirePermission('policy.read')
  @ApiOperation({
    summary: 'Tells before a release what each step of a policy, or of a preset, will be able to see',
    description:
      'From recent ordinary traffic, or from what the request says of it. Nothing is stored. 412 NO_HISTORY and ' +
      '412 BAD_RATE_UNKNOWN ask for "unitsPerMinute" and "badRate".',
  })
  @ApiOkResponse({ standardSchema: planSchema })
  plan(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('policy') policy: string,
    @Body({ schema: planRequestSchema }) body: unknown,
  ): Promise<PolicyPlanView> {
    return this.plans.plan(ctx, { project, policy }, body);
  }
}
