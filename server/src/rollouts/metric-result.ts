import type { MetricState } from '../analysis/index.js';

/** One metric of one subject, as it stands after a tick. */
export interface MetricResult {
  readonly metric: string;
  /** `flag/new-cart`, `service/checkout`; of queries `all`. */
  readonly subject: string;
  readonly state: MetricState;
  readonly dryRun: boolean;
  /** It was not asked yet, or could not be the last time: what is not known is so because nobody has answered. */
  readonly isUnasked?: boolean;
  /** False where there is only one arm, at 0 % and 100 %: nothing can be told there, and nothing is waited for. */
  readonly isComparable: boolean;
  /** For people: what was measured, against what limit. */
  readonly sentence: string;
  /** How far the evidence of harm has come, and where it acts; in natural logarithms, or in the metric's own unit. */
  readonly evidence?: number;
  readonly limit?: number;
  readonly stable?: ArmFigures;
  readonly candidate?: ArmFigures;
  /** The dispersion that tempered it. */
  readonly phi?: number;
}

/** What was measured of an arm since the attempt began. */
export interface ArmFigures {
  readonly units: number;
  readonly bad?: number;
  readonly mean?: number;
  readonly p50?: number;
  readonly p99?: number;
}
