import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { RouteStanding } from './route-standing.js';

/** The right to move a route: nobody else does until it ends or runs out. */
export interface RouteClaim {
  readonly route: string;
  /** Grows with every claim: fences whoever comes back late. */
  readonly version: number;
}

/** What is known of routes, and who is moving them. */
@Injectable()
export class TrafficStandingsRepository {
  async find(tx: Transaction, route: string): Promise<RouteStanding | null> {
    const row = await clientOf(tx).trafficRoute.findUnique({ where: { route }, select: { standing: true } });
    // Only what `settle` was given is ever stored.
    return (row?.standing ?? null) as unknown as RouteStanding | null;
  }

  /** Null while somebody else has it. One that nobody came back from is free again after `until`. */
  async claim(
    tx: Transaction,
    route: string,
    { now, until }: { readonly now: Date; readonly until: Date },
  ): Promise<RouteClaim | null> {
    const [claimed] = await clientOf(tx).$queryRaw<readonly { readonly version: number }[]>`
      INSERT INTO traffic_route (route, claimed_until) VALUES (${route}, ${until}::timestamptz)
      ON CONFLICT (route) DO UPDATE
        SET claimed_until = EXCLUDED.claimed_until, version = traffic_route.version + 1
        WHERE traffic_route.claimed_until <= ${now}::timestamptz
      RETURNING version`;
    return claimed === undefined ? null : { route, version: claimed.version };
  }

  /** Ends a claim with what came of it; false when it had run out and is somebody else's. */
  async settle(tx: Transaction, { route, version }: RouteClaim, standing: RouteStanding, now: Date): Promise<boolean> {
    // A standing is JSON by construction.
    const json = standing as unknown as Prisma.InputJsonValue;
    const { count } = await clientOf(tx).trafficRoute.updateMany({
      where: { route, version },
      data: { standing: json, claimedUntil: now },
    });
    return count === 1;
  }

  /** Ends a claim that nothing came of. */
  async release(tx: Transaction, { route, version }: RouteClaim, now: Date): Promise<void> {
    await clientOf(tx).trafficRoute.updateMany({ where: { route, version }, data: { claimedUntil: now } });
  }
}
