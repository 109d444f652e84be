import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { EventRecord as Row, Prisma } from '../platform/prisma/generated/client.js';
import { lockCommitOrder } from '../platform/prisma/commit-order.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import { currentTraceparent } from '../platform/tracing/spans.js';
import type { EventFilter } from './event-query.js';
import type { EventDraft, EventRecord } from './event-record.js';

/** A stretch of the events that a filter lets through. */
type Stretch = EventFilter & { readonly after: number; readonly limit: number };

@Injectable()
export class EventsRepository {
  /** Stores an event behind all that are stored, in the order of commits. */
  async append(tx: Transaction, id: string, { environmentId, ...draft }: EventDraft): Promise<EventRecord> {
    await lockCommitOrder(tx);
    const row = await clientOf(tx).eventRecord.create({
      data: {
        ...draft,
        id,
        environmentId: environmentId ?? null,
        data: draft.data,
        traceparent: currentTraceparent() ?? null,
      },
    });
    return toEvent(row);
  }

  /** Events of a project behind a sequence, in order. */
  async listAfter(
    tx: Transaction,
    projectId: string,
    { after, limit, ...filter }: Stretch,
  ): Promise<readonly EventRecord[]> {
    const rows = await clientOf(tx).eventRecord.findMany({
      where: { ...whereOf(projectId, filter), sequence: { gt: after } },
      orderBy: { sequence: 'asc' },
      take: limit,
    });
    return rows.map(toEvent);
  }

  /** Events of a project before a sequence, or up to the newest; the newest first. */
  async listBefore(
    tx: Transaction,
    projectId: string,
    { before, limit, ...filter }: EventFilter & { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly EventRecord[]> {
    const rows = await clientOf(tx).eventRecord.findMany({
      where: { ...whereOf(projectId, filter), ...(before === undefined ? {} : { sequence: { lt: before } }) },
      orderBy: { sequence: 'desc' },
      take: limit,
    });
    return rows.map(toEvent);
  }

  /** What has happened to one thing since a moment, in order, at most so many. */
  async listOfSubject(
    tx: Transaction,
    projectId: string,
    { subject, since, limit }: { readonly subject: string; readonly since: Date; readonly limit: number },
  ): Promise<readonly EventRecord[]> {
    const rows = await clientOf(tx).eventRecord.findMany({
      where: { projectId, subject, at: { gte: since } },
      orderBy: { sequence: 'asc' },
      take: limit,
    });
    return rows.map(toEvent);
  }

  async findMany(tx: Transaction, sequences: readonly number[]): Promise<readonly EventRecord[]> {
    const rows = await clientOf(tx).eventRecord.findMany({ where: { sequence: { in: [...sequences] } } });
    return rows.map(toEvent);
  }

  /** The sequence of the newest event of all; 0 when there is none. All lower ones can be seen. */
  async newest(tx: Transaction): Promise<number> {
    const { _max } = await clientOf(tx).eventRecord.aggregate({ _max: { sequence: true } });
    return Number(_max.sequence ?? 0);
  }

  /** The sequence of the newest event of each project that has any. */
  async newestOf(tx: Transaction, projectIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await clientOf(tx).$queryRaw<readonly { readonly id: string; readonly newest: bigint | null }[]>`
      SELECT project.id, (SELECT max(sequence) FROM event_record WHERE project_id = project.id) AS newest
      FROM unnest(${projectIds}::uuid[]) AS project (id)`;
    return new Map(rows.flatMap(({ id, newest }) => (newest === null ? [] : [[id, Number(newest)] as const])));
  }

  /** Forgets events, oldest first; answers how many. Rows that another replica is forgetting are left to it. */
  forget(tx: Transaction, before: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM event_record
      WHERE sequence IN (
        SELECT sequence FROM event_record
        WHERE at < ${before}::timestamptz
        ORDER BY at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }
}

function whereOf(projectId: string, { type, subject, environmentIds }: EventFilter): Prisma.EventRecordWhereInput {
  return {
    projectId,
    ...(type === undefined ? {} : { type: whereType(type) }),
    ...(subject === undefined ? {} : { subject }),
    ...(environmentIds === undefined ? {} : { environmentId: { in: [...environmentIds] } }),
  };
}

/** A pattern of types is checked against the types there are, so its beginning has no wildcard of LIKE. */
function whereType(pattern: string): string | { readonly startsWith: string } {
  return pattern.endsWith('*') ? { startsWith: pattern.slice(0, -1) } : pattern;
}

function toEvent({ traceparent, ...row }: Row): EventRecord {
  const traced = traceparent === null ? {} : { traceparent };
  // Only objects of JSON are stored as data.
  return { ...row, ...traced, sequence: Number(row.sequence), data: row.data as EventRecord['data'] };
}
