import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type EnvironmentUsage, usageIn } from './flag-usage.js';
import { TelemetryRepository } from './telemetry.repository.js';

@Injectable()
export class FlagUsageService {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly telemetry: TelemetryRepository,
  ) {}

  /**
   * How often a key was evaluated in each environment that the caller may see. There need not be such a flag: that
   * services still ask for one that is gone is worth knowing.
   */
  get(ctx: RequestContext, projectKey: string, flagKey: string): Promise<readonly EnvironmentUsage[]> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const all = await this.projects.environmentsOf(tx, project.id);
      const visible = all.filter(({ id }) => ctx.environmentId === undefined || ctx.environmentId === id);
      const environmentIds = visible.map(({ id }) => id);
      const usage = await this.telemetry.listUsage(tx, environmentIds, flagKey);
      return visible.map(({ id, key }) =>
        usageIn(
          key,
          usage
            .filter(({ environmentId }) => environmentId === id)
            .map(({ variation, count, lastAt }) => ({ variation, count, lastAt })),
        ),
      );
    });
  }
}
