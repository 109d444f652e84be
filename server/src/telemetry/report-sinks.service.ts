import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { ArrivedReport } from './merge-reports.js';

/**
 * Counts its part of reports that were never counted before, in the transaction that remembers their batches: both are
 * stored, or neither. In a number of statements that does not grow with the reports, and always in the same order of
 * rows, so that no two transactions deadlock.
 */
export type ReportSink = (tx: Transaction, reports: readonly ArrivedReport[]) => Promise<void>;

/** Where modules to the right of telemetry say that they count a part of what SDKs report. */
@Injectable()
export class ReportSinks {
  private readonly sinks: ReportSink[] = [];

  register(sink: ReportSink): void {
    this.sinks.push(sink);
  }

  async count(tx: Transaction, reports: readonly ArrivedReport[]): Promise<void> {
    for (const sink of this.sinks) await sink(tx, reports);
  }
}
