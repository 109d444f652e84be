import { Injectable } from '@nestjs/common';
import type { SnapshotParallelRun } from '@sluice/sdk/evaluation';
import type { Transaction } from '../kernel/transactions.js';
import { RunCatalog } from './run-catalog.service.js';
import { toSnapshotRun } from './run-settings.js';
import { RunSettingsRepository } from './run-settings.repository.js';

/** Answers other modules' questions about runs. */
@Injectable()
export class ParallelRunsReader {
  constructor(
    private readonly catalog: RunCatalog,
    private readonly settings: RunSettingsRepository,
  ) {}

  /** Whether a project has a run. */
  async exists(tx: Transaction, projectId: string, key: string): Promise<boolean> {
    return (await this.catalog.find(tx, projectId, key)) !== null;
  }

  /** The runs of an environment as SDKs need them, in order of key. */
  async snapshotRuns(tx: Transaction, environmentId: string): Promise<readonly SnapshotParallelRun[]> {
    const stored = await this.settings.listOfEnvironment(tx, environmentId);
    return stored.flatMap(({ key, settings }) => toSnapshotRun(key, settings) ?? []);
  }
}
