import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { MeasuredRollout, MeasurementInterval, MeasurementTotal } from './measurement.js';
import { MeasurementsRepository } from './measurements.repository.js';

/** Answers other modules' questions about what services measured. */
@Injectable()
export class MeasurementsReader {
  constructor(private readonly measurements: MeasurementsRepository) {}

  /** By rollout, all that was measured of it since it began, in order of subject, arm and metric. */
  async totals(
    tx: Transaction,
    rollouts: readonly MeasuredRollout[],
  ): Promise<ReadonlyMap<string, readonly MeasurementTotal[]>> {
    const found = new Map<string, MeasurementTotal[]>(rollouts.map(({ id }) => [id, []]));
    for (const { rolloutId, ...total } of await this.measurements.listTotals(tx, rollouts)) {
      found.get(rolloutId)?.push(total);
    }
    return found;
  }

  /**
   * Ordinary traffic of one metric, oldest first: intervals that begin in [from, to). A minute in which nothing was
   * measured is absent. Minutes of 48 hours, and hours of 35 days before those.
   */
  history(tx: Transaction, environmentId: string, asked: HistoryQuestion): Promise<readonly MeasurementInterval[]> {
    return this.measurements.listHistory(tx, environmentId, asked);
  }
}

export interface HistoryQuestion {
  /** `all` or `service/checkout`. */
  readonly subject: string;
  readonly metric: string;
  readonly from: Date;
  readonly to: Date;
}
