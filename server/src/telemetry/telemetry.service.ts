import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { forbidden } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { InstancesRepository } from './instances.repository.js';
import { parseTelemetryBatch } from './telemetry-batch.js';
import { TelemetryRepository } from './telemetry.repository.js';

/** What became of a batch. A duplicate is accepted too: the SDK has nothing to repeat. */
export interface Receipt {
  readonly accepted: true;
  readonly duplicate: boolean;
}

/**
 * Takes in what SDKs report. It is no management change: nothing is audited, no revision moves, and no row that
 * delivery or a use case needs is locked.
 */
@Injectable()
export class TelemetryService {
  constructor(
    private readonly transactions: Transactions,
    private readonly telemetry: TelemetryRepository,
    private readonly instances: InstancesRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts a batch once, however often it arrives. */
  record(ctx: RequestContext, body: unknown): Promise<Receipt> {
    const environmentId = requireEnvironment(ctx);
    const now = this.clock.now();
    const { batchId, instance, usage } = parseTelemetryBatch(body, now);
    return this.transactions.run(async (tx) => {
      const isNew = await this.telemetry.claimBatch(tx, environmentId, batchId, now);
      if (!isNew) return { accepted: true, duplicate: true };
      await this.telemetry.addUsage(tx, environmentId, usage);
      await this.instances.save(tx, environmentId, instance, now);
      return { accepted: true, duplicate: false };
    });
  }
}

function requireEnvironment({ environmentId }: RequestContext): string {
  if (environmentId !== undefined) return environmentId;
  throw forbidden('SCOPE_TOO_WIDE', 'Telemetry belongs to one environment; send it with that environment’s token.');
}
