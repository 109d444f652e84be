import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import { ReportedVersionsReader } from '../telemetry/index.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { ServiceCatalog } from './service-catalog.service.js';
import { type RunningVersion, type ServiceStanding, standingOf } from './service-standing.js';
import { trafficContentOf } from './service-traffic.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';

/** A service's standing in an environment, by the environment's key. */
export interface PlacedStanding extends ServiceStanding {
  readonly environment: string;
  readonly production: boolean;
}

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
      const newest = await this.deployments.newestOfEach(tx, service.id);
      const traffic = await this.traffic.listOfService(tx, service.id);
      const standings: PlacedStanding[] = [];
      for (const { id, key, production } of await this.visible(tx, ctx, project.id)) {
        const desired = traffic.find(({ environmentId }) => environmentId === id);
        const standing = standingOf(
          desired === undefined ? null : trafficContentOf(desired),
          newest.filter(({ environmentId }) => environmentId === id),
          await this.running(tx, id, service.key),
        );
        standings.push({ environment: key, production, ...standing });
      }
      return standings;
    });
  }

  private async visible(tx: Transaction, ctx: RequestContext, projectId: string): Promise<readonly Environment[]> {
    const all = await this.projects.environmentsOf(tx, projectId);
    return all.filter(({ id }) => ctx.environmentId === undefined || ctx.environmentId === id);
  }

  private async running(tx: Transaction, environmentId: string, key: string): Promise<readonly RunningVersion[]> {
    const reported = await this.reported.byService(tx, environmentId);
    return reported
      .filter(({ service }) => service === key)
      .map(({ version, instances }) => ({ version, instances: instances.length }));
  }
}
