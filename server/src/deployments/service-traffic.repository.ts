import { Injectable } from '@nestjs/common';
import { conflict } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Prisma, ServiceTraffic as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { ServicePlace } from './deployments.repository.js';
import type { ServiceTraffic, TrafficContent } from './service-traffic.js';

@Injectable()
export class ServiceTrafficRepository {
  async find(tx: Transaction, { serviceId, environmentId }: ServicePlace): Promise<ServiceTraffic | null> {
    const where = { serviceId_environmentId: { serviceId, environmentId } };
    const row = await clientOf(tx).serviceTraffic.findUnique({ where });
    return row === null ? null : toTraffic(row);
  }

  /** The traffic of every service in an environment, with the service's key. */
  async listOfEnvironment(
    tx: Transaction,
    environmentId: string,
  ): Promise<readonly (ServiceTraffic & { readonly service: string })[]> {
    const rows = await clientOf(tx).serviceTraffic.findMany({
      where: { environmentId },
      include: { service: { select: { key: true } } },
    });
    return rows.map(({ service, ...row }) => ({ ...toTraffic(row), service: service.key }));
  }

  /** The traffic of services in every environment that has any. */
  async listOfServices(tx: Transaction, serviceIds: readonly string[]): Promise<readonly ServiceTraffic[]> {
    const where = { serviceId: { in: [...serviceIds] } };
    return (await clientOf(tx).serviceTraffic.findMany({ where })).map(toTraffic);
  }

  async insert(tx: Transaction, traffic: ServiceTraffic): Promise<void> {
    const { serviceId, environmentId, version, updatedAt } = traffic;
    const data = { serviceId, environmentId, version, updatedAt, ...toColumns(traffic) };
    const { count } = await clientOf(tx).serviceTraffic.createMany({ data: [data], skipDuplicates: true });
    if (count === 0) throw collided();
  }

  /** Stores traffic over the version it was made from, and returns it with its new version. */
  async save(tx: Transaction, traffic: ServiceTraffic): Promise<ServiceTraffic> {
    const { serviceId, environmentId, version, updatedAt } = traffic;
    const { count } = await clientOf(tx).serviceTraffic.updateMany({
      where: { serviceId, environmentId, version },
      data: { version: version + 1, updatedAt, ...toColumns(traffic) },
    });
    if (count === 0) throw collided();
    return { ...traffic, version: version + 1 };
  }
}

function collided(): Error {
  return conflict('EDIT_COLLIDED', "Someone changed this service's traffic at the same moment; try again.");
}

type Columns = Pick<
  Prisma.ServiceTrafficCreateManyInput,
  'stableVersion' | 'stableDigest' | 'candidateVersion' | 'candidateDigest' | 'share'
>;

function toColumns({ stable, candidate }: TrafficContent): Columns {
  return {
    stableVersion: stable.version,
    stableDigest: stable.digest,
    candidateVersion: candidate?.version ?? null,
    candidateDigest: candidate?.digest ?? null,
    share: candidate?.share ?? 0,
  };
}

function toTraffic(row: Row): ServiceTraffic {
  const { serviceId, environmentId, stableVersion, stableDigest, candidateVersion, candidateDigest } = row;
  return {
    serviceId,
    environmentId,
    stable: { version: stableVersion, digest: stableDigest },
    candidate:
      candidateVersion === null || candidateDigest === null
        ? null
        : { version: candidateVersion, digest: candidateDigest, share: row.share },
    version: row.version,
    updatedAt: row.updatedAt,
  };
}
