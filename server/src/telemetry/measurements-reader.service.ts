import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { MeasurementInterval, MeasurementTotal } from './measurement.js';
import { MeasurementsRepository } from './measurements.repository.js';

/** Answers other modules' questions about what services measured. */
@Injectable()
export class MeasurementsReader {
  constructor(private readonly measurements: MeasurementsRepository) {}

  /** All that was measured of a rollout since it began, in order of subject, arm and metric. */
  totals(tx: Transaction, environmentId: string, rolloutId: string): Promise<readonly MeasurementTotal[]> {
    return this.measurements.listTotals(tx, environmentId, rolloutId);
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
