import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { isId } from '../kernel/ids.js';
import { type Page, parsePageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { Certificate } from './certificate.js';
import type { RunMinute } from './merge-run-reports.js';
import { type PlacedRunView, RunFindings } from './run-findings.service.js';
import { certificateSchema, minutesSchema, placedRunSchema } from './run-view-schema.js';

const certificateQuery = z.strictObject({
  candidate: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\0]*$/u, 'has a NUL character')
    .optional()
    .describe('Needed where the run has several'),
});
const instant = z.iso.datetime({ offset: true }).optional();
const minutesQuery = z.strictObject({
  from: instant.describe('An hour before the end unless said'),
  to: instant.describe('Now unless said'),
});

@ApiTags('parallel runs')
@ApiBearerAuth()
@Controller('api/v1/projects/:project/environments/:environment/parallel-runs/:run')
export class RunFindingsController {
  constructor(private readonly findings: RunFindings) {}

  @Get()
  @RequirePermission('parallelRun.read')
  @ApiOperation({
    summary: 'Shows how a run is sampled and judged in an environment, and how its candidates stand',
    description:
      'Of every candidate each pair of versions that services run is assessed, the newest last. Mismatches that are the same fault share a ' +
      'signature; they are ranked by their excess over noise: n − twins · compared calls / calls in which the control ' +
      'ran twice.',
  })
  @ApiOkResponse({ standardSchema: placedRunSchema })
  show(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
  ): Promise<PlacedRunView> {
    return this.findings.show(ctx, { project, environment, run });
  }

  @Get('certificate')
  @RequirePermission('parallelRun.read')
  @ApiOperation({ summary: 'Shows the certificate that stands for the newest versions; 404 says what it lacks' })
  @ApiOkResponse({ standardSchema: certificateSchema })
  certificate(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @Query({ schema: certificateQuery }) { candidate }: z.infer<typeof certificateQuery>,
  ): Promise<Certificate> {
    return this.findings.current(ctx, { project, environment, run }, candidate);
  }

  @Get('certificates')
  @RequirePermission('parallelRun.read')
  @ApiOperation({ summary: 'Lists all that was ever found of a run in an environment, newest first' })
  @ApiOkResponse({ standardSchema: pageOf(certificateSchema) })
  certificates(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<Page<Certificate>> {
    return this.findings.list(ctx, { project, environment, run }, parsePageRequest(query, isId));
  }

  @Get('minutes')
  @RequirePermission('parallelRun.read')
  @ApiOperation({ summary: 'Shows how many inputs were compared and unequal, minute by minute, up to 7 days of 30' })
  @ApiOkResponse({ standardSchema: minutesSchema })
  async minutes(
    @Context() ctx: RequestContext,
    @Param('project') project: string,
    @Param('environment') environment: string,
    @Param('run') run: string,
    @Query({ schema: minutesQuery }) { from, to }: z.infer<typeof minutesQuery>,
  ): Promise<{ readonly items: readonly RunMinute[] }> {
    const toDate = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
    return {
      items: await this.findings.minutes(ctx, { project, environment, run }, { from: toDate(from), to: toDate(to) }),
    };
  }
}
