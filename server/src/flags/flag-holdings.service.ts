import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type FlagHold, FlagHolds } from './flag-holds.service.js';
import type { SettingsPlace } from './flag-settings.repository.js';
import type { SettingsKeys } from './flag-settings.service.js';
import { FlagsRepository } from './flags.repository.js';

/** Tells who looks at flags which of them are being ramped. */
@Injectable()
export class FlagHoldings {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly flags: FlagsRepository,
    private readonly holds: FlagHolds,
  ) {}

  /**
   * The hold on each flag in its environment, in the order given; null: free to edit, or gone by now. What it asks the
   * store grows with the projects and environments named, never with the flags.
   */
  of(ctx: RequestContext, asked: readonly SettingsKeys[]): Promise<readonly (FlagHold | null)[]> {
    return this.transactions.read(async (tx) => {
      const places = await this.placesOf(tx, ctx, asked);
      const there = places.filter((place) => place !== null);
      const holds = await this.holds.in(tx, there);
      const holdOn = new Map(there.map((place, index) => [place, holds[index] ?? null]));
      return places.map((place) => (place === null ? null : (holdOn.get(place) ?? null)));
    });
  }

  /** The ids of what is named by keys, in the order given; null where there is no such flag. */
  private async placesOf(
    tx: Transaction,
    ctx: RequestContext,
    asked: readonly SettingsKeys[],
  ): Promise<readonly (SettingsPlace | null)[]> {
    const [flagIds, environmentIds] = [new Map<string, string>(), new Map<string, string>()];
    for (const project of new Set(asked.map((each) => each.project))) {
      const here = asked.filter((each) => each.project === project);
      const { id: projectId } = await this.projects.project(tx, ctx, project);
      const keys = new Set(here.map(({ flag }) => flag));
      for (const { id, key } of await this.flags.listByKeys(tx, projectId, [...keys]))
        flagIds.set(`${project} ${key}`, id);
      for (const environment of new Set(here.map((each) => each.environment))) {
        const { id } = await this.projects.environment(tx, ctx, project, environment);
        environmentIds.set(`${project} ${environment}`, id);
      }
    }
    return asked.map(({ project, flag, environment }) => {
      const flagId = flagIds.get(`${project} ${flag}`);
      const environmentId = environmentIds.get(`${project} ${environment}`);
      return flagId === undefined || environmentId === undefined ? null : { flagId, environmentId };
    });
  }
}
