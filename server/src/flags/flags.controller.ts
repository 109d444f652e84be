import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import type { ExpectedVersion } from '../kernel/expected-version.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type FlagWithSettings, PURPOSES } from './flag.js';
import { settingsResource } from './flag-settings.controller.js';
import { flagDraftSchema, flagEditSchema, variationSchema } from './flag-schema.js';
import { FlagLists } from './flag-lists.service.js';
import { FLAG_SORTS } from './flag-order.js';
import { FlagsService } from './flags.service.js';
import { LIFE_STAGES } from './life-stage.js';

const FLAG_TYPES = ['boolean', 'string', 'number', 'json'] as const;

const flagResource = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    key: z.string(),
    type: z.enum(FLAG_TYPES),
    name: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    owner: z.string().nullable(),
    purpose: z.enum(PURPOSES),
    dueAt: z.iso.datetime().nullable(),
    variations: z.array(variationSchema),
    metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    environments: z.record(z.string(), settingsResource).describe('The settings by the key of the environment'),
  })
  .meta({ id: 'Flag' });

// The store cannot even be asked for NUL.
const term = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/u, 'has a NUL character');

const yesOrNo = z.enum(['true', 'false']);

const listQuery = pageQuery.extend({
  tag: z
    .union([term, z.array(term).max(50)])
    .optional()
    .describe('May stand more than once: a flag must have all'),
  purpose: z.enum(PURPOSES).optional(),
  owner: term.optional(),
  search: term.optional().describe('Part of a key or name'),
  type: z.enum(FLAG_TYPES).optional(),
  overdue: yesOrNo.optional().describe('Whether its due date is past'),
  stage: z.enum(LIFE_STAGES).optional().describe('Where it stands between its making and its removal'),
  stale: yesOrNo.optional().describe('Whether its stage is any but new and live: it may be able to go'),
  environment: term.optional().describe('Key of the environment of which on, and the orders state and evaluated, are'),
  on: yesOrNo.optional().describe('Whether it is on in the environment, which must be named'),
  sort: z.enum(FLAG_SORTS).optional().describe('key unless said; flags without such a thing come last'),
  descending: yesOrNo.optional().describe('The other way round'),
});

@ApiTags('flags')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/flags')
export class FlagsController {
  constructor(
    private readonly flags: FlagsService,
    private readonly lists: FlagLists,
  ) {}

  @Get()
  @RequirePermission('flag.read')
  @ApiOperation({
    summary: 'Lists the flags of a project, in order of key unless another is asked for',
    description: 'A cursor goes on in a list of the same order that is narrowed alike; in another it is refused.',
  })
  @ApiOkResponse({ standardSchema: pageOf(flagResource) })
  async list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<Page<FlagWithSettings>> {
    const { tag, overdue, stale, on, descending, ...asked } = query;
    const tags = typeof tag === 'string' ? [tag] : tag;
    const said = { overdue: isYes(overdue), stale: isYes(stale), on: isYes(on), descending: isYes(descending) };
    const page = await this.lists.list(ctx, project, parsePageRequest(query), { ...asked, tags, ...said });
    return { items: page.items, nextCursor: page.nextCursor };
  }

  @Post()
  @RequirePermission('flag.write')
  @ApiOperation({ summary: 'Creates a flag, switched off in every environment' })
  @ApiCreatedResponse({ standardSchema: flagResource })
  create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: flagDraftSchema }) body: unknown,
  ): Promise<FlagWithSettings> {
    return this.flags.create(ctx, project, body);
  }

  @Get(':flag')
  @RequirePermission('flag.read')
  @ApiOperation({ summary: 'Shows a flag with its settings in every environment' })
  @ApiOkResponse({ standardSchema: flagResource })
  get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
  ): Promise<FlagWithSettings> {
    return this.flags.get(ctx, project, flag);
  }

  @Patch(':flag')
  @RequirePermission('flag.write')
  @ApiOperation({ summary: 'Edits a flag’s definition: fields given replace, others stay; key and type never change' })
  @ApiOkResponse({ standardSchema: flagResource })
  edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: flagEditSchema }) body: unknown,
  ): Promise<FlagWithSettings> {
    return this.flags.edit(ctx, { project, flag }, expected, body);
  }

  @Delete(':flag')
  @HttpCode(204)
  @RequirePermission('flag.write')
  @ApiOperation({ summary: 'Deletes a flag that is no other’s prerequisite; services get their code’s default' })
  @ApiNoContentResponse()
  delete(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('flag') flag: string,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<void> {
    return this.flags.delete(ctx, { project, flag }, expected);
  }
}

function isYes(word: z.infer<typeof yesOrNo> | undefined): boolean | undefined {
  return word === undefined ? undefined : word === 'true';
}
