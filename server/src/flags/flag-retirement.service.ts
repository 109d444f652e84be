import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { notFound } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { type DueFlag, FlagsRepository } from './flags.repository.js';

/** Gives flags the date by which they, and the code they decide between, are to be gone. */
@Injectable()
export class FlagRetirement {
  constructor(
    private readonly flags: FlagsRepository,
    private readonly audit: AuditService,
  ) {}

  /** Sets a flag's due date, in the caller's transaction. No evaluator sees it. */
  async schedule(
    tx: Transaction,
    ctx: RequestContext,
    { projectId, flag: key, dueAt }: { readonly projectId: string; readonly flag: string; readonly dueAt: Date },
  ): Promise<void> {
    const before = await this.flags.find(tx, projectId, key);
    if (before === null) throw notFound('FLAG_NOT_FOUND', `The project has no flag "${key}".`);
    const after = await this.flags.save(tx, { ...before, dueAt });
    await this.audit.record(tx, ctx, 'flag.retired', { projectId, subject: `flag/${key}`, before, after });
  }

  /** The keys of flags whose due date is past, in order. */
  overdue(tx: Transaction, projectId: string, now: Date): Promise<readonly string[]> {
    return this.flags.listOverdue(tx, projectId, now);
  }

  /** Flags of projects whose due date comes before a moment, the earliest first, at most so many. */
  due(
    tx: Transaction,
    projectIds: readonly string[],
    stretch: { readonly before: Date; readonly limit: number },
  ): Promise<readonly DueFlag[]> {
    return this.flags.listDue(tx, projectIds, stretch);
  }
}
