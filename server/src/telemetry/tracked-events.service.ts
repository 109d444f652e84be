import { Injectable } from '@nestjs/common';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import type { TrackedSum } from './telemetry-batch.js';
import { TrackedEventsRepository } from './tracked-events.repository.js';

@Injectable()
export class TrackedEventsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly tracked: TrackedEventsRepository,
  ) {}

  /** What services tracked in an environment, by event. */
  list(
    ctx: RequestContext,
    at: { project: string; environment: string },
    page: PageRequest,
  ): Promise<Page<TrackedSum>> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.projects.environment(tx, ctx, at.project, at.environment);
      return toPage(await this.tracked.list(tx, id, page), page.limit, ({ event }) => event);
    });
  }
}
