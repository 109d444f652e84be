import type { PolicyStep } from './policy.js';

/** Which part of the calls of parallel runs is sampled at a step, in thousandths of a percent. */
export function samplingAt(steps: readonly PolicyStep[], stepIndex: number): number {
  return steps.slice(0, stepIndex + 1).findLast(({ sampling }) => sampling !== undefined)?.sampling ?? 0;
}
