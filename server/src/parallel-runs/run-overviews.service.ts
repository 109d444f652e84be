import { Injectable } from '@nestjs/common';
import { isInScope, type RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { CertificatesRepository } from './certificates.repository.js';
import { groupBy } from './group-by.js';
import type { ParallelRun } from './parallel-run.js';
import { overviewOf, type RunOverview } from './run-overview.js';
import { UNTOUCHED_SETTINGS } from './run-settings.js';
import { type RunPlace, RunSettingsRepository } from './run-settings.repository.js';
import { RunSumsRepository } from './run-sums.repository.js';

/** A run with how it stands in every environment of its project, by the environment's key. */
export type ParallelRunWithStandings = ParallelRun & { readonly environments: Readonly<Record<string, RunOverview>> };

/** Puts runs and how they stand together, in as many questions for many as for one. */
@Injectable()
export class RunOverviews {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly settings: RunSettingsRepository,
    private readonly sums: RunSumsRepository,
    private readonly certificates: CertificatesRepository,
  ) {}

  /** Runs of one project, in the order given; in one environment only, for a caller who is bound to it. */
  async withStandings(
    tx: Transaction,
    ctx: RequestContext,
    runs: readonly ParallelRun[],
  ): Promise<readonly ParallelRunWithStandings[]> {
    const [first] = runs;
    if (first === undefined) return [];
    const all = await this.projects.environmentsOf(tx, first.projectId);
    const environments = all.filter(({ id }) => isInScope(ctx, first.projectId, id));
    const runIds = runs.map(({ id }) => id);
    const settings = new Map((await this.settings.listOfRuns(tx, runIds)).map((each) => [keyOf(each), each.settings]));
    const totals = groupBy(await this.sums.listCurrentTotals(tx, runIds), keyOf);
    const findings = groupBy(await this.certificates.listStanding(tx, runIds), keyOf);
    return runs.map((run) => {
      const entries = environments.map(({ id, key }) => {
        const at = keyOf({ runId: run.id, environmentId: id });
        const { share, epoch } = settings.get(at) ?? UNTOUCHED_SETTINGS;
        return [key, overviewOf({ share, epoch }, totals.get(at) ?? [], findings.get(at) ?? [])] as const;
      });
      return { ...run, environments: Object.fromEntries(entries) };
    });
  }

  async withStandingsOf(tx: Transaction, ctx: RequestContext, run: ParallelRun): Promise<ParallelRunWithStandings> {
    const [found] = await this.withStandings(tx, ctx, [run]);
    // withStandings answers one for one.
    return found as ParallelRunWithStandings;
  }
}

function keyOf({ runId, environmentId }: RunPlace): string {
  return `${runId} ${environmentId}`;
}
