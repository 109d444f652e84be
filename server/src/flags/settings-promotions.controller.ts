import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { LIKENESSES, SETTINGS_FIELDS } from './compare-settings.js';
import { settingsResource } from './flag-settings.controller.js';
import { promotionSchema } from './parse-promotion.js';
import { type ComparedFlags, SettingsComparisons } from './settings-comparisons.service.js';
import { type PromotedSettings, SettingsPromotions } from './settings-promotions.service.js';

const comparedSchema = z
  .object({
    flag: z.string(),
    name: z.string(),
    likeness: z.enum(LIKENESSES).describe('onlyLeft: nobody ever set it in the right one'),
    fields: z.array(z.enum(SETTINGS_FIELDS)).describe('In which they differ'),
    left: settingsResource,
    right: settingsResource,
  })
  .meta({ id: 'ComparedFlag' });
const count = z.int();
const countsSchema = z.object({ same: count, different: count, onlyLeft: count, onlyRight: count });
const promotedSchema = z.object({
  items: z.array(
    z
      .object({ flag: z.string(), environment: z.string(), settings: settingsResource, isChanged: z.boolean() })
      .meta({ id: 'PromotedSettings' }),
  ),
});

const compareQuery = pageQuery.extend({
  likeness: z.enum(LIKENESSES).optional().describe('Only flags that are so to each other'),
});

@ApiTags('environments')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment')
export class SettingsPromotionsController {
  constructor(
    private readonly comparisons: SettingsComparisons,
    private readonly promotions: SettingsPromotions,
  ) {}

  @Get('compare/:other')
  @RequirePermission('flag.read')
  @ApiOperation({ summary: 'Compares what flags decide in two environments, flag by flag in order of key' })
  @ApiOkResponse({ standardSchema: pageOf(comparedSchema).extend({ counts: countsSchema }) })
  compare(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') left: string,
    @Param('other') right: string,
    @Query({ schema: compareQuery }) { likeness, ...query }: z.infer<typeof compareQuery>,
  ): Promise<ComparedFlags> {
    const likenesses = likeness === undefined ? [] : [likeness];
    return this.comparisons.list(ctx, { project, left, right }, parsePageRequest(query), likenesses);
  }

  @Post('promote')
  @HttpCode(200)
  @RequirePermission('flag.write')
  @ApiOperation({
    summary: 'Carries the settings of flags over from this environment to another: all of them, or none',
    description:
      'Refused (VERSION_STALE) when any settings changed since they were compared, and with every problem at once ' +
      'when a flag names what is not there or needs a flag that nobody has set in the target.',
  })
  @ApiOkResponse({ standardSchema: promotedSchema })
  async promote(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') from: string,
    @Body({ schema: promotionSchema }) body: unknown,
  ): Promise<{ items: readonly PromotedSettings[] }> {
    return { items: await this.promotions.promote(ctx, { project, from }, body) };
  }
}
