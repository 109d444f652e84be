import type { Assessment } from './assessment.js';
import type { Demand, OwnedRule } from './parallel-run.js';
import type { RunSums, VersionPair } from './sums.js';

/** A finding, with all that it was made from: it can be reckoned again, and is void once anything it names changes. */
export interface Certificate extends VersionPair {
  readonly id: string;
  readonly run: string;
  readonly environment: string;
  readonly epoch: number;
  readonly demandHash: string;
  readonly finding: 'certified' | 'refuted';
  readonly statement: Statement;
  readonly at: Date;
  readonly voidedAt: Date | null;
  readonly voidReason: string | null;
}

export interface Statement {
  readonly demand: Demand;
  readonly rules: readonly OwnedRule[];
  readonly sums: RunSums;
  readonly assessment: Assessment;
}
