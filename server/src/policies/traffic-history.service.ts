import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Transaction } from '../kernel/transactions.js';
import { type MeasurementInterval, MeasurementsReader } from '../telemetry/index.js';
import { historySourceOf, type MetricHistory } from './ordinary-traffic.js';
import type { CountMetric } from './policy.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A stretch of time: [from, to). */
export interface Lookback {
  readonly from: Date;
  readonly to: Date;
}

/** Whose ordinary traffic is asked for, and of when. */
export interface TrafficQuestion extends Lookback {
  readonly environmentId: string;
  /** `all` or `service/checkout`. */
  readonly subject: string;
}

/** Knows what count metrics would have counted in ordinary traffic. */
@Injectable()
export class TrafficHistory {
  constructor(
    private readonly measurements: MeasurementsReader,
    private readonly clock: Clock,
  ) {}

  /** So many hours until the last minute that is over. */
  lookback(hours: number): Lookback {
    const to = Math.floor(this.clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
    return { from: new Date(to - hours * HOUR_MS), to: new Date(to) };
  }

  /** The units themselves, and which of them failed. */
  ofUnits(tx: Transaction, asked: TrafficQuestion): Promise<MetricHistory> {
    return this.read(tx, asked, { units: 'unit', bad: { metric: 'unit', field: 'bad' } });
  }

  ofMetric(tx: Transaction, asked: TrafficQuestion, metric: CountMetric): Promise<MetricHistory> {
    return this.read(tx, asked, historySourceOf(metric));
  }

  private async read(
    tx: Transaction,
    { environmentId, ...asked }: TrafficQuestion,
    { units, bad }: ReturnType<typeof historySourceOf>,
  ): Promise<MetricHistory> {
    const rows = await this.measurements.history(tx, environmentId, { ...asked, metric: units });
    const badRows =
      bad === null || bad.metric === units
        ? rows
        : await this.measurements.history(tx, environmentId, { ...asked, metric: bad.metric });
    const badAt = new Map(badRows.map((row) => [keyOf(row), bad?.field === 'sum' ? Math.round(row.sum) : row.bad]));
    return {
      intervals: rows.map((row) => ({
        from: row.from,
        seconds: row.seconds,
        units: row.n,
        // Sums of events may be corrected downwards; fewer than none went never bad.
        bad: bad === null ? 0 : Math.max(0, badAt.get(keyOf(row)) ?? 0),
      })),
      isBadKnown: bad !== null,
    };
  }
}

function keyOf({ from, seconds }: MeasurementInterval): string {
  return `${from.getTime()} ${seconds}`;
}
