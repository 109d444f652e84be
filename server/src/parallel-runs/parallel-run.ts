import type { ComparisonRule } from '@sluice/sdk/comparison';

/** What is run side by side in a project's services. */
export interface ParallelRun {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string | null;
  /** By when it is to have been decided, and the losing code removed. */
  readonly dueAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How a run is sampled and judged in one environment. One that was never set is off, with the defaults. */
export interface ParallelRunSettings {
  /** Of the calls that are sampled, in thousandths of a percent. */
  readonly share: number;
  readonly demand: Demand;
  readonly runner: Runner;
  readonly rules: readonly OwnedRule[];
  /** Evidence starts anew with every epoch: when what it depends on changes, or somebody asks for it. */
  readonly epoch: number;
  /** SHA-256 of what evidence depends on (EvidenceBasis), hexadecimal. */
  readonly demandHash: string;
  /** 32 random bytes, hexadecimal: what digests of values are made with. */
  readonly digestKey: string;
  readonly version: number;
}

/** What a certificate says was kept (VERDICTS.md 5). */
export interface Demand {
  /** p0: the largest rate of unequal results that is still equivalent. */
  readonly tolerance: number;
  /** The chance of certifying a candidate that is at the tolerance, whatever the peeking. */
  readonly alpha: number;
  /** The chance of refuting one that is. */
  readonly alphaKill: number;
  /** Of the calls that a candidate was given, the largest rate of those that it did not answer in time. */
  readonly unansweredTolerance: number;
  /** How much slower the candidate may be: 0.1 accepts 1.1 times the control's time; null: its time is not judged. */
  readonly latencyMargin: number | null;
  /** Kinds of input, as services declare them, that must have been compared so often each. */
  readonly strata: readonly { readonly stratum: string; readonly minimum: number }[];
}

/**
 * How the SDK's runner samples, its bounds, and who serves; see SnapshotParallelRun. Evidence depends on three of them:
 * on whom it samples (bucketBy), on when a candidate is late (deadlineMs), and on which inputs are distinct
 * (windowSeconds). Another of those begins a new epoch.
 */
export interface Runner {
  readonly bucketBy: string | null;
  readonly twinShare: number;
  readonly deadlineMs: number;
  readonly maxConcurrent: number;
  readonly budget: { readonly addedMs: number; readonly loopDelayMs: number };
  readonly windowSeconds: number;
  readonly serve: { readonly flag: string; readonly variation: string } | null;
  readonly rawPaths: readonly string[];
}

/** A rule is debt: somebody owns it, and it may run out. */
export type OwnedRule = ComparisonRule & {
  readonly owner: string;
  readonly reason: string;
  /** RFC 3339; null: it stays until it is removed. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
};
