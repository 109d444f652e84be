import type { Demand, RunSums, VersionPair } from '../parallel-runs/index.js';

/** What was compared of one candidate of a parallel run since its epoch began: enough to assess it again. */
export interface RunObservation extends VersionPair {
  readonly run: string;
  readonly epoch: number;
  readonly sums: RunSums;
  readonly shapes: { readonly distinct: number; readonly singletons: number; readonly n: number };
  readonly demand: Demand;
  /** Mean milliseconds that a sampled call may take longer. */
  readonly budgetMs: number;
}

/** What an observation is about: one pair of versions of one candidate. */
export function runKey({ run, candidate, controlVersion, candidateVersion }: Omit<RunObservation, 'sums'>): string {
  return JSON.stringify([run, candidate, controlVersion, candidateVersion]);
}
