import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { isId } from '../kernel/ids.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { DEPLOYMENT_STATES, deploymentDraftSchema, type PlacedDeployment } from './deployment.js';
import { DeploymentsService } from './deployments.service.js';

const deploymentSchema = z
  .object({
    id: z.uuid(),
    serviceId: z.uuid(),
    environmentId: z.uuid(),
    service: z.string(),
    environment: z.string(),
    version: z.string(),
    digest: z.string(),
    state: z.enum(DEPLOYMENT_STATES),
    url: z.string().nullable(),
    reportedBy: z.string().describe('Name of the token that reported it'),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Deployment' });

const listQuery = pageQuery.extend({
  environment: z.string().max(64).optional().describe('Key of an environment'),
  service: z.string().max(64).optional().describe('Key of a service'),
});

@ApiTags('deployments')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/deployments')
export class DeploymentsController {
  constructor(private readonly deployments: DeploymentsService) {}

  @Get()
  @RequirePermission('deployment.read')
  @ApiOperation({ summary: 'Lists what was reported as installed and removed, newest first' })
  @ApiOkResponse({ standardSchema: pageOf(deploymentSchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<Page<PlacedDeployment>> {
    return this.deployments.list(ctx, project, parsePageRequest(query, isId), query);
  }

  @Post()
  @RequirePermission('deployment.write')
  @ApiOperation({
    summary: 'Reports that a version of a service was installed in an environment, or removed from it',
    description:
      'Repeat it as you like. A service that is not known yet is created. A version has one digest in all ' +
      'environments: another is refused (ARTIFACT_DIFFERS). The first version installed in an environment gets all ' +
      'callers there; every later one waits for a release.',
  })
  @ApiCreatedResponse({ standardSchema: deploymentSchema })
  @ApiOkResponse({ standardSchema: deploymentSchema, description: 'This was the last that was reported of it already' })
  async report(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: deploymentDraftSchema }) body: unknown,
  ): Promise<PlacedDeployment> {
    const { deployment, isNew } = await this.deployments.report(ctx, project, body);
    void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return deployment;
  }
}
