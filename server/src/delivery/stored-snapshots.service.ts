import type { Snapshot } from '@sluice/sdk/evaluation';
import { Injectable } from '@nestjs/common';
import { ServicesReader, SnapshotRamps } from '../deployments/index.js';
import { FlagsReader, type StampedFlags } from '../flags/index.js';
import { Transactions } from '../kernel/transactions.js';
import { ParallelRunsReader } from '../parallel-runs/index.js';
import { ProjectsReader } from '../projects/index.js';
import { SegmentsReader } from '../segments/index.js';
import { SnapshotSource } from './snapshot-source.js';

/** Snapshots put together from the store. What did not change since the last load of an environment is the same object. */
@Injectable()
export class StoredSnapshots extends SnapshotSource {
  private readonly known = new Map<string, StampedFlags>();

  // Seven, because a snapshot is put together from all that evaluators need.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly flags: FlagsReader,
    private readonly segments: SegmentsReader,
    private readonly services: ServicesReader,
    private readonly ramps: SnapshotRamps,
    private readonly parallelRuns: ParallelRunsReader,
  ) {
    super();
  }

  override load(environmentId: string): Promise<Snapshot | undefined> {
    return this.transactions.read(async (tx) => {
      const environment = await this.projects.environmentById(tx, environmentId);
      if (environment === null) {
        this.known.delete(environmentId);
        return undefined;
      }
      const { projectId, projectKey, key, revision } = environment;
      const services = await this.services.snapshotServices(tx, environmentId);
      const ramps = await this.ramps.of(tx, environmentId);
      const parallelRuns = await this.parallelRuns.snapshotRuns(tx, environmentId);
      const flags = await this.flags.stampedFlags(tx, projectId, environmentId, this.known.get(environmentId));
      this.known.set(environmentId, flags);
      return {
        schemaVersion: 1,
        project: projectKey,
        environment: key,
        revision,
        flags: [...flags.values()],
        segments: await this.segments.snapshotSegments(tx, projectId),
        // Left out when empty: what has none of them is byte for byte what it was before there were any.
        ...(services.length === 0 ? {} : { services }),
        ...(ramps.length === 0 ? {} : { ramps }),
        ...(parallelRuns.length === 0 ? {} : { parallelRuns }),
      };
    });
  }

  override revisions(): Promise<readonly { readonly id: string; readonly revision: number }[]> {
    return this.transactions.read((tx) => this.projects.revisions(tx));
  }
}
