import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { explanationQuestionSchema } from './explanation-question.js';
import type { FlagExplanation } from './flag-explanation.js';
import { FlagExplanations } from './flag-explanations.service.js';

const match = z.enum(['yes', 'no', 'unknown']);
const explanationSchema = z
  .object({
    value: z.json().describe('Null: the caller’s default, or a JSON variation of null'),
    variation: z.string().nullable().describe('Null: the caller’s default'),
    reason: z
      .enum(['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR'])
      .describe('Of OpenFeature 0.9'),
    errorCode: z.string().nullable().describe('Of OpenFeature 0.9'),
    errorMessage: z.string().nullable(),
    decision: z
      .enum(['missing', 'malformed', 'off', 'prerequisite', 'target', 'rule', 'default'])
      .describe('What decided: the first of these that had something to say'),
    ruleIndex: z.int().nullable().describe('Place of the rule that decided, from 0'),
    bucket: z
      .object({
        bucketBy: z.string().describe('Attribute whose value is hashed'),
        seed: z.string(),
        bucket: z.int().nullable().describe('From 0; null: there was nothing to hash'),
        total: z.int().describe('How many buckets there are: the sum of the shares'),
      })
      .nullable()
      .describe('Null where no split was asked'),
    prerequisites: z.array(
      z.object({
        flag: z.string(),
        wanted: z.array(z.string()).describe('Variations of which one was to be served'),
        served: z.string().nullable().describe('The one that was; null: missing, off, or an error'),
        isMet: z.boolean(),
      }),
    ),
    rules: z
      .array(
        z.object({
          id: z.string(),
          match,
          isReached: z.boolean().describe('Whether it was asked: what came before it may have decided'),
          clauses: z.array(
            z.object({
              match,
              value: z.json().describe('What the context has for the attribute'),
              problem: z.string().nullable().describe('Why it cannot be told'),
            }),
          ),
        }),
      )
      .describe('One for each rule, in order'),
  })
  .meta({ id: 'FlagExplanation' });

@ApiTags('flags')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/flags/:flag/environments/:environment/explanation')
export class FlagExplanationsController {
  constructor(private readonly explanations: FlagExplanations) {}

  @Post()
  @HttpCode(200)
  @RequirePermission('flag.read')
  @ApiOperation({
    summary: 'Tells what a context is served in an environment, and why',
    description: 'By the evaluator that services have; under edits that are not stored, where a draft says so.',
  })
  @ApiOkResponse({ standardSchema: explanationSchema })
  explain(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @Param('environment') environment: string,
    @Body({ schema: explanationQuestionSchema }) body: unknown,
  ): Promise<FlagExplanation> {
    return this.explanations.explain(ctx, { project, flag, environment }, body);
  }
}
