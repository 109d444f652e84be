import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { environmentSchema } from './environments.controller.js';
import { type Project, projectDraftSchema, renameSchema } from './project.js';
import { ProjectsService, type ProjectWithEnvironments } from './projects.service.js';

const projectSchema = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  version: z.int(),
  createdAt: z.iso.datetime(),
});
const listed = projectSchema.meta({ id: 'Project' });
const whole = projectSchema
  .extend({ environments: z.array(environmentSchema) })
  .meta({ id: 'ProjectWithEnvironments' });

@ApiTags('projects')
@ApiBearerAuth()
@Controller('api/v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @RequirePermission('project.read')
  @ApiOperation({ summary: 'Lists projects by key' })
  @ApiOkResponse({ standardSchema: pageOf(listed) })
  list(
    @Context() ctx: RequestContext,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<Project>> {
    return this.projects.list(ctx, parsePageRequest(query));
  }

  @Post()
  @RequirePermission('project.write')
  @ApiOperation({ summary: 'Creates a project with its environments (development and production unless said)' })
  @ApiCreatedResponse({ standardSchema: whole })
  create(
    @Context() ctx: RequestContext,
    @Body({ schema: projectDraftSchema }) body: unknown,
  ): Promise<ProjectWithEnvironments> {
    return this.projects.create(ctx, body);
  }

  @Get(':project')
  @RequirePermission('project.read')
  @ApiOperation({ summary: 'Shows a project and its environments' })
  @ApiOkResponse({ standardSchema: whole })
  get(@Context() ctx: RequestContext, @Param('project') project: string): Promise<ProjectWithEnvironments> {
    return this.projects.get(ctx, project);
  }

  @Patch(':project')
  @RequirePermission('project.write')
  @ApiOperation({ summary: 'Renames a project' })
  @ApiOkResponse({ standardSchema: whole })
  rename(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: renameSchema }) body: unknown,
  ): Promise<ProjectWithEnvironments> {
    return this.projects.rename(ctx, project, expected, body);
  }
}
