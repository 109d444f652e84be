import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { precondition } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import { artifactDiffers } from './deployment.js';
import { DeploymentsRepository } from './deployments.repository.js';
import type { Artifact } from './service.js';
import { ServiceCatalog } from './service-catalog.service.js';
import {
  type ServiceTraffic,
  type TrafficCandidate,
  type TrafficContent,
  trafficContentOf,
  withCandidate,
  withCandidatePromoted,
  withoutCandidate,
} from './service-traffic.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';

/** Names a service by its key, in an environment of its project. */
export interface TrafficPlace {
  readonly projectId: string;
  readonly environmentId: string;
  /** Key of the service. */
  readonly key: string;
}

/**
 * How a release moves the callers of a service. Commands run inside the caller's transaction, which has locked the
 * environment, advances its revision once for all that it changes together, and puts what they answer on record.
 */
@Injectable()
export class ServiceTraffics {
  constructor(
    private readonly catalog: ServiceCatalog,
    private readonly traffic: ServiceTrafficRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly clock: Clock,
  ) {}

  /** Where callers are sent now; null: no version was ever installed here. Throws `notFound` without the service. */
  async current(tx: Transaction, { projectId, environmentId, key }: TrafficPlace): Promise<ServiceTraffic | null> {
    const service = await this.catalog.require(tx, projectId, key);
    return this.traffic.find(tx, { serviceId: service.id, environmentId });
  }

  /** Whether a build is installed, so far as CI has reported. */
  async isInstalled(tx: Transaction, place: TrafficPlace, { version, digest }: Artifact): Promise<boolean> {
    const { id: serviceId } = await this.catalog.require(tx, place.projectId, place.key);
    const newest = await this.deployments.newest(tx, { serviceId, environmentId: place.environmentId }, version);
    return newest?.state === 'installed' && newest.digest === digest;
  }

  /** Sends a share of the callers to a version that is installed here; throws `precondition` for any other. */
  async setCandidate(tx: Transaction, place: TrafficPlace, candidate: TrafficCandidate): Promise<ServiceTraffic> {
    const before = await this.require(tx, place);
    const { version, digest } = candidate;
    const newest = await this.deployments.newest(tx, before, version);
    if (newest?.state !== 'installed') throw notInstalled(place.key, version);
    if (newest.digest !== digest) {
      const first = await this.deployments.first(tx, before.serviceId, version);
      throw artifactDiffers(place.key, candidate, { digest: newest.digest, environment: first?.environment });
    }
    const { share } = candidate;
    return this.store(tx, before, withCandidate(before, { version, digest, share }));
  }

  /** Makes the candidate the stable version; throws `precondition` when there is none. */
  async promoteCandidate(tx: Transaction, place: TrafficPlace): Promise<ServiceTraffic> {
    const before = await this.require(tx, place);
    return this.store(tx, before, withCandidatePromoted(before));
  }

  /** Sends everybody to the stable version. */
  async clearCandidate(tx: Transaction, place: TrafficPlace): Promise<ServiceTraffic> {
    const before = await this.require(tx, place);
    return this.store(tx, before, withoutCandidate(before));
  }

  /** Puts back exactly what was before, whatever CI has reported since: a rollback waits for nothing. */
  async restore(tx: Transaction, place: TrafficPlace, before: TrafficContent): Promise<ServiceTraffic> {
    return this.store(tx, await this.require(tx, place), trafficContentOf(before));
  }

  private async store(tx: Transaction, before: ServiceTraffic, content: TrafficContent): Promise<ServiceTraffic> {
    if (isDeepStrictEqual(content, trafficContentOf(before))) return before;
    return this.traffic.save(tx, { ...before, ...content, updatedAt: this.clock.now() });
  }

  private async require(tx: Transaction, place: TrafficPlace): Promise<ServiceTraffic> {
    const traffic = await this.current(tx, place);
    if (traffic !== null) return traffic;
    const message = `No version of ${place.key} was ever reported as installed here; report a deployment first.`;
    throw precondition('SERVICE_NOT_INSTALLED', message);
  }
}

function notInstalled(service: string, version: string): Error {
  const message = `Version ${version} of ${service} is not installed here, so far as CI reported; deploy and report it.`;
  return precondition('VERSION_NOT_INSTALLED', message, { data: { service, version } });
}
