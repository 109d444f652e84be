import { Injectable } from '@nestjs/common';
import { isInScope, type RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import { type ReportedVersion, ReportedVersionsReader } from '../telemetry/index.js';
import { DeploymentsRepository } from './deployments.repository.js';
import type { Service } from './service.js';
import { ServiceCatalog } from './service-catalog.service.js';
import { type RunningVersion, type ServiceStanding, standingOf } from './service-standing.js';
import { trafficContentOf } from './service-traffic.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';

/** A service's standing in an environment, by the environment's key. */
export interface PlacedStanding extends ServiceStanding {
  readonly environment: string;
  readonly production: boolean;
  /** Since when callers are to be sent as desired; null while they are not. */
  readonly changedAt: Date | null;
}

type NamedService = Pick<Service, 'id' | 'key'>;
type Place = Pick<Environment, 'id' | 'key' | 'production'> & { readonly reported: readonly ReportedVersion[] };

/** What of a service runs where. */
@Injectable()
export class ServiceStandings {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: ServiceCatalog,
    private readonly deployments: DeploymentsRepository,
    private readonly traffic: ServiceTrafficRepository,
    private readonly reported: ReportedVersionsReader,
  ) {}

  /** A service in every environment of its project, in order of key; in one only, for a caller who is bound to it. */
  list(ctx: RequestContext, projectKey: string, serviceKey: string): Promise<readonly PlacedStanding[]> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const service = await this.catalog.require(tx, project.id, serviceKey);
      const [standings = []] = await this.standingsOf(tx, ctx, project.id, [service]);
      return standings;
    });
  }

  /** As list, for services of a project in the order given, in as many questions as for one. */
  listOf(
    ctx: RequestContext,
    projectKey: string,
    services: readonly NamedService[],
  ): Promise<readonly (readonly PlacedStanding[])[]> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      return this.standingsOf(tx, ctx, project.id, services);
    });
  }

  private async standingsOf(
    tx: Transaction,
    ctx: RequestContext,
    projectId: string,
    services: readonly NamedService[],
  ): Promise<readonly (readonly PlacedStanding[])[]> {
    const ids = services.map(({ id }) => id);
    const newest = await this.deployments.newestOfEach(tx, ids);
    const traffic = await this.traffic.listOfServices(tx, ids);
    const places: Place[] = [];
    for (const { id, key, production } of await this.visible(tx, ctx, projectId)) {
      places.push({ id, key, production, reported: await this.reported.byService(tx, id) });
    }
    return services.map((service) =>
      places.map(({ id, key, production, reported }) => {
        const isHere = (row: { readonly serviceId: string; readonly environmentId: string }): boolean =>
          row.serviceId === service.id && row.environmentId === id;
        const desired = traffic.find(isHere);
        const standing = standingOf(
          desired === undefined ? null : trafficContentOf(desired),
          newest.filter(isHere),
          runningOf(service.key, reported),
        );
        return { environment: key, production, changedAt: desired?.updatedAt ?? null, ...standing };
      }),
    );
  }

  private async visible(tx: Transaction, ctx: RequestContext, projectId: string): Promise<readonly Environment[]> {
    const all = await this.projects.environmentsOf(tx, projectId);
    return all.filter(({ id }) => isInScope(ctx, projectId, id));
  }
}

function runningOf(key: string, reported: readonly ReportedVersion[]): readonly RunningVersion[] {
  return reported
    .filter(({ service }) => service === key)
    .map(({ version, instances }) => ({ version, instances: instances.length }));
}
