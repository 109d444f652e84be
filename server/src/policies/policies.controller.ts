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
import { PoliciesService } from './policies.service.js';
import type { Policy, PolicyVersion } from './policy.js';
import { policyDocumentSchema, policyDraftSchema, policyEditSchema } from './policy-schema.js';
import { type Preset, PRESETS } from './presets.js';

const presetSchema = z
  .object({ key: z.string(), name: z.string(), description: z.string(), document: policyDocumentSchema })
  .meta({ id: 'PolicyPreset' });
const policySchema = policyDraftSchema
  .extend({
    id: z.uuid(),
    projectId: z.uuid(),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Policy' });
const versionSchema = z
  .object({
    ...policyDraftSchema.pick({ parameters: true, document: true }).shape,
    version: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'PolicyVersion' });
const versionParam = z.coerce.number().int().min(1).max(1_000_000_000);

@ApiTags('policies')
@ApiBearerAuth()
@Controller('api/v1/projects/:project')
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Get('policy-presets')
  @RequirePermission('policy.read')
  @ApiOperation({ summary: 'Lists the policies that every project has from the start' })
  @ApiOkResponse({ standardSchema: z.object({ items: z.array(presetSchema) }) })
  presets(): { readonly items: readonly Preset[] } {
    return { items: PRESETS };
  }

  @Get('policies')
  @RequirePermission('policy.read')
  @ApiOperation({ summary: 'Lists the policies of a project by key, each at its newest version' })
  @ApiOkResponse({ standardSchema: pageOf(policySchema) })
  list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<Policy>> {
    return this.policies.list(ctx, project, parsePageRequest(query));
  }

  @Post('policies')
  @RequirePermission('policy.write')
  @ApiOperation({ summary: 'Creates a policy' })
  @ApiCreatedResponse({ standardSchema: policySchema })
  create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: policyDraftSchema }) body: unknown,
  ): Promise<Policy> {
    return this.policies.create(ctx, project, body);
  }

  @Get('policies/:policy')
  @RequirePermission('policy.read')
  @ApiOperation({ summary: 'Shows a policy at its newest version' })
  @ApiOkResponse({ standardSchema: policySchema })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('policy') policy: string,
  ): Promise<Policy> {
    return this.policies.get(ctx, project, policy);
  }

  @Get('policies/:policy/versions/:version')
  @RequirePermission('policy.read')
  @ApiOperation({ summary: 'Shows a policy as it was at a version' })
  @ApiOkResponse({ standardSchema: versionSchema })
  getVersion(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('policy') policy: string,
    @Param('version', { schema: versionParam }) version: number,
  ): Promise<PolicyVersion> {
    return this.policies.getVersion(ctx, { project, policy }, Number(version));
  }

  @Patch('policies/:policy')
  @RequirePermission('policy.write')
  @ApiOperation({ summary: 'Edits a policy, which makes its next version; running releases keep theirs' })
  @ApiOkResponse({ standardSchema: policySchema })
  edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('policy') policy: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: policyEditSchema }) body: unknown,
  ): Promise<Policy> {
    return this.policies.edit(ctx, { project, policy }, expected, body);
  }
}
