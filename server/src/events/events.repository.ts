import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { EventRecord as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { EventDraft, EventRecord } from './event-record.js';

/** Any fixed number, the same in every version: who holds it may draw the next sequence. */
const SEQUENCE_LOCK = 7_070_7072;

@Injectable()
export class EventsRepository {
  /**
   * Stores an event behind all that are stored. The lock is let go after its transaction can be seen, so that a
   * sequence is drawn only once all lower ones can be seen or never will.
   */
  async append(tx: Transaction, id: string, { environmentId, ...draft }: EventDraft): Promise<EventRecord> {
    await clientOf(tx).$executeRaw`SELECT pg_advisory_xact_lock(${SEQUENCE_LOCK})`;
    const row = await clientOf(tx).eventRecord.create({
      data: { ...draft, id, environmentId: environmentId ?? null, data: draft.data },
    });
    return toEvent(row);
  }

  /** Events of a project behind a sequence, in order. */
  async listAfter(
    tx: Transaction,
    projectId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<readonly EventRecord[]> {
    const rows = await clientOf(tx).eventRecord.findMany({
      where: { projectId, sequence: { gt: after } },
      orderBy: { sequence: 'asc' },
      take: limit,
    });
    return rows.map(toEvent);
  }
}

function toEvent(row: Row): EventRecord {
  // Only objects of JSON are stored as data.
  return { ...row, sequence: Number(row.sequence), data: row.data as EventRecord['data'] };
}
