import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { InstancesRepository } from './instances.repository.js';
import { hourOf } from './measurement.js';
import { MeasurementsRepository } from './measurements.repository.js';
import { TelemetryRepository } from './telemetry.repository.js';

const KEEP_BATCH_IDS_MS = 24 * 3_600_000;
const KEEP_INSTANCES_MS = 7 * 24 * 3_600_000;
const KEEP_MINUTES_MS = 48 * 3_600_000;
const KEEP_MEASUREMENTS_MS = 35 * 24 * 3_600_000;
/** Small enough to end quickly, and often enough for ten thousand SDKs that report every ten seconds. */
const BATCH = 5_000;
const MAX_BATCHES = 20;

/**
 * Forgets telemetry when its time is over. Kept are: ids of batches for 24 hours, far longer than an SDK that is in
 * touch repeats one; SDK instances for 7 days after their last report; ordinary traffic by the minute for 48 hours,
 * then by the hour up to 35 days; what was measured of a rollout, and its failing callers, for 35 days after the last
 * was added; usage by the hour for 35 days, its sums for good, because "never since" is what they are asked for. One sweep is bounded; what it
 * leaves, the next one takes.
 */
@Injectable()
export class TelemetryRetention {
  constructor(
    private readonly transactions: Transactions,
    private readonly telemetry: TelemetryRepository,
    private readonly instances: InstancesRepository,
    private readonly measurements: MeasurementsRepository,
    private readonly clock: Clock,
  ) {}

  async forgetOld(): Promise<void> {
    const now = this.clock.now().getTime();
    await this.inBatches((tx) => this.telemetry.forgetBatches(tx, new Date(now - KEEP_BATCH_IDS_MS), BATCH));
    await this.inBatches((tx) => this.instances.forget(tx, new Date(now - KEEP_INSTANCES_MS), BATCH));
    const [lastMinutes, oldest] = [hourOf(new Date(now - KEEP_MINUTES_MS)), new Date(now - KEEP_MEASUREMENTS_MS)];
    await this.inBatches((tx) => this.measurements.foldMinutes(tx, lastMinutes, BATCH));
    await this.inBatches((tx) => this.measurements.forgetHours(tx, oldest, BATCH));
    await this.inBatches((tx) => this.telemetry.forgetUsageHours(tx, oldest, BATCH));
    await this.inBatches((tx) => this.measurements.forgetArms(tx, oldest, BATCH));
    await this.inBatches((tx) => this.measurements.forgetCallers(tx, oldest, BATCH));
  }

  private async inBatches(forget: (tx: Transaction) => Promise<number>): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      if ((await this.transactions.run(forget)) < BATCH) return;
    }
  }
}
