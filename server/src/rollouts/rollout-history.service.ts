import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Transaction } from '../kernel/transactions.js';
import { isOfService } from './ramp-target.js';
import { MeasurementsReader } from '../telemetry/index.js';
import type { CountState, MinuteCount } from './evidence.js';
import type { CountMetric } from '../policies/index.js';
import type { MetricPlan } from './judge.js';
import { REMEMBERED_MINUTES, startCount } from './judge-count.js';

const MINUTE_MS = 60_000;

/** Knows how bad events came in ordinary traffic before an attempt. */
@Injectable()
export class RolloutHistory {
  constructor(
    private readonly measurements: MeasurementsReader,
    private readonly clock: Clock,
  ) {}

  /** Where each metric's evidence begins: with nothing, but with the last hour's bursts in mind. */
  async seed(
    tx: Transaction,
    environmentId: string,
    plans: readonly MetricPlan<CountMetric>[],
  ): Promise<Readonly<Record<string, CountState>>> {
    const states: Record<string, CountState> = {};
    for (const plan of plans) {
      states[plan.key] = startCount(plan.metric, await this.minutesOf(tx, environmentId, plan));
    }
    return states;
  }

  /** Bad events by minute as the metric counts them; none for what history does not tell. */
  private async minutesOf(
    tx: Transaction,
    environmentId: string,
    plan: MetricPlan<CountMetric>,
  ): Promise<readonly MinuteCount[]> {
    const { metric, subject } = plan;
    // Slow ones cannot be told from sums, nor distinct callers from failures.
    if (metric.kind === 'slow' || (metric.kind === 'failures' && metric.count === 'callers')) return [];
    const to = this.clock.now();
    const from = new Date(to.getTime() - REMEMBERED_MINUTES * MINUTE_MS);
    const asked = { subject: isOfService(subject) ? subject : 'all', from, to };
    const isEvents = metric.kind === 'events';
    const rows = await this.measurements.history(tx, environmentId, {
      ...asked,
      metric: isEvents ? metric.event : 'unit',
    });
    return rows.map((row) => ({
      minute: Math.floor(row.from.getTime() / MINUTE_MS),
      bad: isEvents ? Math.round(row.sum) : row.bad,
    }));
  }
}
