import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isSequence } from '../audit/index.js';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { FlagSettings } from './flag.js';
import { type FlagRevision, FlagRevisions } from './flag-revisions.service.js';
import { editQuery, settingsResource } from './flag-settings.controller.js';

const revisionSchema = z
  .object({
    sequence: z.int().describe('Of its entry in the audit log; what a revert names'),
    at: z.iso.datetime(),
    actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    action: z.string().describe('flag.settings.edited by people, ramped and restored by releases'),
    before: settingsResource,
    after: settingsResource.extend({ reason: z.string().optional().describe('Why, where somebody said so') }),
  })
  .meta({ id: 'FlagRevision' });

@ApiTags('flags')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/flags/:flag/environments/:environment/revisions')
export class FlagRevisionsController {
  constructor(private readonly revisions: FlagRevisions) {}

  @Get()
  @RequirePermission('flag.read')
  @ApiOperation({ summary: 'Lists every change of a flag’s settings in an environment, the newest first' })
  @ApiOkResponse({ standardSchema: pageOf(revisionSchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @Param('environment') environment: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<FlagRevision>> {
    return this.revisions.list(ctx, { project, flag, environment }, parsePageRequest(query, isSequence));
  }

  @Post(':revision/revert')
  @HttpCode(200)
  @RequirePermission('flag.write')
  @ApiOperation({
    summary: 'Puts a flag’s settings back as they were after one of their revisions',
    description: 'Judged as an edit of now: what is gone since is refused, and so is a flag that a release ramps here.',
  })
  @ApiOkResponse({ standardSchema: settingsResource })
  revert(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @Param('environment') environment: string,
    @Param('revision') revision: string,
    @IfMatch() expected: ExpectedVersion,
    @Query({ schema: editQuery }) { takeOver }: z.infer<typeof editQuery>,
  ): Promise<FlagSettings> {
    return this.revisions.revert(ctx, { project, flag, environment, revision }, { expected, takeOver });
  }
}
