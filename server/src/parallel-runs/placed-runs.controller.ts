import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { ParallelRunsService, type PlacedOverview } from './parallel-runs.service.js';
import { placedOverviewSchema } from './run-view-schema.js';

@ApiTags('parallel runs')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/parallel-runs')
export class PlacedRunsController {
  constructor(private readonly runs: ParallelRunsService) {}

  @Get()
  @RequirePermission('parallelRun.read')
  @ApiOperation({ summary: 'Lists how the parallel runs of a project stand in an environment, by key' })
  @ApiOkResponse({ standardSchema: pageOf(placedOverviewSchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<PlacedOverview>> {
    return this.runs.listIn(ctx, { project, environment }, parsePageRequest(query));
  }
}
