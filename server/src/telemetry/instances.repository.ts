import { Injectable } from '@nestjs/common';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { SdkInstance } from './sdk-instance.js';
import type { InstanceReport } from './telemetry-batch.js';

/**
 * Reports may overtake each other: a revision gives way to a higher one, or to a lower one that was applied later (a
 * restored store counts anew). The same revision keeps the time it was first reported with.
 */
const IS_NEWER = Prisma.sql`(
  known.revision IS NULL
  OR excluded.revision > known.revision
  OR (excluded.revision < known.revision AND excluded.revision_applied_at > known.revision_applied_at))`;

@Injectable()
export class InstancesRepository {
  /** Stores what an instance says of itself, unless it has said something newer already. */
  async save(tx: Transaction, environmentId: string, report: InstanceReport, now: Date): Promise<void> {
    const { id, name, sdk, revision, revisionAppliedAt } = report;
    await clientOf(tx).$executeRaw`
      INSERT INTO sdk_instance AS known
        (environment_id, id, name, sdk, revision, revision_applied_at, first_seen_at, last_seen_at)
      VALUES (${environmentId}::uuid, ${id}, ${name}, ${sdk}, ${revision}::int,
        ${revisionAppliedAt}::timestamptz, ${now}::timestamptz, ${now}::timestamptz)
      ON CONFLICT (environment_id, id) DO UPDATE
      SET name = excluded.name,
        sdk = excluded.sdk,
        revision = CASE WHEN ${IS_NEWER} THEN excluded.revision ELSE known.revision END,
        revision_applied_at =
          CASE WHEN ${IS_NEWER} THEN excluded.revision_applied_at ELSE known.revision_applied_at END,
        last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at)`;
  }

  /** Instances seen since a moment, in order of id. */
  async list(
    tx: Transaction,
    { environmentId, seenSince }: { environmentId: string; seenSince: Date },
    { limit, after }: PageRequest,
  ): Promise<readonly SdkInstance[]> {
    return clientOf(tx).sdkInstance.findMany({
      where: {
        environmentId,
        lastSeenAt: { gte: seenSince },
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      omit: { environmentId: true },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
  }

  /** How many instances were seen in a span of time, its start included and its end not. */
  count(tx: Transaction, environmentId: string, { from, to }: { from: Date; to?: Date }): Promise<number> {
    const lastSeenAt = { gte: from, ...(to === undefined ? {} : { lt: to }) };
    return clientOf(tx).sdkInstance.count({ where: { environmentId, lastSeenAt } });
  }

  /** How many instances seen since a moment serve a revision or a newer one. */
  countServing(
    tx: Transaction,
    environmentId: string,
    { revision, seenSince }: { revision: number; seenSince: Date },
  ): Promise<number> {
    const where = { environmentId, lastSeenAt: { gte: seenSince }, revision: { gte: revision } };
    return clientOf(tx).sdkInstance.count({ where });
  }

  /** Forgets up to so many instances last seen before a moment; says how many. */
  forget(tx: Transaction, seenBefore: Date, limit: number): Promise<number> {
    return clientOf(tx).$executeRaw`
      DELETE FROM sdk_instance
      WHERE (environment_id, id) IN (
        SELECT environment_id, id FROM sdk_instance
        WHERE last_seen_at < ${seenBefore}::timestamptz
        ORDER BY last_seen_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
  }
}
