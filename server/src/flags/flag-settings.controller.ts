import { Body, Controller, Get, Param, Patch, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { FlagSettings } from './flag.js';
import { FlagSettingsService } from './flag-settings.service.js';
import { settingsEditSchema, settingsSchema } from './settings-schema.js';

/** Settings as REST shows them. */
export const settingsResource = settingsSchema
  .extend({
    version: z.int().describe('0 until the first edit'),
    updatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'FlagSettings' });

/** What the query of an edit may say. */
export const editQuery = z.strictObject({
  takeOver: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Why a release that is ramping the flag here is to end; without it, such an edit is refused'),
});

@ApiTags('flags')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/flags/:flag/environments/:environment')
export class FlagSettingsController {
  constructor(private readonly settings: FlagSettingsService) {}

  @Get()
  @RequirePermission('flag.read')
  @ApiOperation({ summary: 'Shows how a flag decides in an environment' })
  @ApiOkResponse({ standardSchema: settingsResource })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @Param('environment') environment: string,
  ): Promise<FlagSettings> {
    return this.settings.get(ctx, { project, flag, environment });
  }

  @Put()
  @RequirePermission('flag.write')
  @ApiOperation({ summary: 'Replaces a flag’s settings in an environment' })
  @ApiOkResponse({ standardSchema: settingsResource })
  replace(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @Param('environment') environment: string,
    @IfMatch() expected: ExpectedVersion,
    @Query({ schema: editQuery }) { takeOver }: z.infer<typeof editQuery>,
    @Body({ schema: settingsSchema }) body: unknown,
  ): Promise<FlagSettings> {
    return this.settings.replace(ctx, { project, flag, environment }, { expected, takeOver }, body);
  }

  @Patch()
  @RequirePermission('flag.write')
  @ApiOperation({
    summary: 'Changes a flag’s settings in an environment: fields given replace, others stay',
    description:
      'Switching on or off alone ({"on": false}) needs no If-Match. While a release ramps the flag here, edits are ' +
      'refused (FLAG_RAMPING) unless they take over; switching off alone always does.',
  })
  @ApiOkResponse({ standardSchema: settingsResource })
  edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @Param('environment') environment: string,
    @IfMatch({ required: 'mostly' }) expected: ExpectedVersion,
    @Query({ schema: editQuery }) { takeOver }: z.infer<typeof editQuery>,
    @Body({ schema: settingsEditSchema }) body: unknown,
  ): Promise<FlagSettings> {
    return this.settings.edit(ctx, { project, flag, environment }, { expected, takeOver }, body);
  }
}
