import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { clauseSchema } from './clause.js';
import { type Segment, segmentDraftSchema, segmentEditSchema } from './segment.js';
import { SegmentsService } from './segments.service.js';

const segmentSchema = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    key: z.string(),
    name: z.string(),
    description: z.string(),
    included: z.array(z.string()),
    excluded: z.array(z.string()),
    rules: z.array(z.object({ clauses: z.array(clauseSchema) })),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Segment' });

const listQuery = pageQuery.extend({
  search: z.string().max(200).optional().describe('Part of a key or name, in any case'),
});

@ApiTags('segments')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/segments')
export class SegmentsController {
  constructor(private readonly segments: SegmentsService) {}

  @Get()
  @RequirePermission('segment.read')
  @ApiOperation({ summary: 'Lists the segments of a project by key' })
  @ApiOkResponse({ standardSchema: pageOf(segmentSchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: listQuery }) { search, ...query }: z.infer<typeof listQuery>,
  ): Promise<Page<Segment>> {
    return this.segments.list(ctx, project, parsePageRequest(query), { search });
  }

  @Post()
  @RequirePermission('segment.write')
  @ApiOperation({ summary: 'Creates a segment' })
  @ApiCreatedResponse({ standardSchema: segmentSchema })
  create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: segmentDraftSchema }) body: unknown,
  ): Promise<Segment> {
    return this.segments.create(ctx, project, body);
  }

  @Get(':segment')
  @RequirePermission('segment.read')
  @ApiOperation({ summary: 'Shows a segment' })
  @ApiOkResponse({ standardSchema: segmentSchema })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('segment') segment: string,
  ): Promise<Segment> {
    return this.segments.get(ctx, project, segment);
  }

  @Patch(':segment')
  @RequirePermission('segment.write')
  @ApiOperation({ summary: 'Edits a segment: fields given replace, others stay' })
  @ApiOkResponse({ standardSchema: segmentSchema })
  edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('segment') segment: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: segmentEditSchema }) body: unknown,
  ): Promise<Segment> {
    return this.segments.edit(ctx, { project, segment }, expected, body);
  }

  @Delete(':segment')
  @HttpCode(204)
  @RequirePermission('segment.write')
  @ApiOperation({ summary: 'Deletes a segment that nothing uses' })
  @ApiNoContentResponse()
  delete(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('segment') segment: string,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<void> {
    return this.segments.delete(ctx, { project, segment }, expected);
  }
}
