import { Injectable } from '@nestjs/common';
import type { Json } from '../kernel/json.js';
import type { Transaction } from '../kernel/transactions.js';
import { type AuditEntry as Row, Prisma } from '../platform/prisma/generated/client.js';
import { lockCommitOrder } from '../platform/prisma/commit-order.js';
import { literally } from '../platform/prisma/literally.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { AuditEntry, AuditFilter, AuditHead } from './audit-entry.js';

@Injectable()
export class AuditRepository {
  /** The end of the chain, locked until the transaction ends: one writer appends at a time. */
  async lockHead(tx: Transaction): Promise<AuditHead> {
    await lockCommitOrder(tx);
    const rows = await clientOf(tx).$queryRaw<AuditHead[]>`
      SELECT sequence, hash FROM audit_head WHERE id = 1 FOR UPDATE`;
    return soleRow(rows);
  }

  async head(tx: Transaction): Promise<AuditHead> {
    return clientOf(tx).auditHead.findUniqueOrThrow({ where: { id: 1 }, select: { sequence: true, hash: true } });
  }

  async append(tx: Transaction, entry: AuditEntry): Promise<void> {
    const { actor, before, after, ...rest } = entry;
    await clientOf(tx).auditEntry.create({
      data: {
        ...rest,
        actorKind: actor.kind,
        actorId: actor.id,
        actorName: actor.name,
        before: toColumn(before),
        after: toColumn(after),
      },
    });
    await clientOf(tx).auditHead.update({ where: { id: 1 }, data: { sequence: entry.sequence, hash: entry.hash } });
  }

  /** Entries after a sequence, oldest first. */
  async listAfter(tx: Transaction, sequence: number, limit: number): Promise<readonly AuditEntry[]> {
    const rows = await clientOf(tx).auditEntry.findMany({
      where: { sequence: { gt: sequence } },
      orderBy: { sequence: 'asc' },
      take: limit,
    });
    return rows.map(toEntry);
  }

  /** Entries before a sequence that a filter lets through, newest first. */
  async listBefore(
    tx: Transaction,
    filter: AuditFilter,
    { before, limit }: { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly AuditEntry[]> {
    const rows = await clientOf(tx).auditEntry.findMany({
      where: { AND: [before === undefined ? {} : { sequence: { lt: before } }, ...conditionsOf(filter)] },
      orderBy: { sequence: 'desc' },
      take: limit,
    });
    return rows.map(toEntry);
  }
}

function soleRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('The store has no audit head; its migrations are incomplete.');
  return row;
}

function conditionsOf(filter: AuditFilter): readonly Prisma.AuditEntryWhereInput[] {
  const { projectId, subject, exactSubject, actor, action, from, to } = filter;
  const conditions: readonly (Prisma.AuditEntryWhereInput | false)[] = [
    isGiven(projectId) && { projectId },
    isGiven(subject) && { OR: [{ subject }, { subject: { startsWith: `${literally(subject)}/` } }] },
    isGiven(exactSubject) && { subject: exactSubject },
    isGiven(actor) && { actorId: actor },
    isGiven(action) && { OR: [{ action }, { action: { startsWith: `${literally(action)}.` } }] },
    isGiven(from) && { at: { gte: from } },
    isGiven(to) && { at: { lt: to } },
  ];
  return conditions.filter((each) => each !== false);
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function toColumn(value: Json): Prisma.InputJsonValue | typeof Prisma.DbNull {
  // Json and InputJsonValue differ only in how they say readonly.
  return value === null ? Prisma.DbNull : value;
}

function toEntry(row: Row): AuditEntry {
  const { actorKind, actorId, actorName, before, after, ...rest } = row;
  return {
    ...rest,
    actor: { kind: actorKind, id: actorId, name: actorName },
    before: before as Json,
    after: after as Json,
  };
}
