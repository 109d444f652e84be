import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { MeasurementInterval, MeasurementTotal } from './measurement.js';
import { parseStoredSketch } from './stored-sketch.js';

/** Sums of what services measured: per arm of a rollout, and of ordinary traffic by the minute. */
@Injectable()
export class MeasurementsRepository {
  /** All sums of a rollout, in order of subject, arm and metric. */
  async listTotals(tx: Transaction, environmentId: string, rolloutId: string): Promise<readonly MeasurementTotal[]> {
    const rows = await clientOf(tx).measurementTotal.findMany({
      where: { environmentId, rolloutId },
      omit: { environmentId: true, rolloutId: true },
      orderBy: [{ subject: 'asc' }, { arm: 'asc' }, { metric: 'asc' }],
    });
    return rows.map(({ arm, n, bad, callers, sketch, ...row }) => {
      const counts = { n: Number(n), bad: Number(bad), callers: Number(callers) };
      return { ...row, ...counts, arm: arm === 'candidate' ? arm : 'stable', sketch: parseStoredSketch(sketch) };
    });
  }

  /** Ordinary traffic of one metric: intervals that begin in [from, to), oldest first. */
  async listHistory(
    tx: Transaction,
    environmentId: string,
    { subject, metric, from, to }: { subject: string; metric: string; from: Date; to: Date },
  ): Promise<readonly MeasurementInterval[]> {
    const rows = await clientOf(tx).measurementHistory.findMany({
      where: { environmentId, subject, metric, from: { gte: from, lt: to } },
      omit: { environmentId: true, subject: true, metric: true },
      orderBy: [{ from: 'asc' }, { seconds: 'asc' }],
    });
    return rows.map(({ seconds, n, bad, ...row }) => {
      return { ...row, n: Number(n), bad: Number(bad), seconds: seconds === 3600 ? 3600 : 60 };
    });
  }
}
