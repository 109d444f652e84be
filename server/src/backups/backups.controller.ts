import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditService } from '../audit/index.js';
import { limited, type SluiceError } from '../kernel/errors.js';
import { type RequestContext, requireInstanceScope } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { spool } from './backup-spool.adapter.js';
import { Backups } from './backups.service.js';

const RETRY_AFTER_SECONDS = 60;

@ApiTags('system')
@ApiBearerAuth()
@Controller('api/v1/backup')
export class BackupsController {
  private isTaking = false;

  constructor(
    private readonly backups: Backups,
    private readonly transactions: Transactions,
    private readonly audit: AuditService,
  ) {}

  /**
   * Through a file of its own: a client that reads slowly must not hold the store. What fails after the beginning breaks the
   * connection; what arrived by then lacks the last line of a backup.
   */
  @Get()
  @RequirePermission('system.backup')
  @ApiOperation({
    summary: 'A copy of the whole store as it is now, to be restored into an empty one',
    description:
      'Holds secrets of webhooks and hashes of tokens and passwords: keep it where nobody else reads. Restore it with ' +
      '`sluice restore`, which refuses what did not arrive whole: the last line has the SHA-256 of all before it. Needs ' +
      'the whole instance. A server sends one backup at a time.',
  })
  @ApiOkResponse({ content: { 'application/gzip': { schema: { type: 'string', format: 'binary' } } } })
  async take(
    @Context() ctx: RequestContext,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireInstanceScope(ctx);
    if (request.method === 'HEAD') return void (await reply.status(204).send());
    if (this.isTaking) throw underWay();
    this.isTaking = true;
    try {
      await this.transactions.run((tx) => this.audit.record(tx, ctx, 'backup.taken', { subject: 'instance' }));
    } catch (error) {
      this.isTaking = false;
      throw error;
    }
    const backup = spool((to, signal) => this.backups.take(() => to, signal));
    backup.once('close', () => (this.isTaking = false));
    await reply
      .header('content-type', 'application/gzip')
      .header('content-disposition', `attachment; filename="sluice-backup.ndjson.gz"`)
      .header('cache-control', 'no-store')
      .send(backup);
  }
}

function underWay(): SluiceError {
  return limited(
    'BACKUP_UNDER_WAY',
    'This server is sending a backup already, and sends one at a time. Ask again when that has arrived.',
    { data: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
  );
}
