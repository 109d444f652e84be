import { Injectable } from '@nestjs/common';
import { Ids } from '../kernel/ids.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { decideReview, type ReviewMove } from './decide-review.js';
import type { ParallelRunSettings } from './parallel-run.js';
import { type PlacedRun, RunCatalog } from './run-catalog.service.js';
import { RunReviewEffects } from './run-review-effects.service.js';
import { RunSettingsEditor } from './run-settings-editor.service.js';
import type { RunPlace } from './run-settings.repository.js';
import { systemContext } from './system-context.js';

/**
 * Looks at what was compared: read, decide, and, where there is anything to find, the same again under the lock of the
 * environment. Most looks find nothing, and lock nothing.
 */
@Injectable()
export class RunReviews {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: RunCatalog,
    private readonly editor: RunSettingsEditor,
    private readonly effects: RunReviewEffects,
    private readonly ids: Ids,
  ) {}

  /** Finds, voids and stops what the evidence of a run asks for. */
  async review({ runId, environmentId }: RunPlace): Promise<void> {
    const found = await this.transactions.read(async (tx) => {
      const place = await this.placed(tx, { runId, environmentId });
      if (place === undefined) return undefined;
      const settings = await this.catalog.settingsOf(tx, place);
      return (await this.movesOf(tx, place, settings)).length > 0 ? place : undefined;
    });
    if (found === undefined) return;
    await this.transactions.run(async (tx) => {
      const ctx = systemContext(this.ids.next());
      // Who was there a moment ago may be gone: then there is nothing to look at.
      const find = async () => (await this.catalog.findById(tx, runId)) ?? found.run;
      await this.editor.edit(tx, ctx, { environment: found.environment, find }, async (_tx, place, settings) => {
        const moves = await this.movesOf(tx, place, settings);
        return this.effects.apply(tx, ctx, place, { settings, moves });
      });
    });
  }

  private async placed(tx: Transaction, { runId, environmentId }: RunPlace): Promise<PlacedRun | undefined> {
    const environment = await this.projects.environmentById(tx, environmentId);
    const run = await this.catalog.findById(tx, runId);
    return environment === null || run === null ? undefined : { run, environment };
  }

  private async movesOf(
    tx: Transaction,
    place: PlacedRun,
    settings: ParallelRunSettings,
  ): Promise<readonly ReviewMove[]> {
    return settings.version === 0 ? [] : decideReview(await this.catalog.evidence(tx, place, settings));
  }
}
