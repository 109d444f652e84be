import { Injectable } from '@nestjs/common';
import type { MetricWindow } from '../analysis/index.js';
import type { Transaction } from '../kernel/transactions.js';
import { MeasurementsReader, ReachReader } from '../telemetry/index.js';
import type { MeasurementStatement } from './guardrail.js';
import type { Measurements } from './judge-statement.js';

const DAY_MS = 86_400_000;

/** Reads what is known of ordinary traffic in and around a window. */
@Injectable()
export class GuardrailMeasurements {
  constructor(
    private readonly measurements: MeasurementsReader,
    private readonly reaches: ReachReader,
  ) {}

  async read(
    tx: Transaction,
    environmentId: string,
    { subject, metric }: MeasurementStatement,
    window: MetricWindow,
  ): Promise<Omit<Measurements, 'watchedSince'>> {
    const { from, to } = window;
    const inside = await this.measurements.history(tx, environmentId, { subject, metric, from, to });
    if (inside[0]?.from.getTime() === from.getTime()) return { window, inside, isKnown: true, instances: 1 };
    const dayBefore = { subject, metric, from: new Date(from.getTime() - DAY_MS), to: from };
    const isKnown = (await this.measurements.history(tx, environmentId, dayBefore)).length > 0;
    const { instances } = await this.reaches.reach(tx, environmentId, 0);
    return { window, inside, isKnown, instances };
  }
}
