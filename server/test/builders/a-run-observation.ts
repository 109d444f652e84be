import { VERDICTS } from '@sluice/sdk/comparison';
import type { Demand } from '../../src/parallel-runs/parallel-run.js';
import type { RunSums } from '../../src/parallel-runs/sums.js';
import type { RunObservation } from '../../src/rollouts/run-observation.js';

/** A tolerance of 1 %, certified at 449 equal inputs, unless said. */
export function aDemand(overrides: Partial<Demand> = {}): Demand {
  return {
    tolerance: 0.01,
    alpha: 0.05,
    alphaKill: 0.01,
    unansweredTolerance: 0.01,
    latencyMargin: 0.1,
    strata: [],
    ...overrides,
  };
}

/** x of n inputs came out unequal, each called once, in the same time as the control; unless said. */
export function someRunSums(n: number, x: number, overrides: Partial<RunSums> = {}): RunSums {
  const evenTimes = { n: 5_000, sum: 0, sumSquares: 5_000 * 0.09 };
  // As many keys as there are verdicts.
  const none = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as RunSums['verdicts'];
  return {
    verdicts: { ...none, match: n - x, mismatch: x },
    inputs: { n, x },
    twins: { n: 0, b: 0, c: 0 },
    latency: { controlFirst: evenTimes, candidateFirst: evenTimes },
    overhead: { n: 0, addedMs: 0, maxAddedMs: 0, maxLoopDelayMs: 0 },
    served: { control: n, candidate: 0 },
    strata: [],
    unsigned: 0,
    ...overrides,
  };
}

/** Of price-v2, v2 against v1, where 500 inputs came out equal, unless said. */
export function aRunObservation(overrides: Partial<RunObservation> = {}): RunObservation {
  return {
    run: 'price-v2',
    epoch: 1,
    candidate: 'candidate',
    controlVersion: 'v1',
    candidateVersion: 'v2',
    sums: someRunSums(500, 0),
    shapes: { distinct: 3, singletons: 1, n: 100 },
    demand: aDemand(),
    budgetMs: 1,
    ...overrides,
  };
}
