import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type Service, serviceDraftSchema } from './service.js';
import { type PlacedStanding, ServiceStandings } from './service-standings.service.js';
import { ServicesService } from './services.service.js';

const serviceSchema = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    key: z.string(),
    name: z.string(),
    version: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Service' });

const artifactSchema = z.object({ version: z.string(), digest: z.string() });
const standingSchema = z
  .object({
    environment: z.string(),
    production: z.boolean(),
    desired: z
      .object({
        stable: artifactSchema,
        candidate: artifactSchema
          .extend({ share: z.int().describe('Of the callers, in thousandths of a percent') })
          .nullable(),
      })
      .nullable()
      .describe('Where callers are to be sent; null while no version was ever installed'),
    changedAt: z.iso.datetime().nullable().describe('Since when callers are to be sent there'),
    installed: z
      .array(artifactSchema.extend({ url: z.string().nullable(), reportedBy: z.string(), at: z.iso.datetime() }))
      .describe('What CI reported and did not report as removed since; the newest 50'),
    unlisted: z.int().describe('How many more versions are installed than are listed'),
    running: z
      .array(z.object({ version: z.string().nullable(), instances: z.int() }))
      .describe('What instances with an SDK report now; null: they do not know their version'),
    drift: z.array(z.string()).describe('Where these disagree, for people'),
  })
  .meta({ id: 'ServiceStanding' });
const standingsSchema = z.object({ items: z.array(standingSchema) });

@ApiTags('services')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/services')
export class ServicesController {
  constructor(
    private readonly services: ServicesService,
    private readonly standings: ServiceStandings,
  ) {}

  @Get()
  @RequirePermission('deployment.read')
  @ApiOperation({ summary: 'Lists the services of a project by key' })
  @ApiOkResponse({ standardSchema: pageOf(serviceSchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<Service>> {
    return this.services.list(ctx, project, parsePageRequest(query));
  }

  @Post()
  @RequirePermission('deployment.write')
  @ApiOperation({ summary: 'Creates a service; reporting its first deployment does so too' })
  @ApiCreatedResponse({ standardSchema: serviceSchema })
  create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: serviceDraftSchema }) body: unknown,
  ): Promise<Service> {
    return this.services.create(ctx, project, body);
  }

  @Get(':service')
  @RequirePermission('deployment.read')
  @ApiOperation({ summary: 'Shows a service' })
  @ApiOkResponse({ standardSchema: serviceSchema })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('service') service: string,
  ): Promise<Service> {
    return this.services.get(ctx, project, service);
  }

  @Get(':service/environments')
  @RequirePermission('deployment.read')
  @ApiOperation({ summary: 'Shows which versions of a service are desired, installed and running in each environment' })
  @ApiOkResponse({ standardSchema: standingsSchema })
  async environments(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('service') service: string,
  ): Promise<{ items: readonly PlacedStanding[] }> {
    return { items: await this.standings.list(ctx, project, service) };
  }
}
