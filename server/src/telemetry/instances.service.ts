import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import { isInScope, type RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { InstancesRepository } from './instances.repository.js';
import { ReachReader, type RevisionReach } from './reach-reader.service.js';
import { type InstanceStanding, type Reach, silentBefore, standingOf, unlistedBefore } from './sdk-instance.js';

export type InstancesPage = Page<InstanceStanding> & { readonly summary: Reach };

/** How far the revision of an environment has come, and who is behind. */
export interface EnvironmentReach extends RevisionReach {
  /** Key of the environment. */
  readonly environment: string;
  readonly revision: number;
}

@Injectable()
export class InstancesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly instances: InstancesRepository,
    private readonly reader: ReachReader,
    private readonly clock: Clock,
  ) {}

  /** How far the revision of every environment of a project has come; of one only, for a caller who is bound to it. */
  reaches(ctx: RequestContext, projectKey: string): Promise<readonly EnvironmentReach[]> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const reaches: EnvironmentReach[] = [];
      for (const { id, key, revision } of await this.projects.environmentsOf(tx, project.id)) {
        if (!isInScope(ctx, project.id, id)) continue;
        reaches.push({ environment: key, revision, ...(await this.reader.reach(tx, id, revision)) });
      }
      return reaches;
    });
  }

  /** The SDK instances seen lately in an environment, and how far its revision has reached. */
  list(ctx: RequestContext, at: { project: string; environment: string }, page: PageRequest): Promise<InstancesPage> {
    const now = this.clock.now();
    return this.transactions.read(async (tx) => {
      const { id, revision } = await this.projects.environment(tx, ctx, at.project, at.environment);
      const [seenSince, reportingSince] = [unlistedBefore(now), silentBefore(now)];
      const rows = await this.instances.list(tx, { environmentId: id, seenSince }, page);
      const standings = rows.map((row) => standingOf(row, revision, now));
      return {
        ...toPage(standings, page.limit, (instance) => instance.id),
        summary: {
          environmentRevision: revision,
          instances: await this.instances.count(tx, id, { from: reportingSince }),
          current: await this.instances.countServing(tx, id, { revision, seenSince: reportingSince }),
          silent: await this.instances.count(tx, id, { from: seenSince, to: reportingSince }),
        },
      };
    });
  }
}
