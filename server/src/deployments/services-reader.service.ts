import { Injectable } from '@nestjs/common';
import type { SnapshotService } from '@sluice/sdk/evaluation';
import { notFound } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import { DeploymentsRepository, type ServicePlace } from './deployments.repository.js';
import type { Artifact } from './service.js';
import { ServiceCatalog } from './service-catalog.service.js';
import type { ServiceTraffic } from './service-traffic.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';
import { ServicesRepository } from './services.repository.js';
import { toSnapshotServices } from './snapshot-services.js';

/** A build and the service it is of. */
export interface ServiceArtifact extends Artifact {
  readonly serviceId: string;
}

/** Where callers of a service are sent in an environment. */
export interface PlacedTraffic extends ServiceTraffic {
  /** Key of the service. */
  readonly service: string;
}

/** Answers other modules' questions about services. */
@Injectable()
export class ServicesReader {
  constructor(
    private readonly traffic: ServiceTrafficRepository,
    private readonly catalog: ServiceCatalog,
    private readonly services: ServicesRepository,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /** The service of a key and the build that one of its versions is; throws `notFound` for either. */
  async artifact(tx: Transaction, projectId: string, key: string, version: string): Promise<ServiceArtifact> {
    const { id } = await this.catalog.require(tx, projectId, key);
    const digest = await this.services.digestOf(tx, id, version);
    if (digest !== null) return { serviceId: id, version, digest };
    const message = `No build of ${key} ${version} was ever reported; report its deployment first.`;
    throw notFound('VERSION_NOT_FOUND', message);
  }

  /** The services of an environment as callers of them need them, in order of key. */
  async snapshotServices(tx: Transaction, environmentId: string): Promise<readonly SnapshotService[]> {
    return toSnapshotServices(await this.trafficOf(tx, environmentId));
  }

  /** Where callers are sent in an environment, for every service that was ever installed there. */
  trafficOf(tx: Transaction, environmentId: string): Promise<readonly PlacedTraffic[]> {
    return this.traffic.listOfEnvironment(tx, environmentId);
  }

  /** When CI last reported a version as installed in an environment; null: it never did, or as removed since. */
  async installedAt(
    tx: Transaction,
    {
      projectId,
      environmentId,
      key,
    }: { readonly projectId: string; readonly environmentId: string; readonly key: string },
    version: string,
  ): Promise<Date | null> {
    const service = await this.catalog.find(tx, projectId, key);
    const newest = service && (await this.deployments.newest(tx, { serviceId: service.id, environmentId }, version));
    return newest?.state === 'installed' ? newest.at : null;
  }

  /** Whether CI has reported any other version of a service as installed, and not as removed since. */
  hasOtherVersions(tx: Transaction, place: ServicePlace, version: string): Promise<boolean> {
    return this.deployments.hasOthers(tx, place, version);
  }
}
