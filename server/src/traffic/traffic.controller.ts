import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestContext } from '../kernel/request-context.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { RouteView } from './route-view.js';
import { TrafficViews } from './traffic-views.service.js';

const armSchema = z.enum(['stable', 'candidate']);
const routeSchema = z
  .object({
    environment: z.string(),
    service: z.string(),
    arms: z
      .object({ stable: z.string().nullable(), candidate: z.string().nullable() })
      .nullable()
      .describe('The versions that the arms are taken to hold; null until the router was followed'),
    home: armSchema.describe('The arm of the stable version'),
    idle: armSchema
      .nullable()
      .describe('The arm that serves nobody, where the next version is to be installed; null while both serve'),
    share: z.int().nullable().describe('Of the candidate arm, as the router confirmed it; thousandths of a percent'),
    isInPlace: z.boolean().describe('Whether the router has what is asked'),
    sentence: z.string().nullable().describe('Why it does not'),
    verified: z
      .object({
        kind: z.enum(['matches', 'differs', 'tooFew']),
        actual: z.int().nullable().describe('Share of the requests that the candidate arm got'),
        requests: z.int(),
      })
      .nullable()
      .describe('What it counted, while something is ramped'),
    checkedAt: z.iso.datetime().nullable().describe('When this was found; what has not changed is not written again'),
  })
  .meta({ id: 'TrafficRoute' });
const routesSchema = z.object({ items: z.array(routeSchema) });

@ApiTags('services')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/traffic')
export class TrafficController {
  constructor(private readonly views: TrafficViews) {}

  @Get()
  @RequirePermission('deployment.read')
  @ApiOperation({ summary: 'Shows the routers that move the traffic of services, and which arm holds which version' })
  @ApiOkResponse({ standardSchema: routesSchema })
  async list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
  ): Promise<{ items: readonly RouteView[] }> {
    return { items: await this.views.list(ctx, project) };
  }
}
