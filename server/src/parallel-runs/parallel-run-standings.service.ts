import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { standingsOf } from './decide-review.js';
import { type PlacedRun, RunCatalog } from './run-catalog.service.js';
import type { RunStanding } from './standing.js';

/** Answers how runs stand. */
@Injectable()
export class ParallelRunStandings {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly catalog: RunCatalog,
  ) {}

  /** How the run of a key stands in an environment; null: its project has no such run. */
  async of(tx: Transaction, environmentId: string, key: string): Promise<RunStanding | null> {
    const environment = await this.projects.environmentById(tx, environmentId);
    const run = environment === null ? null : await this.catalog.find(tx, environment.projectId, key);
    return environment === null || run === null ? null : this.ofPlaced(tx, { run, environment });
  }

  /** As `of`, for a run and an environment that were found. */
  async ofPlaced(tx: Transaction, place: PlacedRun): Promise<RunStanding> {
    const settings = await this.catalog.settingsOf(tx, place);
    const { share, epoch, demand, runner } = settings;
    const candidates = standingsOf(await this.catalog.evidence(tx, place, settings));
    return { run: place.run.key, share, epoch, demand, budget: runner.budget, candidates };
  }
}
