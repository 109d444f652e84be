import { Injectable } from '@nestjs/common';
import type { SnapshotFlag } from '@sluice/sdk/evaluation';
import type { Transaction } from '../kernel/transactions.js';
import { FlagCatalog } from './flag-catalog.service.js';
import type { StampedFlags } from './stamped-flags.js';

/** Answers other modules' questions about flags. */
@Injectable()
export class FlagsReader {
  constructor(private readonly catalog: FlagCatalog) {}

  /** The keys of a project's flags. */
  keys(tx: Transaction, projectId: string): Promise<ReadonlySet<string>> {
    return this.catalog.keys(tx, projectId);
  }

  /** A project's flags as evaluators of one environment need them, in order of key. */
  snapshotFlags(tx: Transaction, projectId: string, environmentId: string): Promise<readonly SnapshotFlag[]> {
    return this.catalog.snapshotFlags(tx, projectId, environmentId);
  }

  /** The same by their stamps; those that are known under theirs are not read again. */
  stampedFlags(tx: Transaction, projectId: string, environmentId: string, known?: StampedFlags): Promise<StampedFlags> {
    return this.catalog.stampedFlags(tx, projectId, environmentId, known);
  }
}
