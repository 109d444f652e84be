import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import type { RequestContext } from '../kernel/request-context.js';
import { ProjectsReader, ProjectTransactions } from '../projects/index.js';
import { ParallelRunHolds } from './parallel-run-holds.service.js';
import { ParallelRunsRepository } from './parallel-runs.repository.js';
import type { RunKeys } from './parallel-runs.service.js';
import { RunCatalog } from './run-catalog.service.js';

/** Takes runs away. */
@Injectable()
export class RunRemovals {
  constructor(
    private readonly transactions: ProjectTransactions,
    private readonly projects: ProjectsReader,
    private readonly runs: ParallelRunsRepository,
    private readonly catalog: RunCatalog,
    private readonly holds: ParallelRunHolds,
    private readonly audit: AuditService,
  ) {}

  /** Deletes a run with all that was compared and found. Services call the control alone from then on. */
  delete(ctx: RequestContext, at: RunKeys, expected: ExpectedVersion): Promise<void> {
    return this.transactions.change(ctx, at.project, async (tx, project) => {
      const before = await this.catalog.require(tx, project, at.run);
      requireVersion(expected, before.version);
      const environments = await this.projects.environmentsOf(tx, project.id);
      const places = environments.map(({ id }) => ({ runId: before.id, environmentId: id }));
      await this.holds.refuseHeld(tx, places, 'Wait for its end, or abort it first.');
      await this.runs.delete(tx, before);
      const subject = `parallel-run/${before.key}`;
      await this.audit.record(tx, ctx, 'parallelRun.deleted', { projectId: project.id, subject, before });
    });
  }
}
