import { Injectable } from '@nestjs/common';
import type { SnapshotService } from '@sluice/sdk/evaluation';
import type { Transaction } from '../kernel/transactions.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';
import { toSnapshotServices } from './snapshot-services.js';

/** Answers other modules' questions about services. */
@Injectable()
export class ServicesReader {
  constructor(private readonly traffic: ServiceTrafficRepository) {}

  /** The services of an environment as callers of them need them, in order of key. */
  async snapshotServices(tx: Transaction, environmentId: string): Promise<readonly SnapshotService[]> {
    return toSnapshotServices(await this.traffic.listOfEnvironment(tx, environmentId));
  }
}
