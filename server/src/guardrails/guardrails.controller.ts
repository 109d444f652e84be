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
import { isId } from '../kernel/ids.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { IfMatch } from '../transport/if-match.decorator.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import {
  acknowledgementDraftSchema,
  guardrailDraftSchema,
  guardrailEditSchema,
  guardrailSchema,
} from './guardrail-schema.js';
import { isInTheWay } from './guardrail-state.js';
import { GuardrailsService, type PlacedGuardrail } from './guardrails.service.js';

/** What is answered: what is kept, but for what checks alone need to know. */
type Answer = Omit<PlacedGuardrail, 'watchedSince'> & { readonly isHolding: boolean };

const listQuery = pageQuery.extend({
  environment: z.string().max(64).optional().describe('Key of an environment'),
});

@ApiTags('guardrails')
@ApiBearerAuth()
@Controller('api/v1/projects/:project')
export class GuardrailsController {
  constructor(private readonly guardrails: GuardrailsService) {}

  @Get('guardrails')
  @RequirePermission('guardrail.read')
  @ApiOperation({ summary: 'Lists the guardrails of a project in order of creation' })
  @ApiOkResponse({ standardSchema: pageOf(guardrailSchema) })
  async list(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<Page<Answer>> {
    const page = await this.guardrails.list(ctx, project, parsePageRequest(query, isId), query.environment);
    return { ...page, items: page.items.map(toAnswer) };
  }

  @Post('guardrails')
  @RequirePermission('guardrail.write')
  @ApiOperation({
    summary: 'Creates a guardrail of an environment; its first check follows at once',
    description:
      'A guardrail is a statement that is true while the system works. It breaks after failureLimit bad checks in a ' +
      'row and recovers after recoveryLimit good ones. A check that finds no data, or cannot ask, does neither.',
  })
  @ApiCreatedResponse({ standardSchema: guardrailSchema })
  async create(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Body({ schema: guardrailDraftSchema }) body: unknown,
  ): Promise<Answer> {
    return toAnswer(await this.guardrails.create(ctx, project, body));
  }

  @Get('environments/:environment/guardrails/:guardrail')
  @RequirePermission('guardrail.read')
  @ApiOperation({ summary: 'Shows a guardrail and how it stands' })
  @ApiOkResponse({ standardSchema: guardrailSchema })
  async get(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('guardrail') guardrail: string,
  ): Promise<Answer> {
    return toAnswer(await this.guardrails.get(ctx, { project, environment, guardrail }));
  }

  @Patch('environments/:environment/guardrails/:guardrail')
  @RequirePermission('guardrail.write')
  @ApiOperation({
    summary: 'Edits a guardrail: fields given replace, others stay',
    description: 'With a new statement it begins anew as unknown, and what it held may go on.',
  })
  @ApiOkResponse({ standardSchema: guardrailSchema })
  async edit(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('guardrail') guardrail: string,
    @IfMatch() expected: ExpectedVersion,
    @Body({ schema: guardrailEditSchema }) body: unknown,
  ): Promise<Answer> {
    return toAnswer(await this.guardrails.edit(ctx, { project, environment, guardrail }, expected, body));
  }

  @Delete('environments/:environment/guardrails/:guardrail')
  @HttpCode(204)
  @RequirePermission('guardrail.write')
  @ApiOperation({ summary: 'Deletes a guardrail; what it held may go on' })
  @ApiNoContentResponse()
  async delete(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('guardrail') guardrail: string,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<void> {
    await this.guardrails.delete(ctx, { project, environment, guardrail }, expected);
  }

  @Post('environments/:environment/guardrails/:guardrail/acknowledge')
  @HttpCode(200)
  @RequirePermission('guardrail.write')
  @ApiOperation({
    summary: 'Says that somebody has seen that a guardrail is broken',
    description:
      'Rollouts it covers go on holding until it has recovered, or until an acknowledgement says release: true. ' +
      'It may be repeated, to say something else.',
  })
  @ApiOkResponse({ standardSchema: guardrailSchema })
  async acknowledge(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('guardrail') guardrail: string,
    @IfMatch({ required: false }) expected: ExpectedVersion,
    @Body({ schema: acknowledgementDraftSchema }) body: unknown,
  ): Promise<Answer> {
    return toAnswer(await this.guardrails.acknowledge(ctx, { project, environment, guardrail }, expected, body));
  }
}

function toAnswer({ watchedSince: _watchedSince, ...guardrail }: PlacedGuardrail): Answer {
  return { ...guardrail, isHolding: guardrail.onBroken.hold !== null && isInTheWay(guardrail) };
}
