import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { backTestRequestSchema } from './back-test-request.js';
import { type BackTest, BackTests } from './back-tests.service.js';
import { REASON_CODES } from './rollout.js';

const frequencySchema = z
  .object({
    count: z.int(),
    of: z.int(),
    rate: z.number(),
    low: z.number().describe('Of the 95 % interval (Wilson)'),
    high: z.number(),
  })
  .meta({ id: 'Frequency' });
const tallySchema = z.object({ rollouts: z.int(), fired: z.int().describe('How many it would have rolled back') });
const rolloutSchema = z
  .object({
    rolloutId: z.uuid(),
    releaseId: z.uuid(),
    attempt: z.int(),
    status: z.enum(['released', 'rolledBack', 'aborted', 'superseded']).describe('How it really ended'),
    reasonCode: z.enum(REASON_CODES),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    ticks: z.int().describe('That were replayed'),
    isComparable: z.boolean().describe('False where it recorded nothing of what the policy counts'),
    fired: z
      .object({ tick: z.int(), at: z.iso.datetime(), metric: z.string(), subject: z.string() })
      .nullable()
      .describe('Where the policy would have rolled back; null: nowhere'),
  })
  .meta({ id: 'ReplayedRollout' });
const splitsSchema = z
  .object({
    environment: z.string(),
    subject: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    rampMinutes: z.int().describe('How long the ramp takes with this traffic'),
    falseRollbacks: frequencySchema.describe('Rolled back, though both arms are the same'),
    detections: z.array(
      z.object({
        metric: z.string(),
        ratio: z.number(),
        caught: frequencySchema,
        medianMinutes: z.number().nullable().describe('Until half of all splits are rolled back; null: fewer are'),
      }),
    ),
  })
  .meta({ id: 'PolicySplits' });
const backTestSchema = z
  .object({
    policy: z.object({ key: z.string(), version: z.int().describe('0 for a preset') }),
    seed: z.int(),
    recorded: z.object({
      released: tallySchema,
      rolledBack: tallySchema,
      undecided: tallySchema.describe('Aborted or superseded'),
      notComparable: z.int(),
      sentence: z.string(),
      rollouts: z.array(rolloutSchema),
    }),
    splits: splitsSchema.nullable().describe('Null where no traffic could be split; the warnings say why'),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'PolicyBackTest' });

/** Here and not with the policies, because rollouts know what was measured, and policies know no rollouts. */
@ApiTags('policies')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/policies/:policy')
export class BackTestsController {
  constructor(private readonly backTests: BackTests) {}

  @Post('back-test')
  @HttpCode(200)
  @RequirePermission('policy.read')
  @ApiOperation({
    summary: 'Tells how often a policy, or a preset, would have rolled back',
    description:
      'Replays the newest finished rollouts by what they measured, and splits ordinary traffic at random along the ' +
      'steps of the policy: without any difference, and with the bad events of the candidate multiplied. Nothing is ' +
      'stored. 412 NOTHING_TO_REPLAY; 412 BACK_TEST_TOO_LARGE; 429 BACK_TEST_RUNNING, one at a time on each server.',
  })
  @ApiOkResponse({ standardSchema: backTestSchema })
  run(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('policy') policy: string,
    @Body({ schema: backTestRequestSchema }) body: unknown,
  ): Promise<BackTest> {
    return this.backTests.run(ctx, { project, policy }, body);
  }
}
