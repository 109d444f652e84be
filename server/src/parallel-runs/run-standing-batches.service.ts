import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { totalAsEvidence } from './as-evidence.js';
import { CertificatesRepository } from './certificates.repository.js';
import { standingsOf } from './decide-review.js';
import { groupBy } from './group-by.js';
import type { ParallelRun } from './parallel-run.js';
import { UNTOUCHED_SETTINGS } from './run-settings.js';
import { RunSettingsRepository } from './run-settings.repository.js';
import { RunSumsRepository } from './run-sums.repository.js';
import type { RunStanding } from './standing.js';

const NO_SHAPES = { distinct: 0, singletons: 0, n: 0 };

/** Answers how many runs stand, in as many questions as for one. */
@Injectable()
export class RunStandingBatches {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly settings: RunSettingsRepository,
    private readonly sums: RunSumsRepository,
    private readonly certificates: CertificatesRepository,
  ) {}

  /** How runs of a project stand in one environment of it, in the order given; as ParallelRunStandings says of one. */
  of(
    ctx: RequestContext,
    at: { readonly project: string; readonly environment: string },
    runs: readonly Pick<ParallelRun, 'id' | 'key'>[],
  ): Promise<readonly RunStanding[]> {
    return this.transactions.read(async (tx) => {
      const { id: environmentId, key: environment } = await this.projects.environment(
        tx,
        ctx,
        at.project,
        at.environment,
      );
      const isHere = (place: { readonly environmentId: string }): boolean => place.environmentId === environmentId;
      const runIds = [...new Set(runs.map(({ id }) => id))];
      const stored = (await this.settings.listOfRuns(tx, runIds)).filter(isHere);
      const settingsOf = new Map(stored.map(({ runId, settings }) => [runId, settings]));
      const places = stored.map(({ runId, settings: { epoch } }) => ({ environmentId, runId, epoch }));
      const totals = groupBy((await this.sums.listCurrentTotals(tx, runIds)).filter(isHere), ({ runId }) => runId);
      const certificates = groupBy(await this.certificates.listOfEpochs(tx, places), ({ runId }) => runId);
      const shapes = await this.sums.countShapesOf(tx, environmentId, runIds);
      return runs.map(({ id, key: run }) => {
        const { share, epoch, demand, runner } = settingsOf.get(id) ?? UNTOUCHED_SETTINGS;
        const candidates = standingsOf({
          demand,
          totals: (totals.get(id) ?? []).map(totalAsEvidence),
          shapes: shapes.get(id) ?? NO_SHAPES,
          certificates: (certificates.get(id) ?? []).map(({ runId: _runId, ...found }) => ({
            ...found,
            run,
            environment,
          })),
        });
        return { run, share, epoch, demand, budget: runner.budget, candidates };
      });
    });
  }
}
