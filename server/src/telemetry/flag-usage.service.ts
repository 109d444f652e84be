import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { invalid } from '../kernel/errors.js';
import { isInScope, type RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import {
  type EnvironmentUsage,
  type HourlyUsage,
  USAGE_HOURS_DAYS,
  usageIn,
  type VariationUsage,
} from './flag-usage.js';
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
    private readonly clock: Clock,
  ) {}

  /**
   * How often a key was evaluated in each environment that the caller may see. There need not be such a flag: that
   * services still ask for one that is gone is worth knowing.
   */
  async get(ctx: RequestContext, project: string, key: string): Promise<readonly EnvironmentUsage[]> {
    const [usage = []] = await this.ofEach(ctx, [{ project, key }]);
    return usage;
  }

  /** How often a key was evaluated in an environment in each hour of so many days. Throws `invalid` for too many. */
  hours(
    ctx: RequestContext,
    { project: projectKey, key }: FlagKeys,
    environmentKey: string,
    days: number,
  ): Promise<readonly HourlyUsage[]> {
    if (days < 1 || days > USAGE_HOURS_DAYS) {
      throw invalid('DAYS_INVALID', `Ask for 1 to ${USAGE_HOURS_DAYS} days; usage by the hour is kept no longer.`);
    }
    const from = new Date(this.clock.now().getTime() - days * 24 * 3_600_000);
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const { id } = await this.projects.environment(tx, ctx, project.key, environmentKey);
      return this.telemetry.listHours(tx, id, key, from);
    });
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
