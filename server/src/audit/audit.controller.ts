import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Page, parsePageRequest } from '../kernel/page.js';
import { type RequestContext, requireInstanceScope, requireProjectScope } from '../kernel/request-context.js';
import { pageOf } from '../transport/page-schema.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import type { AuditEntry } from './audit-entry.js';
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

const isSequence = (sortKey: string): boolean => /^[1-9]\d{0,9}$/u.test(sortKey) && Number(sortKey) < 2 ** 31;

const listQuery = z.strictObject({
  limit: z.string().optional(),
  after: z.string().optional(),
  projectId: z.uuid().optional(),
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
    requireProjectScope(ctx);
    return this.audit.list(ctx.projectId ?? query.projectId, parsePageRequest(query, isSequence));
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
