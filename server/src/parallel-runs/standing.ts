import type { Assessment } from './assessment.js';
import type { Certificate } from './certificate.js';
import type { Demand, Runner } from './parallel-run.js';
import type { RunTotal } from './sums.js';

/** How a run stands in an environment: of every candidate, each live pair of versions, the newest last. */
export interface RunStanding {
  readonly run: string;
  readonly share: number;
  readonly epoch: number;
  readonly demand: Demand;
  readonly budget: Runner['budget'];
  readonly candidates: readonly CandidateStanding[];
}

export interface CandidateStanding {
  readonly total: RunTotal;
  /** Structures of inputs: what it was assessed with beside the sums. */
  readonly shapes: { readonly distinct: number; readonly singletons: number; readonly n: number };
  readonly assessment: Assessment;
  /** That stands for this pair under this demand; null: none, or voided. */
  readonly certificate: Certificate | null;
}
