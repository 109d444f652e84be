import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Page, parsePageRequest } from '../kernel/page.js';
import {
  projectsInScope,
  type RequestContext,
  requireInstanceScope,
  requireProjectScope,
} from '../kernel/request-context.js';
import { pageOf, pageQuery } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { type AuditEntry, isSequence } from './audit-entry.js';
import { AuditService } from './audit.service.js';

const auditEntrySchema = z
  .object({
    sequence: z.int(),
    at: z.iso.datetime(),
    actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    action: z.string(),
    projectId: z.uuid().nullable(),
    subject: z.string(),
    requestId: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });

const chainReportSchema = z
  .object({
    entries: z.int(),
    headHash: z.string(),
    isIntact: z.boolean(),
    firstBreak: z
      .object({ sequence: z.int(), problem: z.enum(['missing', 'altered', 'reordered', 'truncated']) })
      .nullable(),
  })
  .meta({ id: 'AuditChainReport' });

// The store cannot even be asked for NUL.
const term = z
  .string()
  .max(500)
  .regex(/^[^\0]*$/u, 'has a NUL character');
const instant = z.iso.datetime({ offset: true }).optional();

const listQuery = pageQuery.extend({
  projectId: z.uuid().optional(),
  subject: term.optional().describe('A subject, and all that is below it: flag/new-cart'),
  actor: term.optional().describe('Id of who did it'),
  action: term.optional().describe('An action, and all that begin with it and a dot: flag.settings'),
  from: instant.describe('The earliest'),
  to: instant.describe('What comes before it'),
});

@ApiTags('audit')
@ApiBearerAuth()
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @RequirePermission('audit.read')
  @ApiOperation({ summary: 'Lists what was done, newest first' })
  @ApiOkResponse({ standardSchema: pageOf(auditEntrySchema) })
  list(
    @Context() ctx: RequestContext,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<Page<AuditEntry>> {
    const projectId = projectInScope(ctx, query.projectId);
    const { from, to, ...filter } = query;
    const span = { from: from === undefined ? null : new Date(from), to: to === undefined ? null : new Date(to) };
    return this.audit.list({ ...filter, ...span, projectId }, parsePageRequest(query, isSequence));
  }

  @Get('verify')
  @RequirePermission('audit.read')
  @ApiOperation({ summary: 'Checks the hash chain over every entry of the instance' })
  @ApiOkResponse({ standardSchema: chainReportSchema })
  async verify(@Context() ctx: RequestContext): Promise<z.infer<typeof chainReportSchema>> {
    requireInstanceScope(ctx);
    const report = await this.audit.verify();
    return { ...report, firstBreak: report.firstBreak ?? null };
  }
}

/** The project whose entries are listed; undefined: all of the instance. Who is bound to one project gets that one. */
function projectInScope(ctx: RequestContext, asked: string | undefined): string | undefined {
  const bound = projectsInScope(ctx);
  const projectId = bound?.length === 1 ? bound[0] : asked;
  if (projectId === undefined) requireInstanceScope(ctx);
  else requireProjectScope(ctx, projectId);
  return projectId;
}
