import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type InstancesPage, InstancesService } from './instances.service.js';

const instanceSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    sdk: z.string(),
    revision: z.int().nullable().describe('The revision it serves; null before its first snapshot'),
    revisionAppliedAt: z.iso.datetime().nullable(),
    service: z.string().nullable().describe('Key of the service it is an instance of, as it says'),
    serviceVersion: z.string().nullable(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    leftAt: z.iso.datetime().nullable().describe('When it said that it ends; it is waited for no more'),
    isCurrent: z.boolean().describe("It serves the environment's revision"),
    isSilent: z.boolean().describe('It has stopped reporting without a word'),
  })
  .meta({ id: 'SdkInstance' });
const reachSchema = z
  .object({
    environmentRevision: z.int(),
    instances: z.int().describe('Instances that report'),
    current: z.int().describe('Those of them that serve the revision of the environment'),
    silent: z.int().describe('Instances that have stopped reporting within the last hour'),
  })
  .meta({ id: 'Reach' });

@ApiTags('environments')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/instances')
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @Get()
  @RequirePermission('telemetry.read')
  @ApiOperation({ summary: 'Lists the SDK instances seen within an hour, and how far the revision has reached' })
  @ApiOkResponse({ standardSchema: pageOf(instanceSchema).extend({ summary: reachSchema }) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<InstancesPage> {
    return this.instances.list(ctx, { project, environment }, parsePageRequest(query));
  }
}
