import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Artifact, Service } from './service.js';

@Injectable()
export class ServicesRepository {
  find(tx: Transaction, projectId: string, key: string): Promise<Service | null> {
    return clientOf(tx).service.findUnique({ where: { projectId_key: { projectId, key } } });
  }

  listPage(tx: Transaction, projectId: string, { limit, after }: PageRequest): Promise<readonly Service[]> {
    return clientOf(tx).service.findMany({
      where: { projectId, ...(after === undefined ? {} : { key: { gt: after } }) },
      orderBy: { key: 'asc' },
      take: limit + 1,
    });
  }

  async insert(tx: Transaction, service: Service): Promise<void> {
    if (await this.insertMissing(tx, service)) return;
    const message = `This project has a service "${service.key}" already; choose another key.`;
    throw conflict('SERVICE_EXISTS', message);
  }

  /** Stores a service unless its project has one of this key; says whether it did. */
  async insertMissing(tx: Transaction, service: Service): Promise<boolean> {
    const { count } = await clientOf(tx).service.createMany({ data: [service], skipDuplicates: true });
    return count > 0;
  }

  /** The digest that a version is bound to; null for one nobody reported. */
  async digestOf(tx: Transaction, serviceId: string, version: string): Promise<string | null> {
    const row = await clientOf(tx).artifact.findUnique({ where: { serviceId_version: { serviceId, version } } });
    return row?.digest ?? null;
  }

  /**
   * Binds a version to its digest, unless it is bound already, and answers the digest it is bound to. Of two who bind
   * the same version at once, the second waits for the first.
   */
  async bindDigest(tx: Transaction, serviceId: string, { version, digest }: Artifact, now: Date): Promise<string> {
    const data = [{ serviceId, version, digest, createdAt: now }];
    await clientOf(tx).artifact.createMany({ data, skipDuplicates: true });
    const where = { serviceId_version: { serviceId, version } };
    return (await clientOf(tx).artifact.findUniqueOrThrow({ where })).digest;
  }
}
