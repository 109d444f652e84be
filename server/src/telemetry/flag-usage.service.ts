import { Injectable } from '@nestjs/common';
import { isInScope, type RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type EnvironmentUsage, usageIn, type VariationUsage } from './flag-usage.js';
import { TelemetryRepository } from './telemetry.repository.js';

/** Names a flag, by keys. */
export interface FlagKeys {
  readonly project: string;
  readonly key: string;
}

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
  async get(ctx: RequestContext, project: string, key: string): Promise<readonly EnvironmentUsage[]> {
    const [usage = []] = await this.ofEach(ctx, [{ project, key }]);
    return usage;
  }

  /** As get, of many keys in as many questions as of one; in the order given. */
  ofEach(ctx: RequestContext, flags: readonly FlagKeys[]): Promise<readonly (readonly EnvironmentUsage[])[]> {
    return this.transactions.read(async (tx) => {
      const found = new Map<string, readonly EnvironmentUsage[]>();
      for (const projectKey of new Set(flags.map(({ project }) => project))) {
        const keys = flags.filter(({ project }) => project === projectKey).map(({ key }) => key);
        const project = await this.projects.project(tx, ctx, projectKey);
        const all = await this.projects.environmentsOf(tx, project.id);
        const visible = all.filter(({ id }) => isInScope(ctx, project.id, id));
        const environmentIds = visible.map(({ id }) => id);
        const usage = await this.telemetry.listUsage(tx, environmentIds, keys);
        for (const flagKey of keys) {
          const ofFlag = usage.filter((each) => each.flagKey === flagKey);
          found.set(
            `${projectKey} ${flagKey}`,
            visible.map((environment) => usageOf(environment, ofFlag)),
          );
        }
      }
      return flags.map(({ project, key }) => found.get(`${project} ${key}`) ?? []);
    });
  }
}

function usageOf(
  { id, key }: { readonly id: string; readonly key: string },
  usage: readonly (VariationUsage & { readonly environmentId: string })[],
): EnvironmentUsage {
  const here = usage.filter(({ environmentId }) => environmentId === id);
  return usageIn(
    key,
    here.map(({ variation, count, lastAt }) => ({ variation, count, lastAt })),
  );
}
