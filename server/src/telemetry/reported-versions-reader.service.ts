import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Transaction } from '../kernel/transactions.js';
import { InstancesRepository } from './instances.repository.js';
import { type ReportedVersion, silentBefore, versionsOf } from './sdk-instance.js';

/** Answers which versions of services are running, by what their instances report. */
@Injectable()
export class ReportedVersionsReader {
  constructor(
    private readonly instances: InstancesRepository,
    private readonly clock: Clock,
  ) {}

  /** The versions that instances report now, in order of service and version; silent instances are left out. */
  async byService(tx: Transaction, environmentId: string): Promise<readonly ReportedVersion[]> {
    const seenSince = silentBefore(this.clock.now());
    return versionsOf(await this.instances.listServices(tx, { environmentId, seenSince }));
  }
}
