import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { runDraftSchema, runEditSchema } from './parallel-run-schema.js';
import { ParallelRunsService } from './parallel-runs.service.js';
import type { ParallelRunWithStandings } from './run-overviews.service.js';
import { RunRemovals } from './run-removals.service.js';
import { runSchema } from './run-view-schema.js';

@ApiTags('parallel runs')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/parallel-runs')
export class ParallelRunsController {
  constructor(
    private readonly runs: ParallelRunsService,
    private readonly removals: RunRemovals,
  ) {}

  @Get()
  @RequirePermission('parallelRun.read')
  @ApiOperation({ summary: 'Lists the parallel runs of a project by key, and how they stand in its environments' })
  @ApiOkResponse({ standardSchema: pageOf(runSchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<ParallelRunWithStandings>> {
    return this.runs.list(ctx, project, parsePageRequest(query));
  }

  @Post()
  @RequirePermission('parallelRun.write')
  @ApiOperation({
    summary: 'Creates a parallel run, off in every environment',
    description:
      'A parallel run calls new code beside the old, in the services of a project, and compares what they answer. ' +
      'Callers get the old code’s answer, whatever happens to the new.',
  })
  @ApiCreatedResponse({ standardSchema: runSchema })
  create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: runDraftSchema }) body: unknown,
  ): Promise<ParallelRunWithStandings> {
    return this.runs.create(ctx, project, body);
  }

  @Get(':run')
  @RequirePermission('parallelRun.read')
  @ApiOperation({ summary: 'Shows a parallel run and how it stands in every environment' })
  @ApiOkResponse({ standardSchema: runSchema })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('run') run: string,
  ): Promise<ParallelRunWithStandings> {
    return this.runs.get(ctx, { project, run });
  }

  @Patch(':run')
  @RequirePermission('parallelRun.write')
  @ApiOperation({ summary: 'Edits what a parallel run is: fields given replace, others stay; its key never changes' })
  @ApiOkResponse({ standardSchema: runSchema })
  edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('run') run: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: runEditSchema }) body: unknown,
  ): Promise<ParallelRunWithStandings> {
    return this.runs.edit(ctx, { project, run }, expected, body);
  }

  @Delete(':run')
  @HttpCode(204)
  @RequirePermission('parallelRun.write')
  @ApiOperation({ summary: 'Deletes a parallel run with its certificates; services call the control alone' })
  @ApiNoContentResponse()
  delete(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('run') run: string,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<void> {
    return this.removals.delete(ctx, { project, run }, expected);
  }
}
