import type { MeanSums } from '../analysis/index.js';
import type { CountMetric, MeanMetric } from '../policies/index.js';
import type { Arm } from '../telemetry/index.js';
import type { ArmCounts } from './evidence.js';
import type { Measures, Quantiles } from './measured.js';
import type { MeanObservation, Observation } from './observation.js';
import type { RunObservation } from './run-observation.js';

const NO_COUNTS: ArmCounts = { stableUnits: 0, candidateUnits: 0, stableBad: 0, candidateBad: 0 };

/** What was measured, as the observations of its ticks tell. */
export class RecordedMeasures implements Measures {
  private readonly totals = new Map<string, ArmCounts>();
  private readonly means = new Map<string, MeanObservation>();
  private readonly callers = new Map<string, number>();
  runs: readonly RunObservation[] = [];

  add({ counts, means, shares, runs }: Observation): void {
    for (const count of counts) {
      const key = keyOf(count.subject, count.metric);
      const before = this.totals.get(key) ?? NO_COUNTS;
      this.totals.set(key, {
        stableUnits: before.stableUnits + count.stableUnits,
        candidateUnits: before.candidateUnits + count.candidateUnits,
        stableBad: before.stableBad + count.stableBad,
        candidateBad: before.candidateBad + count.candidateBad,
        ...(count.stableFailed === undefined ? {} : { stableFailed: (before.stableFailed ?? 0) + count.stableFailed }),
      });
    }
    if (runs !== undefined) this.runs = runs;
    for (const mean of means) this.means.set(keyOf(mean.subject, mean.metric), mean);
    for (const { subject, stable, candidate } of shares) {
      this.callers.set(keyOf(subject, 'stable'), this.exposed(subject, 'stable') + stable);
      this.callers.set(keyOf(subject, 'candidate'), this.exposed(subject, 'candidate') + candidate);
    }
  }

  counts(subject: string, { name }: CountMetric): ArmCounts {
    return this.totals.get(keyOf(subject, name)) ?? NO_COUNTS;
  }

  sums(subject: string, arm: Arm, { name }: MeanMetric): MeanSums | undefined {
    return this.means.get(keyOf(subject, name))?.[arm];
  }

  exposed(subject: string, arm: Arm): number {
    return this.callers.get(keyOf(subject, arm)) ?? 0;
  }

  /** They decide nothing, and were not recorded. */
  quantiles(): Quantiles {
    return {};
  }
}

function keyOf(subject: string, name: string): string {
  return `${subject} ${name}`;
}
