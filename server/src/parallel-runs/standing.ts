import type { Assessment } from './assessment.js';
import type { Certificate } from './certificate.js';
import type { RunTotal } from './sums.js';

/** How a run stands in an environment: of every candidate, the pair of versions that was heard of last. */
export interface RunStanding {
  readonly share: number;
  readonly epoch: number;
  readonly candidates: readonly CandidateStanding[];
}

export interface CandidateStanding {
  readonly total: RunTotal;
  readonly assessment: Assessment;
  /** That stands for this pair under this demand; null: none, or voided. */
  readonly certificate: Certificate | null;
}
