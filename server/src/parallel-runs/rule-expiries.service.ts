import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { RunCatalog } from './run-catalog.service.js';
import { RunSettingsEditor } from './run-settings-editor.service.js';
import { rulesAt } from './run-settings.js';
import { type RunPlace, RunSettingsRepository } from './run-settings.repository.js';
import { systemContext } from './system-context.js';

/** How many places are looked after at once; the rest are found by the next sweep. */
const BATCH = 100;

/** Takes away rules that ran out: what was compared under them says nothing of what is compared without. */
@Injectable()
export class RuleExpiries {
  // Seven, because it acts on its own where people do otherwise.
  constructor(
    private readonly transactions: Transactions,
    private readonly settings: RunSettingsRepository,
    private readonly projects: ProjectsReader,
    private readonly catalog: RunCatalog,
    private readonly editor: RunSettingsEditor,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async expire(): Promise<void> {
    const now = this.clock.now();
    const places = await this.transactions.read((tx) => this.settings.listWithExpiredRules(tx, now, BATCH));
    for (const place of places) await this.expireIn(place, now);
  }

  private expireIn({ runId, environmentId }: RunPlace, now: Date): Promise<void> {
    return this.transactions.run(async (tx) => {
      const environment = await this.projects.environmentById(tx, environmentId);
      const run = await this.catalog.findById(tx, runId);
      if (environment === null || run === null) return;
      const ctx = systemContext(this.ids.next());
      await this.editor.edit(tx, ctx, { environment, find: () => Promise.resolve(run) }, (_tx, _place, before) => {
        const rules = rulesAt(before.rules, now);
        const gone = before.rules.filter((rule) => !rules.includes(rule));
        if (gone.length === 0) return Promise.resolve(undefined);
        const reason = `Ran out: ${gone.map(({ kind, path, owner }) => `${kind} at ${path}, of ${owner}`).join('; ')}.`;
        return Promise.resolve({ content: { ...before, rules }, action: 'parallelRun.rule.expired', reason });
      });
    });
  }
}
