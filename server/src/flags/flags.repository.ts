import { Injectable } from '@nestjs/common';
import type { FlagMetadata, FlagType, Variation } from '@sluice/sdk/evaluation';
import { conflict } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Flag as Row, Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Flag, Purpose } from './flag.js';

/** A flag that is to be gone, and by when. */
export interface DueFlag {
  readonly projectId: string;
  readonly key: string;
  readonly dueAt: Date;
}

@Injectable()
export class FlagsRepository {
  async find(tx: Transaction, projectId: string, key: string): Promise<Flag | null> {
    const row = await clientOf(tx).flag.findUnique({ where: { projectId_key: { projectId, key } } });
    return row === null ? null : toFlag(row);
  }

  /** Those of the keys that there are, in no order. */
  async listByKeys(tx: Transaction, projectId: string, keys: readonly string[]): Promise<readonly Flag[]> {
    const rows = await clientOf(tx).flag.findMany({ where: { projectId, key: { in: [...keys] } } });
    return rows.map(toFlag);
  }

  /** Those of the ids that there are, in no order. */
  async listByIds(tx: Transaction, ids: readonly string[]): Promise<readonly Flag[]> {
    const rows = await clientOf(tx).flag.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(toFlag);
  }

  async listAll(tx: Transaction, projectId: string): Promise<readonly Flag[]> {
    const rows = await clientOf(tx).flag.findMany({ where: { projectId }, orderBy: { key: 'asc' } });
    return rows.map(toFlag);
  }

  /** The variations of all flags of a project, by id of flag and with its key. */
  async listVariations(
    tx: Transaction,
    projectId: string,
  ): Promise<readonly Pick<Flag, 'id' | 'key' | 'variations'>[]> {
    const rows = await clientOf(tx).flag.findMany({
      where: { projectId },
      select: { id: true, key: true, variations: true },
    });
    // Only flags that were parsed are ever stored.
    return rows.map((row) => ({ ...row, variations: row.variations as unknown as readonly Variation[] }));
  }

  /** The tags that flags of a project have, in order. */
  async listTags(tx: Transaction, projectId: string): Promise<readonly string[]> {
    const rows = await clientOf(tx).$queryRaw<readonly { readonly tag: string }[]>`
      SELECT DISTINCT unnest(tags) AS tag FROM flag WHERE project_id = ${projectId}::uuid ORDER BY tag`;
    return rows.map(({ tag }) => tag);
  }

  /** Keys of flags whose due date is before a moment. */
  async listOverdue(tx: Transaction, projectId: string, now: Date): Promise<readonly string[]> {
    const rows = await clientOf(tx).flag.findMany({
      where: { projectId, dueAt: { lt: now } },
      select: { key: true },
      orderBy: { key: 'asc' },
    });
    return rows.map(({ key }) => key);
  }

  /** Flags of projects whose due date comes before a moment, the earliest first, at most so many. */
  async listDue(
    tx: Transaction,
    projectIds: readonly string[],
    { before, limit }: { readonly before: Date; readonly limit: number },
  ): Promise<readonly DueFlag[]> {
    const rows = await clientOf(tx).flag.findMany({
      where: { projectId: { in: [...projectIds] }, dueAt: { lt: before } },
      select: { projectId: true, key: true, dueAt: true },
      orderBy: [{ dueAt: 'asc' }, { key: 'asc' }],
      take: limit,
    });
    return rows.flatMap(({ dueAt, ...flag }) => (dueAt === null ? [] : [{ ...flag, dueAt }]));
  }

  async insert(tx: Transaction, flag: Flag): Promise<void> {
    const { count } = await clientOf(tx).flag.createMany({ data: [toRow(flag)], skipDuplicates: true });
    if (count === 0) {
      throw conflict('FLAG_EXISTS', `This project has a flag "${flag.key}" already; edit it or choose another key.`);
    }
  }

  /** Stores a flag over the version it was made from, and returns it with its new version. */
  async save(tx: Transaction, flag: Flag): Promise<Flag> {
    const after = { ...flag, version: flag.version + 1 };
    const where = { id: flag.id, version: flag.version };
    const { count } = await clientOf(tx).flag.updateMany({ where, data: toRow(after) });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this flag at the same moment; try again.');
    return after;
  }

  /** Deletes a flag with its settings in every environment. */
  async delete(tx: Transaction, { id, version }: Flag): Promise<void> {
    const { count } = await clientOf(tx).flag.deleteMany({ where: { id, version } });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this flag at the same moment; try again.');
  }
}

function toRow(flag: Flag): Prisma.FlagCreateManyInput {
  return {
    ...flag,
    tags: [...flag.tags],
    // Variations are JSON by construction.
    variations: flag.variations as unknown as Prisma.InputJsonValue,
    metadata: flag.metadata,
  };
}

function toFlag(row: Row): Flag {
  return {
    ...row,
    // Only flags that were parsed are ever stored.
    type: row.type as FlagType,
    purpose: row.purpose as Purpose,
    variations: row.variations as unknown as readonly Variation[],
    metadata: row.metadata as FlagMetadata,
  };
}
