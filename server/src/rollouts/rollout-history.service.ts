import { Injectable } from '@nestjs/common';
import { addMinute, type MinuteSums, NO_MINUTES } from '../analysis/index.js';
import { Clock } from '../kernel/clock.js';
import type { Transaction } from '../kernel/transactions.js';
import { isOfService } from './ramp-target.js';
import { MeasurementsReader } from '../telemetry/index.js';
import type { Evidence } from './evidence.js';
import type { CountMetric } from '../policies/index.js';
import type { MetricPlan } from './judge.js';

const MINUTE_MS = 60_000;
/** A day, so that its ups and downs are in it. */
const HISTORY_MS = 24 * 60 * MINUTE_MS;

/** Knows how bad events came in ordinary traffic before an attempt. */
@Injectable()
export class RolloutHistory {
  constructor(
    private readonly measurements: MeasurementsReader,
    private readonly clock: Clock,
  ) {}

  /** How bad events came in the last day, for each metric that history tells of. */
  async minutesBefore(
    tx: Transaction,
    environmentId: string,
    plans: readonly MetricPlan<CountMetric>[],
  ): Promise<Evidence['before']> {
    const minutes: Record<string, MinuteSums> = {};
    for (const plan of plans) minutes[plan.key] = await this.minutesOf(tx, environmentId, plan);
    return minutes;
  }

  /** Bad events by minute as the metric counts them; none for what history does not tell. */
  private async minutesOf(tx: Transaction, environmentId: string, plan: MetricPlan<CountMetric>): Promise<MinuteSums> {
    const { metric, subject } = plan;
    // Slow ones cannot be told from sums, nor distinct callers from failures.
    if (metric.kind === 'slow' || (metric.kind === 'failures' && metric.count === 'callers')) return NO_MINUTES;
    const to = this.clock.now();
    const from = new Date(to.getTime() - HISTORY_MS);
    const isEvents = metric.kind === 'events';
    const rows = await this.measurements.history(tx, environmentId, {
      subject: isOfService(subject) ? subject : 'all',
      metric: isEvents ? metric.event : 'unit',
      from,
      to,
    });
    const counts = rows
      .filter(({ seconds }) => seconds === 60)
      .map((row) => (isEvents ? Math.round(row.sum) : row.bad));
    const first = rows[0];
    if (first === undefined) return NO_MINUTES;
    // A minute in which nothing was measured is absent: nothing went bad in it.
    const minutes = Math.max(counts.length, Math.floor((to.getTime() - first.from.getTime()) / MINUTE_MS));
    return { ...counts.reduce(addMinute, NO_MINUTES), minutes };
  }
}
