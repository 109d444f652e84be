import { Injectable } from '@nestjs/common';
import { invalid } from '../../kernel/errors.js';
import type { Transaction } from '../../kernel/transactions.js';
import type { Prisma } from '../../platform/prisma/generated/client.js';
import { clientOf } from '../../platform/prisma/prisma-transactions.js';
import { isRefusedData } from '../../platform/prisma/store-failure.js';
import type { ArmPlacement } from '../traffic-router.js';
import type { ReportedLoad } from './load-tally.js';
import type { RouteAudience } from './route-audience.js';
import type { XdsRouteState } from './xds-route-state.js';

/** What clients of xDS are told, who they are, and what they report. */
@Injectable()
export class XdsRoutesRepository {
  /** Null: nothing was ever asked of the route. */
  async find(tx: Transaction, route: string): Promise<XdsRouteState | null> {
    const row = await clientOf(tx).xdsRoute.findUnique({ where: { route } });
    if (row === null) return null;
    // Only what `save` was given is ever stored.
    const placement = row.arms as unknown as ArmPlacement;
    return { ...placement, share: row.share, version: row.version };
  }

  /** Stores a state as the next version of the one it was made from; false when somebody else was first. */
  async save(tx: Transaction, route: string, state: XdsRouteState, now: Date): Promise<boolean> {
    const { arms, home, share, version } = state;
    // A placement is JSON by construction.
    const placement = { arms, home } as unknown as Prisma.InputJsonValue;
    const content = { share, arms: placement, updatedAt: now };
    const client = clientOf(tx);
    const { count } =
      version === 0
        ? await client.xdsRoute.createMany({ data: [{ route, ...content, version: 1 }], skipDuplicates: true })
        : await client.xdsRoute.updateMany({ where: { route, version }, data: { ...content, version: version + 1 } });
    if (count === 0) return false;
    await client.xdsLoad.deleteMany({ where: { route, generation: { lt: version } } });
    return true;
  }

  /** The clients of a route at every replica that was heard of since a moment. */
  async audiences(tx: Transaction, route: string, since: Date): Promise<readonly RouteAudience[]> {
    const rows = await clientOf(tx).xdsAudience.findMany({ where: { route, seenAt: { gte: since } } });
    // Only what `saveAudience` was given is ever stored.
    return rows.map(({ version, clients, behind, complaints }) => ({
      version,
      clients,
      behind,
      complaints: complaints as unknown as readonly string[],
    }));
  }

  async saveAudience(
    tx: Transaction,
    { route, replica }: { readonly route: string; readonly replica: string },
    audience: RouteAudience,
    now: Date,
  ): Promise<void> {
    const { version, clients, behind } = audience;
    const content = { version, clients, behind, complaints: [...audience.complaints], seenAt: now };
    await clientOf(tx).xdsAudience.upsert({
      where: { route_replica: { route, replica } },
      create: { route, replica, ...content },
      update: content,
    });
  }

  /** Forgets a replica that ends, and those that were not heard of since a moment. */
  async removeAudiences(tx: Transaction, replica: string, since: Date): Promise<void> {
    await clientOf(tx).xdsAudience.deleteMany({ where: { OR: [{ replica }, { seenAt: { lt: since } }] } });
  }

  /** Adds to what was counted. Throws `invalid` for what the store would refuse another time as well. */
  async addLoads(tx: Transaction, loads: readonly ReportedLoad[]): Promise<void> {
    // Always in the same order: two replicas that add at once wait for each other, and never both.
    const inOrder = [...loads].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    for (const { route, generation, version, requests } of inOrder) {
      const upserted = clientOf(tx).xdsLoad.upsert({
        where: { route_generation_version: { route, generation, version } },
        create: { route, generation, version, requests },
        update: { requests: { increment: requests } },
      });
      await upserted.catch((error: unknown) => {
        const message = `The store cannot count ${requests} more requests of ${route} to ${version}.`;
        throw isRefusedData(error) ? invalid('LOADS_REFUSED', message) : error;
      });
    }
  }

  /** Requests of one generation by version of the service. */
  async loads(tx: Transaction, route: string, generation: number): Promise<ReadonlyMap<string, number>> {
    const rows = await clientOf(tx).xdsLoad.findMany({ where: { route, generation } });
    return new Map(rows.map(({ version, requests }) => [version, Number(requests)]));
  }
}

function keyOf({ route, generation, version }: ReportedLoad): string {
  return `${route} ${generation} ${version}`;
}
