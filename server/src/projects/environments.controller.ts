import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { EnvironmentsService } from './environments.service.js';
import { type Environment, environmentDraftSchema, environmentEditSchema } from './project.js';

export const environmentSchema = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    key: z.string(),
    name: z.string(),
    production: z.boolean(),
    revision: z.int().describe('Grows with every change that evaluators of this environment can see'),
    version: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Environment' });
const listSchema = z.object({ items: z.array(environmentSchema) });

@ApiTags('environments')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments')
export class EnvironmentsController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Get()
  @RequirePermission('project.read')
  @ApiOperation({ summary: 'Lists the environments of a project by key' })
  @ApiOkResponse({ standardSchema: listSchema })
  async list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
  ): Promise<{ items: readonly Environment[] }> {
    return { items: await this.environments.list(ctx, project) };
  }

  @Post()
  @RequirePermission('environment.write')
  @ApiOperation({ summary: 'Creates an environment; every flag starts switched off in it' })
  @ApiCreatedResponse({ standardSchema: environmentSchema })
  create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: environmentDraftSchema }) body: unknown,
  ): Promise<Environment> {
    return this.environments.create(ctx, project, body);
  }

  @Get(':environment')
  @RequirePermission('project.read')
  @ApiOperation({ summary: 'Shows an environment' })
  @ApiOkResponse({ standardSchema: environmentSchema })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
  ): Promise<Environment> {
    return this.environments.get(ctx, project, environment);
  }

  @Patch(':environment')
  @RequirePermission('environment.write')
  @ApiOperation({ summary: 'Renames an environment or marks it as production' })
  @ApiOkResponse({ standardSchema: environmentSchema })
  edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: environmentEditSchema }) body: unknown,
  ): Promise<Environment> {
    return this.environments.edit(ctx, { project, environment }, expected, body);
  }
}
