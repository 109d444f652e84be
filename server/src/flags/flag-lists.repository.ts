import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { Prisma } from '../platform/prisma/generated/client.js';
import { literally } from '../platform/prisma/literally.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Flag, Purpose } from './flag.js';
import type { FlagOrder, FlagPosition, FlagSort } from './flag-order.js';
import type { FlagFilter } from './flag-query.js';

/** Which flags of a project a list is of. */
export interface FlagListing {
  readonly projectId: string;
  readonly filter: FlagFilter;
  /** The environment of which the filter's `on` is. */
  readonly environmentId: string | undefined;
  /** One that the store can put flags in; of another, they come in order of key. */
  readonly order: FlagOrder;
  /** The last flag that was seen. */
  readonly after: FlagPosition | undefined;
  readonly now: Date;
}

/** A flag in short: a whole project can be asked for them at once. */
export type FlagSketch = Pick<Flag, 'id' | 'key' | 'name' | 'owner' | 'purpose' | 'dueAt' | 'createdAt' | 'updatedAt'>;

type Column = 'name' | 'owner' | 'dueAt' | 'updatedAt';
/** What is looked at before the key. */
const COLUMNS: { readonly [Sort in FlagSort]?: Column } = {
  ...{ name: 'name', owner: 'owner', due: 'dueAt', updated: 'updatedAt' },
};

@Injectable()
export class FlagListsRepository {
  /** The flags of a list in their order, at most so many. */
  async list(tx: Transaction, listing: FlagListing, limit?: number): Promise<readonly FlagSketch[]> {
    const { projectId, filter, environmentId, order, after, now } = listing;
    const rows = await clientOf(tx).flag.findMany({
      where: { projectId, AND: [...conditionsOf(filter, now), onIn(environmentId, filter.on), behind(order, after)] },
      orderBy: orderOf(order),
      select: {
        ...{ id: true, key: true, name: true, owner: true, purpose: true },
        ...{ dueAt: true, createdAt: true, updatedAt: true },
      },
      ...(limit === undefined ? {} : { take: limit }),
    });
    // Only flags that were parsed are ever stored.
    return rows.map(({ purpose, ...row }) => ({ ...row, purpose: purpose as Purpose }));
  }
}

function conditionsOf(filter: FlagFilter, now: Date): readonly Prisma.FlagWhereInput[] {
  const { tags, purpose, type, owner, search, overdue } = filter;
  const contains = search === undefined ? undefined : { contains: literally(search), mode: 'insensitive' as const };
  const conditions: readonly (Prisma.FlagWhereInput | false)[] = [
    tags !== undefined && { tags: { hasEvery: [...tags] } },
    purpose !== undefined && { purpose },
    type !== undefined && { type },
    owner !== undefined && { owner },
    contains !== undefined && { OR: [{ key: contains }, { name: contains }] },
    overdue === true && { dueAt: { lt: now } },
    overdue === false && { OR: [{ dueAt: null }, { dueAt: { gte: now } }] },
  ];
  return conditions.filter((each) => each !== false);
}

/** What was never set in an environment is off there. */
function onIn(environmentId: string | undefined, on: boolean | undefined): Prisma.FlagWhereInput {
  if (environmentId === undefined || on === undefined) return {};
  return { settings: { [on ? 'some' : 'none']: { environmentId, on: true } } };
}

function orderOf({ sort, descending }: FlagOrder): Prisma.FlagOrderByWithRelationInput[] {
  const direction = descending ? 'desc' : 'asc';
  const column = COLUMNS[sort];
  if (column === undefined) return [{ key: direction }];
  return [{ [column]: isNullable(column) ? { sort: direction, nulls: 'last' } : direction }, { key: 'asc' }];
}

/** Flags that come after one in an order. */
function behind({ sort, descending }: FlagOrder, after: FlagPosition | undefined): Prisma.FlagWhereInput {
  if (after === undefined) return {};
  const column = COLUMNS[sort];
  const comparison = descending ? 'lt' : 'gt';
  if (column === undefined) return { key: { [comparison]: after.key } };
  const { key } = after;
  if (after.value === null) return { [column]: null, key: { gt: key } };
  const value = typeof after.value === 'number' ? new Date(after.value) : after.value;
  const further = [{ [column]: { [comparison]: value } }, { [column]: value, key: { gt: key } }];
  return { OR: isNullable(column) ? [...further, { [column]: null }] : further };
}

function isNullable(column: Column): boolean {
  return column === 'owner' || column === 'dueAt';
}
