/** Measures the scenarios that its arguments name, one after the other, and tells its parent. */
import { SCENARIOS } from './evaluation.js';
import { takeSink, type Comparison } from './measure.js';

/** What a process measured. */
export interface Measured {
  readonly comparisons: readonly Comparison[];
  /** Depends on each operation; 0 if none took place. */
  readonly sink: number;
}

const comparisons = process.argv.slice(2).flatMap((name) => SCENARIOS.get(name)?.() ?? []);
const measured: Measured = { comparisons, sink: takeSink() };
process.send?.(measured);
