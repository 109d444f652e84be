import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { type FlagHold, FlagHolds } from './flag-holds.service.js';
import type { SettingsKeys } from './flag-settings.service.js';

/** Tells who looks at flags which of them are being ramped. */
@Injectable()
export class FlagHoldings {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: FlagCatalog,
    private readonly holds: FlagHolds,
  ) {}

  /** The hold on each flag in its environment, in the order given; null: free to edit. */
  of(ctx: RequestContext, places: readonly SettingsKeys[]): Promise<readonly (FlagHold | null)[]> {
    return this.transactions.read(async (tx) => {
      const found: (FlagHold | null)[] = [];
      for (const at of places) {
        const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
        const project = { id: environment.projectId, key: at.project };
        const flag = await this.catalog.require(tx, project, at.flag);
        found.push(await this.holds.on(tx, { flagId: flag.id, environmentId: environment.id }));
      }
      return found;
    });
  }
}
