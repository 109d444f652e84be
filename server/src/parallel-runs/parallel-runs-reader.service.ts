import { Injectable } from '@nestjs/common';
import type { SnapshotParallelRun } from '@sluice/sdk/evaluation';
import type { Transaction } from '../kernel/transactions.js';
import { toSnapshotRun } from './run-settings.js';
import { CertificatesRepository, type RefutedRun } from './certificates.repository.js';
import { RunSettingsRepository } from './run-settings.repository.js';

/** Answers other modules' questions about runs. */
@Injectable()
export class ParallelRunsReader {
  constructor(
    private readonly settings: RunSettingsRepository,
    private readonly certificates: CertificatesRepository,
  ) {}

  /** The runs of an environment as SDKs need them, in order of key. */
  async snapshotRuns(tx: Transaction, environmentId: string): Promise<readonly SnapshotParallelRun[]> {
    const stored = await this.settings.listOfEnvironment(tx, environmentId);
    return stored.flatMap(({ key, runId, settings }) => toSnapshotRun({ id: runId, key }, settings) ?? []);
  }

  /**
   * Candidates of environments that were refuted and are still sampled, or were refuted since a moment; the newest first,
   * at most so many.
   */
  refuted(
    tx: Transaction,
    environmentIds: readonly string[],
    stretch: { readonly since: Date; readonly limit: number },
  ): Promise<readonly RefutedRun[]> {
    return this.certificates.listRefuted(tx, environmentIds, stretch);
  }
}
