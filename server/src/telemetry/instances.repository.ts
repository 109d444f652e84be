import { Injectable } from '@nestjs/common';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { HeardInstance, In } from './merge-reports.js';
import type { Laggard, RevisionCount, SdkInstance } from './sdk-instance.js';

/** The rule by which reports are merged (merge-reports.ts), for what the store knows already. */
const IS_NEWER = Prisma.sql`(
  known.revision IS NULL
  OR excluded.revision > known.revision
  OR (excluded.revision < known.revision AND excluded.revision_applied_at > known.revision_applied_at))`;

/** Of those that have not said that they end. */
const staying = { leftAt: null };

@Injectable()
export class InstancesRepository {
  /**
   * Stores what instances say of themselves, each once, unless they have said something newer already. Who left stays
   * away: an id is never used again, and the last report may overtake others.
   */
  async save(tx: Transaction, heard: readonly In<HeardInstance>[]): Promise<void> {
    if (heard.length === 0) return;
    const rows = heard.map(({ environmentId, revisionAppliedAt, serviceVersion, firstSeenAt, lastSeenAt, ...said }) => {
      const { leftAt, ...texts } = said;
      const seen = { first_seen_at: firstSeenAt, last_seen_at: lastSeenAt, left_at: leftAt };
      const served = { revision_applied_at: revisionAppliedAt, service_version: serviceVersion };
      return { environment_id: environmentId, ...texts, ...served, ...seen };
    });
    await clientOf(tx).$executeRaw`
      INSERT INTO sdk_instance AS known
        (environment_id, id, name, sdk, service, service_version, revision, revision_applied_at,
          first_seen_at, last_seen_at, left_at)
      SELECT environment_id, id, name, sdk, service, service_version, revision, revision_applied_at,
        first_seen_at, last_seen_at, left_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS heard (environment_id uuid, id text, name text, sdk text, service text, service_version text,
          revision int, revision_applied_at timestamptz(3), first_seen_at timestamptz(3), last_seen_at timestamptz(3),
          left_at timestamptz(3))
      ORDER BY environment_id, id
      ON CONFLICT (environment_id, id) DO UPDATE
      SET name = excluded.name,
        sdk = excluded.sdk,
        service = excluded.service,
        service_version = excluded.service_version,
        revision = CASE WHEN ${IS_NEWER} THEN excluded.revision ELSE known.revision END,
        revision_applied_at =
          CASE WHEN ${IS_NEWER} THEN excluded.revision_applied_at ELSE known.revision_applied_at END,
        last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
        left_at = coalesce(known.left_at, excluded.left_at)`;
  }

  /** Instances seen since a moment, in order of id; those that left are among them. */
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

  /** How many instances that have not left were seen last in a span of time, its start included and its end not. */
  count(tx: Transaction, environmentId: string, { from, to }: { from: Date; to?: Date }): Promise<number> {
    const lastSeenAt = { gte: from, ...(to === undefined ? {} : { lt: to }) };
    return clientOf(tx).sdkInstance.count({ where: { environmentId, lastSeenAt, ...staying } });
  }

  /** Instances of all environments seen since a moment that have not left, counted by what they serve. */
  countByRevision(
    tx: Transaction,
    { seenSince, reportingSince }: { readonly seenSince: Date; readonly reportingSince: Date },
  ): Promise<readonly RevisionCount[]> {
    return clientOf(tx).$queryRaw<RevisionCount[]>`
      SELECT environment_id AS "environmentId", revision, last_seen_at >= ${reportingSince}::timestamptz AS "isReporting",
        count(*)::int AS count
      FROM sdk_instance
      WHERE left_at IS NULL AND last_seen_at >= ${seenSince}::timestamptz
      GROUP BY 1, 2, 3`;
  }

  /** How many instances seen since a moment serve a revision or a newer one. */
  countServing(
    tx: Transaction,
    environmentId: string,
    { revision, seenSince }: { revision: number; seenSince: Date },
  ): Promise<number> {
    const where = { environmentId, lastSeenAt: { gte: seenSince }, revision: { gte: revision }, ...staying };
    return clientOf(tx).sdkInstance.count({ where });
  }

  /** Instances seen since a moment that serve an older revision or none, the farthest behind first. */
  listLaggards(
    tx: Transaction,
    environmentId: string,
    { revision, seenSince }: { revision: number; seenSince: Date },
    limit: number,
  ): Promise<readonly Laggard[]> {
    return clientOf(tx).sdkInstance.findMany({
      where: {
        environmentId,
        lastSeenAt: { gte: seenSince },
        ...staying,
        OR: [{ revision: null }, { revision: { lt: revision } }],
      },
      select: { id: true, name: true, revision: true },
      orderBy: [{ revision: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
      take: limit,
    });
  }

  /**
   * How long instances took to serve a revision from when it was asked for, in milliseconds; null where none serves just
   * it, for those that have gone on to a newer one no longer tell.
   */
  async propagation(
    tx: Transaction,
    environmentId: string,
    { revision, askedAt }: { readonly revision: number; readonly askedAt: Date },
  ): Promise<{ readonly p50: number; readonly p99: number } | null> {
    const rows = await clientOf(tx).$queryRaw<readonly { readonly p50: number | null; readonly p99: number | null }[]>`
      SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY took) AS p50, percentile_disc(0.99) WITHIN GROUP (ORDER BY took) AS p99
      FROM (
        SELECT greatest(0, extract(epoch FROM revision_applied_at - ${askedAt}::timestamptz) * 1000)::float8 AS took
        FROM sdk_instance
        WHERE environment_id = ${environmentId}::uuid AND revision = ${revision} AND revision_applied_at IS NOT NULL
          AND left_at IS NULL) AS serving`;
    const { p50 = null, p99 = null } = rows[0] ?? {};
    return p50 === null || p99 === null ? null : { p50, p99 };
  }

  /** Instances seen since a moment that said which service they belong to, in order of id. */
  listServices(
    tx: Transaction,
    { environmentId, seenSince }: { environmentId: string; seenSince: Date },
  ): Promise<readonly Pick<SdkInstance, 'id' | 'name' | 'service' | 'serviceVersion'>[]> {
    return clientOf(tx).sdkInstance.findMany({
      where: { environmentId, lastSeenAt: { gte: seenSince }, service: { not: null }, ...staying },
      select: { id: true, name: true, service: true, serviceVersion: true },
      orderBy: { id: 'asc' },
    });
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
