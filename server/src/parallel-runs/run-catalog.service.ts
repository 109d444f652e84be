import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Environment, Project } from '../projects/index.js';
import { totalAsEvidence } from './as-evidence.js';
import type { Certificate } from './certificate.js';
import { CertificatesRepository, type StoredCertificate } from './certificates.repository.js';
import type { RunEvidence } from './decide-review.js';
import type { ParallelRun, ParallelRunSettings } from './parallel-run.js';
import { ParallelRunsRepository } from './parallel-runs.repository.js';
import { UNTOUCHED_SETTINGS } from './run-settings.js';
import { type RunPlace, RunSettingsRepository } from './run-settings.repository.js';
import { RunSumsRepository } from './run-sums.repository.js';

/** A run and the environment it is set in. */
export interface PlacedRun {
  readonly run: ParallelRun;
  readonly environment: Pick<Environment, 'id' | 'key'>;
}

/** Finds what is stored of runs, for this module's use cases. */
@Injectable()
export class RunCatalog {
  constructor(
    private readonly runs: ParallelRunsRepository,
    private readonly settings: RunSettingsRepository,
    private readonly sums: RunSumsRepository,
    private readonly certificates: CertificatesRepository,
  ) {}

  async require(tx: Transaction, project: Pick<Project, 'id' | 'key'>, key: string): Promise<ParallelRun> {
    const run = await this.find(tx, project.id, key);
    if (run !== null) return run;
    throw notFound('PARALLEL_RUN_NOT_FOUND', `Project "${project.key}" has no parallel run "${key}".`);
  }

  find(tx: Transaction, projectId: string, key: string): Promise<ParallelRun | null> {
    return RESOURCE_KEY.test(key) ? this.runs.find(tx, projectId, key) : Promise.resolve(null);
  }

  findById(tx: Transaction, id: string): Promise<ParallelRun | null> {
    return this.runs.findById(tx, id);
  }

  async settingsOf(tx: Transaction, place: PlacedRun): Promise<ParallelRunSettings> {
    return (await this.settings.find(tx, placeOf(place))) ?? UNTOUCHED_SETTINGS;
  }

  /** All that is known of a run since its current epoch began. */
  async evidence(tx: Transaction, place: PlacedRun, settings: ParallelRunSettings): Promise<RunEvidence> {
    const at = { ...placeOf(place), epoch: settings.epoch };
    const certificates = await this.certificates.listOfEpoch(tx, at);
    const totals = await this.sums.listTotals(tx, at);
    return {
      demand: settings.demand,
      totals: totals.map(totalAsEvidence),
      shapes: await this.sums.countShapes(tx, at),
      certificates: certificates.map((certificate) => toCertificate(certificate, place)),
    };
  }
}

export function placeOf({ run, environment }: PlacedRun): RunPlace {
  return { runId: run.id, environmentId: environment.id };
}

/** A finding with the keys of what it is about. */
export function toCertificate(certificate: StoredCertificate, { run, environment }: PlacedRun): Certificate {
  return { ...certificate, run: run.key, environment: environment.key };
}
