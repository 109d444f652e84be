import { countAbove, quantileOf } from '@sluice/sdk/ddsketch';
import type { MeanSums } from '../analysis/index.js';
import type { CountMetric, MeanMetric } from '../policies/index.js';
import type { Arm, MeasurementTotal } from '../telemetry/index.js';
import type { ArmCounts } from './evidence.js';
import type { RunObservation } from './run-observation.js';

/** Metrics of the SDK's own: units themselves, and callers that a client met for the first time. */
const UNIT = 'unit';
const EXPOSED = 'exposed';

/** What was measured of a rollout since it began, as judges ask for it. */
export interface Measures {
  /** Units and bad events of both arms as a metric counts them. */
  counts(subject: string, metric: CountMetric): ArmCounts;
  /** A value's sums; undefined without any. */
  sums(subject: string, arm: Arm, metric: MeanMetric): MeanSums | undefined;
  /** Distinct callers of an arm; one that several instances served counts for each of them. */
  exposed(subject: string, arm: Arm): number;
  /** What half and 99 of 100 observations of an arm are below; absent without any. */
  quantiles(subject: string, arm: Arm, metric: string): Quantiles;
  /** What parallel runs that the rollout samples have compared, candidate by candidate. */
  readonly runs: readonly RunObservation[];
}

export interface Quantiles {
  readonly p50?: number;
  readonly p99?: number;
}

/** What services reported. */
export class Measured implements Measures {
  private readonly totals: ReadonlyMap<string, MeasurementTotal>;

  constructor(
    totals: readonly MeasurementTotal[],
    readonly runs: readonly RunObservation[] = [],
  ) {
    this.totals = new Map(totals.map((total) => [keyOf(total.subject, total.arm, total.metric), total]));
  }

  sums(subject: string, arm: Arm, metric: MeanMetric): MeanSums | undefined {
    return this.total(subject, arm, metric.value);
  }

  private total(subject: string, arm: Arm, metric: string): MeasurementTotal | undefined {
    return this.totals.get(keyOf(subject, arm, metric));
  }

  units(subject: string, arm: Arm): number {
    return this.total(subject, arm, UNIT)?.n ?? 0;
  }

  exposed(subject: string, arm: Arm): number {
    return this.total(subject, arm, EXPOSED)?.n ?? 0;
  }

  counts(subject: string, metric: CountMetric): ArmCounts {
    const stable = this.countsOf(subject, 'stable', metric);
    const candidate = this.countsOf(subject, 'candidate', metric);
    return {
      stableUnits: stable.units,
      candidateUnits: candidate.units,
      stableBad: stable.bad,
      candidateBad: candidate.bad,
      ...(metric.kind === 'failures' && metric.count === 'callers'
        ? { stableFailed: this.total(subject, 'stable', UNIT)?.bad ?? 0 }
        : {}),
    };
  }

  quantiles(subject: string, arm: Arm, metric: string): Quantiles {
    const sketch = this.total(subject, arm, metric)?.sketch;
    if (!sketch) return {};
    const [p50, p99] = [quantileOf(sketch, 0.5), quantileOf(sketch, 0.99)];
    return p50 === undefined || p99 === undefined ? {} : { p50, p99 };
  }

  private countsOf(subject: string, arm: Arm, metric: CountMetric): { readonly units: number; readonly bad: number } {
    switch (metric.kind) {
      case 'failures': {
        const total = this.total(subject, arm, UNIT);
        return { units: total?.n ?? 0, bad: (metric.count === 'callers' ? total?.callers : total?.bad) ?? 0 };
      }
      case 'events':
        return { units: this.units(subject, arm), bad: Math.round(this.total(subject, arm, metric.event)?.sum ?? 0) };
      case 'slow': {
        const total = this.total(subject, arm, metric.duration);
        const sketch = total?.sketch ?? undefined;
        return { units: total?.n ?? 0, bad: sketch === undefined ? 0 : countAbove(sketch, metric.slowerThanMs) };
      }
    }
  }
}

function keyOf(subject: string, arm: Arm, metric: string): string {
  return `${subject} ${arm} ${metric}`;
}
