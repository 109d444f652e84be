import { Injectable } from '@nestjs/common';
import type { PageRequest } from '../kernel/page.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Deployment as Row, Prisma } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { Deployment, DeploymentState, PlacedDeployment } from './deployment.js';

/** Names a service in an environment. */
export interface ServicePlace {
  readonly serviceId: string;
  readonly environmentId: string;
}

/** What a list of deployments is narrowed to. */
export interface DeploymentFilter {
  readonly serviceId?: string | undefined;
  readonly environmentIds?: readonly string[] | undefined;
}

const NEWEST_FIRST = [{ at: 'desc' as const }, { id: 'desc' as const }];
const WITH_KEYS = { service: { select: { key: true } }, environment: { select: { key: true } } };

@Injectable()
export class DeploymentsRepository {
  async insert(tx: Transaction, deployment: Deployment): Promise<void> {
    const { id, serviceId, environmentId, version, digest, state, url, reportedBy, at } = deployment;
    const data = { id, serviceId, environmentId, version, digest, state, url, reportedBy, at };
    await clientOf(tx).deployment.create({ data });
  }

  /** The last report of a version in an environment; null: there was none. */
  async newest(
    tx: Transaction,
    { serviceId, environmentId }: ServicePlace,
    version: string,
  ): Promise<Deployment | null> {
    const where = { serviceId, environmentId, version };
    const row = await clientOf(tx).deployment.findFirst({ where, orderBy: NEWEST_FIRST });
    return row === null ? null : toDeployment(row);
  }

  /** The first report of a version anywhere; null: there was none. */
  async first(tx: Transaction, serviceId: string, version: string): Promise<PlacedDeployment | null> {
    const row = await clientOf(tx).deployment.findFirst({
      where: { serviceId, version },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
      include: WITH_KEYS,
    });
    return row === null ? null : toPlaced(row);
  }

  /** The last report of each version of services in each environment, the newest first. */
  async newestOfEach(tx: Transaction, serviceIds: readonly string[]): Promise<readonly Deployment[]> {
    const rows = await clientOf(tx).$queryRaw<readonly Row[]>`
      SELECT * FROM (
        SELECT DISTINCT ON (service_id, environment_id, version)
          id, service_id AS "serviceId", environment_id AS "environmentId", version, digest, state, url,
          reported_by AS "reportedBy", at
        FROM deployment
        WHERE service_id = ANY(${serviceIds}::uuid[])
        ORDER BY service_id, environment_id, version, at DESC, id DESC
      ) AS newest
      ORDER BY at DESC, id DESC`;
    return rows.map(toDeployment);
  }

  /** Whether any other version of a service is installed in an environment. */
  async hasOthers(tx: Transaction, { serviceId, environmentId }: ServicePlace, version: string): Promise<boolean> {
    const [found] = await clientOf(tx).$queryRaw<readonly { readonly some: boolean }[]>`
      SELECT EXISTS (
        SELECT FROM (
          SELECT DISTINCT ON (version) state
          FROM deployment
          WHERE environment_id = ${environmentId}::uuid AND service_id = ${serviceId}::uuid AND version <> ${version}
          ORDER BY version, at DESC, id DESC
        ) AS newest
        WHERE state = 'installed'
      ) AS some`;
    return found?.some === true;
  }

  /** A project's reports, the newest first; `after` is the id of the last one seen. */
  async listPage(
    tx: Transaction,
    projectId: string,
    { limit, after }: PageRequest,
    { serviceId, environmentIds }: DeploymentFilter,
  ): Promise<readonly PlacedDeployment[]> {
    const where: Prisma.DeploymentWhereInput = {
      environment: { projectId },
      ...(serviceId === undefined ? {} : { serviceId }),
      ...(environmentIds === undefined ? {} : { environmentId: { in: [...environmentIds] } }),
      ...(after === undefined ? {} : { id: { lt: after } }),
    };
    const found = { where, orderBy: { id: 'desc' as const }, take: limit + 1, include: WITH_KEYS };
    return (await clientOf(tx).deployment.findMany(found)).map(toPlaced);
  }
}

function toPlaced({
  service,
  environment,
  ...row
}: Row & { service: { key: string }; environment: { key: string } }): PlacedDeployment {
  return { ...toDeployment(row), service: service.key, environment: environment.key };
}

function toDeployment(row: Row): Deployment {
  // Only reports that were parsed are ever stored.
  return { ...row, state: row.state as DeploymentState };
}
