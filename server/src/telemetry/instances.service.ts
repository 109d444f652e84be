import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { InstancesRepository } from './instances.repository.js';
import { type InstanceStanding, type Reach, silentBefore, standingOf, unlistedBefore } from './sdk-instance.js';

export type InstancesPage = Page<InstanceStanding> & { readonly summary: Reach };

@Injectable()
export class InstancesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly instances: InstancesRepository,
    private readonly clock: Clock,
  ) {}

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
