import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Prisma, Segment as Row } from '../platform/prisma/generated/client.js';
import { literally } from '../platform/prisma/literally.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Segment, SegmentRule } from './segment.js';

/** What a list of segments is narrowed to. */
export interface SegmentFilter {
  /** Part of a key or name, in any case. */
  readonly search?: string | undefined;
}

@Injectable()
export class SegmentsRepository {
  async find(tx: Transaction, projectId: string, key: string): Promise<Segment | null> {
    const row = await clientOf(tx).segment.findUnique({ where: { projectId_key: { projectId, key } } });
    return row === null ? null : toSegment(row);
  }

  async listPage(
    tx: Transaction,
    projectId: string,
    { limit, after }: PageRequest,
    { search }: SegmentFilter = {},
  ): Promise<readonly Segment[]> {
    const contains = search === undefined ? undefined : { contains: literally(search), mode: 'insensitive' as const };
    const rows = await clientOf(tx).segment.findMany({
      where: {
        projectId,
        ...(after === undefined ? {} : { key: { gt: after } }),
        ...(contains === undefined ? {} : { OR: [{ key: contains }, { name: contains }] }),
      },
      orderBy: { key: 'asc' },
      take: limit + 1,
    });
    return rows.map(toSegment);
  }

  async listAll(tx: Transaction, projectId: string): Promise<readonly Segment[]> {
    const rows = await clientOf(tx).segment.findMany({ where: { projectId }, orderBy: { key: 'asc' } });
    return rows.map(toSegment);
  }

  async insert(tx: Transaction, segment: Segment): Promise<void> {
    const { count } = await clientOf(tx).segment.createMany({ data: [toRow(segment)], skipDuplicates: true });
    if (count === 0) {
      throw conflict(
        'SEGMENT_EXISTS',
        `This project has a segment "${segment.key}" already; edit it or choose another key.`,
      );
    }
  }

  /** Stores a segment over the version it was made from, and returns it with its new version. */
  async save(tx: Transaction, segment: Segment): Promise<Segment> {
    const after = { ...segment, version: segment.version + 1 };
    const where = { id: segment.id, version: segment.version };
    const { count } = await clientOf(tx).segment.updateMany({ where, data: toRow(after) });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this segment at the same moment; try again.');
    return after;
  }

  async delete(tx: Transaction, { id, version }: Segment): Promise<void> {
    const { count } = await clientOf(tx).segment.deleteMany({ where: { id, version } });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this segment at the same moment; try again.');
  }
}

function toRow(segment: Segment): Prisma.SegmentCreateManyInput {
  return {
    ...segment,
    included: [...segment.included],
    excluded: [...segment.excluded],
    // Rules are JSON by construction.
    rules: segment.rules as unknown as Prisma.InputJsonValue,
  };
}

function toSegment(row: Row): Segment {
  // Only rules that were parsed are ever stored.
  return { ...row, rules: row.rules as unknown as readonly SegmentRule[] };
}
