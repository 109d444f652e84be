import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { TrackedSum } from './telemetry-batch.js';
import { TrackedEventsService } from './tracked-events.service.js';

const trackedEventSchema = z
  .object({
    event: z.string(),
    count: z.int().describe('How often it was tracked'),
    sum: z.number().describe('Of the values it was tracked with; 0 without any'),
    lastAt: z.iso.datetime(),
  })
  .meta({ id: 'TrackedEvent' });

@ApiTags('environments')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/events')
export class TrackedEventsController {
  constructor(private readonly events: TrackedEventsService) {}

  @Get()
  @RequirePermission('telemetry.read')
  @ApiOperation({ summary: 'Lists what services tracked in an environment: sums per event, attributed to no flag yet' })
  @ApiOkResponse({ standardSchema: pageOf(trackedEventSchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<TrackedSum>> {
    return this.events.list(ctx, { project, environment }, parsePageRequest(query));
  }
}
