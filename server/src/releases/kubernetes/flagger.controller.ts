import { Body, Controller, HttpCode, Logger, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { invalid, precondition } from '../../kernel/errors.js';
import type { RequestContext } from '../../kernel/request-context.js';
import { Context } from '../../transport/request-context.decorator.js';
import { RequirePermission } from '../../transport/require-permission.decorator.js';
import { TokenInMetadata } from '../../transport/token-in-metadata.decorator.js';
import { analysisSchema } from './analysis-schema.js';
import {
  FLAGGER_HOOKS,
  type FlaggerCall,
  flaggerBody,
  type FlaggerHook,
  isGo,
  isNews,
  namedIn,
  parseFlagger,
} from './flagger-hook.js';
import { ReleaseAnalyses } from './release-analyses.service.js';
import type { ReleaseAnalysis } from './release-analysis.js';

const hookParam = z.enum(FLAGGER_HOOKS).describe('The type of the webhook in the Canary');
const goSchema = z.object({ data: analysisSchema.nullable() }).meta({ id: 'FlaggerGo' });

@ApiTags('releases')
@ApiBearerAuth()
@Controller('api/v1/flagger')
export class FlaggerController {
  private readonly logger = new Logger(FlaggerController.name);

  constructor(private readonly analyses: ReleaseAnalyses) {}

  @Post(':hook')
  @HttpCode(200)
  @RequirePermission('release.read')
  @TokenInMetadata()
  @ApiOperation({
    summary: 'Answers a webhook of Flagger: 200 is go, anything else is halt',
    description:
      'The type of the webhook is the end of its URL, because what Flagger sends does not say it. `metadata` names the ' +
      'release: `release`, or `project`, `environment`, `service` and `version`. Of `rollback`, 200 says to roll back: ' +
      'only a release that is known to be bad answers it. `post-rollout` and `event` are always 200, and `data` is null then. Flagger sends no headers: `metadata.token` may hold a CI token, ' +
      'which whoever may read the Canary can read too.',
  })
  @ApiOkResponse({ standardSchema: goSchema })
  async answer(
    @Context() ctx: RequestContext,
    @Param('hook', { schema: hookParam }) hook: FlaggerHook,
    @Body({ schema: flaggerBody }) body: unknown,
  ): Promise<{ readonly data: ReleaseAnalysis | null }> {
    const call = parseFlagger(body);
    if (isNews(hook)) return this.hear(hook, call);
    const named = namedIn(call);
    if (named === undefined) {
      const what = 'Say which release this is about: "release", or "project", "environment", "service" and "version"';
      throw invalid('RELEASE_NOT_NAMED', `${what}, in the metadata of the webhook.`);
    }
    const analysis = await this.analyses.analyse(ctx, named);
    if (isGo(hook, analysis)) return { data: analysis };
    const { verdict, reason, release } = analysis;
    const halt = hook === 'rollback' ? 'Nothing says to roll back' : 'Not yet';
    const sentence = `${halt}: release "${release.name}" is ${release.status}, verdict ${verdict}. ${reason.sentence}`;
    throw precondition('CANARY_HALTED', sentence, { data: { hook, verdict, release: release.id } });
  }

  /** What Flagger does, for the log: a Canary that is being set up, or that is done, need not be about any release. */
  private hear(hook: FlaggerHook, { name, namespace, phase, metadata }: FlaggerCall): { readonly data: null } {
    const { eventMessage, eventType } = metadata;
    const canary = `${namespace ?? ''}/${name ?? ''}`;
    this.logger.log({ hook, canary, phase, eventType, eventMessage }, 'Flagger says what it does.');
    return { data: null };
  }
}
