import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import type { PolicyDocument } from '../policies/index.js';
import type { Prisma, Release as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Release, ReleaseChange, ReleaseReason } from './release.js';
import type { ReleaseStatus } from './release-machine.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

/** Which releases of a project a list shows. */
export interface ReleaseFilter {
  readonly environmentIds?: readonly string[] | undefined;
  /** Any of these; undefined: however they stand. */
  readonly statuses?: readonly ReleaseStatus[] | undefined;
  /** Part of the name or the description, in any case, or the id. */
  readonly search?: string | undefined;
  /** Keys of what they change, and of their policy. */
  readonly service?: string | undefined;
  /** Of that service; says nothing without it. */
  readonly version?: string | undefined;
  readonly flag?: string | undefined;
  readonly parallelRun?: string | undefined;
  readonly policy?: string | undefined;
}

@Injectable()
export class ReleasesRepository {
  async find(tx: Transaction, id: string): Promise<Release | null> {
    const row = await clientOf(tx).release.findUnique({ where: { id } });
    return row === null ? null : toRelease(row);
  }

  /** Those of the ids that there are, in no order. */
  async listById(tx: Transaction, ids: readonly string[]): Promise<readonly Release[]> {
    const rows = await clientOf(tx).release.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(toRelease);
  }

  /** Newest first: ids sort by time of creation. */
  async listPage(
    tx: Transaction,
    projectId: string,
    { limit, after }: PageRequest,
    filter: ReleaseFilter,
  ): Promise<readonly Release[]> {
    const rows = await clientOf(tx).release.findMany({
      where: {
        projectId,
        ...(after === undefined ? {} : { id: { lt: after } }),
        AND: whereOf(filter),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return rows.map(toRelease);
  }

  /** Those of environments that stand in any of these ways, newest first, at most so many. */
  async listStanding(
    tx: Transaction,
    environmentIds: readonly string[],
    { statuses, limit }: { readonly statuses: readonly ReleaseStatus[]; readonly limit: number },
  ): Promise<readonly Release[]> {
    const rows = await clientOf(tx).release.findMany({
      where: { environmentId: { in: [...environmentIds] }, status: { in: [...statuses] } },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(toRelease);
  }

  /** The newest release that asking again is known by (naturalKeyOf). */
  async findNatural(tx: Transaction, naturalKey: string): Promise<Release | null> {
    const row = await clientOf(tx).release.findFirst({ where: { naturalKey }, orderBy: { id: 'desc' } });
    return row === null ? null : toRelease(row);
  }

  /** Those that may start by themselves by now: queued, or scheduled for a time that has come. */
  async listWaiting(tx: Transaction, now: Date, limit: number): Promise<readonly Release[]> {
    const rows = await clientOf(tx).release.findMany({
      where: { OR: [{ status: 'queued' }, { status: 'scheduled', scheduledAt: { lte: now } }] },
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map(toRelease);
  }

  /** Those of an environment that wait for others to end, oldest first. */
  async listQueued(tx: Transaction, environmentId: string): Promise<readonly Release[]> {
    const rows = await clientOf(tx).release.findMany({
      where: { environmentId, status: 'queued' },
      orderBy: { id: 'asc' },
    });
    return rows.map(toRelease);
  }

  async insert(tx: Transaction, release: Release): Promise<void> {
    await clientOf(tx).release.create({ data: toRow(release) });
  }

  /** Notes in releases, once, that another one runs beside them. Whoever calls it keeps all of them from moving. */
  async noteConfounder(tx: Transaction, ids: readonly string[], confounder: string): Promise<void> {
    await clientOf(tx).$executeRaw`
      UPDATE release SET confounded_by = array_append(confounded_by, ${confounder}), version = version + 1
      WHERE id = ANY(${[...ids]}::uuid[]) AND NOT ${confounder} = ANY(confounded_by)`;
  }

  /** Stores a release over the version it was made from, and returns it with its new version. */
  async save(tx: Transaction, release: Release): Promise<Release> {
    const after = { ...release, version: release.version + 1 };
    const { id, ...data } = toRow(after);
    const { count } = await clientOf(tx).release.updateMany({ where: { id, version: release.version }, data });
    if (count === 0) throw conflict('EDIT_COLLIDED', 'Someone changed this release at the same moment; try again.');
    return after;
  }
}

function whereOf(filter: ReleaseFilter): Prisma.ReleaseWhereInput[] {
  const { environmentIds, statuses, search, service, version, flag, parallelRun, policy } = filter;
  const changes = [
    { kind: 'service', service, ...(version === undefined ? {} : { version }) },
    { kind: 'flag', flag },
    { kind: 'parallelRun', run: parallelRun },
  ].filter((change) => Object.values(change).every((value) => value !== undefined));
  return [
    ...(environmentIds === undefined ? [] : [{ environmentId: { in: [...environmentIds] } }]),
    ...(statuses === undefined ? [] : [{ status: { in: [...statuses] } }]),
    ...(policy === undefined ? [] : [{ policyKey: policy }]),
    ...changes.map((change) => ({ changes: { array_contains: [change] } })),
    ...(search === undefined ? [] : [whereFound(search)]),
  ];
}

function whereFound(search: string): Prisma.ReleaseWhereInput {
  const contains = { contains: search, mode: 'insensitive' } as const;
  const texts = [{ name: contains }, { description: contains }];
  return { OR: UUID.test(search) ? [...texts, { id: search }] : texts };
}

function toRow(release: Release): Prisma.ReleaseCreateManyInput {
  const { reason, changes, policy } = release;
  // What this folder makes is JSON by construction.
  const json = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue;
  return {
    ...release,
    reason: json(reason),
    changes: json(changes),
    policy: json(policy),
    confoundedBy: [...release.confoundedBy],
  };
}

function toRelease(row: Row): Release {
  return {
    ...row,
    // Only what toRow was given is ever stored.
    status: row.status as ReleaseStatus,
    reason: row.reason as unknown as ReleaseReason,
    changes: row.changes as unknown as readonly ReleaseChange[],
    policy: row.policy as unknown as PolicyDocument,
  };
}
