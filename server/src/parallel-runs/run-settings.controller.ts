import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import {
  resetSchema,
  ruleDraftSchema,
  ruleEffectSchema,
  settingsEditSchema,
  shareEditSchema,
} from './parallel-run-schema.js';
import type { RulePrice } from './price-rule.js';
import { RunRules } from './run-rules.service.js';
import { type PlacedRunSettings, RunSettingsService } from './run-settings.service.js';
import { placedSettingsSchema, priceSchema } from './run-view-schema.js';

@ApiTags('parallel runs')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/parallel-runs/:run')
export class RunSettingsController {
  constructor(
    private readonly settings: RunSettingsService,
    private readonly rules: RunRules,
  ) {}

  @Patch()
  @RequirePermission('parallelRun.write')
  @ApiOperation({
    summary: 'Edits what a run demands in an environment, and the bounds of its runner: fields given replace',
    description: 'Another demand begins a new epoch: evidence starts anew, and certificates are voided.',
  })
  @ApiOkResponse({ standardSchema: placedSettingsSchema })
  edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: settingsEditSchema }) body: unknown,
  ): Promise<PlacedRunSettings> {
    return this.settings.edit(ctx, { project, environment, run }, expected, body);
  }

  @Put('share')
  @RequirePermission('parallelRun.operate')
  @ApiOperation({
    summary: 'Samples another share of the calls; 0 stops the run',
    description:
      'If-Match may be left out. Refused (PARALLEL_RUN_HELD, with data.releaseId) while a release moves the share.',
  })
  @ApiOkResponse({ standardSchema: placedSettingsSchema })
  share(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @IfMatch({ required: false }) expected: ExpectedVersion,
    @Body({ schema: shareEditSchema }) body: unknown,
  ): Promise<PlacedRunSettings> {
    return this.settings.share(ctx, { project, environment, run }, expected, body);
  }

  @Post('reset')
  @HttpCode(200)
  @RequirePermission('parallelRun.operate')
  @ApiOperation({ summary: 'Begins a new epoch: what was compared so far counts no more, certificates are voided' })
  @ApiOkResponse({ standardSchema: placedSettingsSchema })
  reset(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @IfMatch({ required: false }) expected: ExpectedVersion,
    @Body({ schema: resetSchema }) body: unknown,
  ): Promise<PlacedRunSettings> {
    return this.settings.reset(ctx, { project, environment, run }, expected, body);
  }

  @Post('rules')
  @HttpCode(200)
  @RequirePermission('parallelRun.write')
  @ApiOperation({
    summary: 'Adds a rule by which a difference does not count; answers the settings',
    description: 'A rule is debt: it has an owner and a reason, and may run out. Adding it begins a new epoch.',
  })
  @ApiOkResponse({ standardSchema: placedSettingsSchema })
  addRule(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @IfMatch({ required: false }) expected: ExpectedVersion,
    @Body({ schema: ruleDraftSchema }) body: unknown,
  ): Promise<PlacedRunSettings> {
    return this.rules.add(ctx, { project, environment, run }, expected, body);
  }

  @Post('rules/price')
  @HttpCode(200)
  @RequirePermission('parallelRun.read')
  @ApiOperation({ summary: 'Tells what a rule would hide of the mismatches found so far; stores nothing' })
  @ApiOkResponse({ standardSchema: priceSchema })
  price(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @Body({ schema: ruleEffectSchema }) body: unknown,
  ): Promise<RulePrice> {
    return this.rules.price(ctx, { project, environment, run }, body);
  }

  @Delete('rules/:rule')
  @RequirePermission('parallelRun.write')
  @ApiOperation({ summary: 'Removes a rule, which begins a new epoch; answers the settings' })
  @ApiOkResponse({ standardSchema: placedSettingsSchema })
  removeRule(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @Param('rule') rule: string,
    @IfMatch({ required: false }) expected: ExpectedVersion,
  ): Promise<PlacedRunSettings> {
    return this.rules.remove(ctx, { project, environment, run, rule }, expected);
  }
}
