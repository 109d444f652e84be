import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditService } from '../audit/index.js';
import { type RequestContext, requireInstanceScope } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { Context } from '../transport/request-context.decorator.js';
import { RequirePermission } from '../transport/require-permission.decorator.js';
import { Backups } from './backups.service.js';

@ApiTags('system')
@ApiBearerAuth()
@Controller('api/v1/backup')
export class BackupsController {
  constructor(
    private readonly backups: Backups,
    private readonly transactions: Transactions,
    private readonly audit: AuditService,
  ) {}

  /** Through a file of its own: a client that reads slowly must not hold the store. */
  @Get()
  @RequirePermission('system.backup')
  @ApiOperation({
    summary: 'A copy of the whole store as it is now, to be restored into an empty one',
    description:
      'Holds secrets of webhooks and hashes of tokens and passwords: keep it where nobody else reads. Restore it with ' +
      '`sluice restore`. Needs the whole instance. Repr-Digest has the SHA-256 of what is sent (RFC 9530).',
  })
  @ApiOkResponse({ content: { 'application/gzip': { schema: { type: 'string', format: 'binary' } } } })
  async take(
    @Context() ctx: RequestContext,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireInstanceScope(ctx);
    if (request.method === 'HEAD') return void (await reply.status(204).send());
    await this.transactions.run((tx) => this.audit.record(tx, ctx, 'backup.taken', { subject: 'instance' }));
    const folder = await mkdtemp(join(tmpdir(), 'sluice-backup-'));
    const forget = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
      const path = join(folder, 'backup.ndjson.gz');
      await this.backups.take(path);
      const { size } = await stat(path);
      const digest = createHash('sha256');
      await pipeline(createReadStream(path), digest);
      const stream = createReadStream(path).once('close', () => void forget());
      await reply
        .header('content-type', 'application/gzip')
        .header('content-length', size)
        .header('content-disposition', `attachment; filename="sluice-backup.ndjson.gz"`)
        .header('cache-control', 'no-store')
        .header('repr-digest', `sha-256=:${digest.digest('base64')}:`)
        .send(stream);
    } catch (error) {
      await forget();
      throw error;
    }
  }
}
