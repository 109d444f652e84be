import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import { environmentsInScope, type RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import {
  artifactDiffers,
  type Deployment,
  type DeploymentDraft,
  isRepeated,
  parseDeploymentDraft,
  type PlacedDeployment,
} from './deployment.js';
import { DeploymentJournal } from './deployment-journal.service.js';
import { DeploymentsRepository } from './deployments.repository.js';
import type { Service } from './service.js';
import { ServiceCatalog } from './service-catalog.service.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';

/** A report as it is on record, and whether it was not before. */
export interface ReportOutcome {
  readonly deployment: PlacedDeployment;
  readonly isNew: boolean;
}

/** What CI reports as installed and removed. */
@Injectable()
export class DeploymentsService {
  // Nine, because a report may make a service, an artifact, a deployment and the first traffic, all on record.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
    private readonly catalog: ServiceCatalog,
    private readonly deployments: DeploymentsRepository,
    private readonly traffic: ServiceTrafficRepository,
    private readonly journal: DeploymentJournal,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A project's reports, the newest first; of one environment only, for a caller who is bound to it. */
  list(
    ctx: RequestContext,
    projectKey: string,
    page: PageRequest,
    filter: { readonly service?: string | undefined; readonly environment?: string | undefined },
  ): Promise<Page<PlacedDeployment>> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.projects.project(tx, ctx, projectKey);
      const named = filter.environment;
      const environmentIds =
        named === undefined
          ? environmentsInScope(ctx, id)
          : [(await this.projects.environment(tx, ctx, projectKey, named)).id];
      const serviceId =
        filter.service === undefined ? undefined : (await this.catalog.require(tx, id, filter.service)).id;
      const rows = await this.deployments.listPage(tx, id, page, { serviceId, environmentIds });
      return toPage(rows, page.limit, (deployment) => deployment.id);
    });
  }

  /**
   * Puts a report on record, once: the same again finds the first. A service that nobody knows comes to be; the first
   * version installed in an environment gets all callers there at once, because there is nothing to compare it with.
   */
  report(ctx: RequestContext, projectKey: string, body: unknown): Promise<ReportOutcome> {
    const draft = parseDeploymentDraft(body);
    return this.transactions.run(async (tx) => {
      const environment = await this.projects.environment(tx, ctx, projectKey, draft.environment);
      // Before the lock: a new service takes a look at its project, which others lock before its environments.
      const { service, isNew: isNewService } = await this.catalog.ensure(tx, environment.projectId, draft.service);
      await this.revisions.lock(tx, environment.id);
      await this.bindDigest(tx, service, draft);
      const place = { serviceId: service.id, environmentId: environment.id };
      const keys = { service: service.key, environment: environment.key };
      const newest = await this.deployments.newest(tx, place, draft.version);
      if (newest !== null && isRepeated(newest, draft)) return { deployment: { ...newest, ...keys }, isNew: false };

      const hasOthers = await this.deployments.hasOthers(tx, place, draft.version);
      const deployment: PlacedDeployment = {
        ...place,
        ...keys,
        id: this.ids.next(),
        version: draft.version,
        digest: draft.digest,
        state: draft.state,
        url: draft.url ?? null,
        reportedBy: ctx.actor.name,
        at: this.clock.now(),
      };
      await this.deployments.insert(tx, deployment);
      const becameStable = draft.state === 'installed' && (await this.traffic.find(tx, place)) === null;
      if (becameStable) await this.begin(tx, deployment);
      const createdService = isNewService ? service : undefined;
      const effects = { deployment, createdService, becameStable, hasOthers };
      await this.journal.record(tx, ctx, environment.projectId, effects);
      return { deployment, isNew: true };
    });
  }

  /** Sends all callers to the first version there is. */
  private async begin(tx: Transaction, deployment: Deployment): Promise<void> {
    const { serviceId, environmentId, version, digest, at } = deployment;
    const stable = { version, digest };
    await this.traffic.insert(tx, { serviceId, environmentId, stable, candidate: null, version: 1, updatedAt: at });
    await this.revisions.advance(tx, [environmentId]);
  }

  private async bindDigest(tx: Transaction, service: Service, draft: DeploymentDraft): Promise<void> {
    const { version, digest } = draft;
    const bound = await this.catalog.bindDigest(tx, service, { version, digest });
    if (bound === digest) return;
    const first = await this.deployments.first(tx, service.id, version);
    throw artifactDiffers(service.key, { version, digest }, { digest: bound, environment: first?.environment });
  }
}
