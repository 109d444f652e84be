import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { Rollout } from './rollout.js';
import {
  type AttemptSummary,
  type LatestVerdict,
  type ObservationRecord,
  RolloutsRepository,
  type VerdictRecord,
} from './rollouts.repository.js';

/** Answers other modules' questions about rollouts. */
@Injectable()
export class RolloutsReader {
  constructor(private readonly rollouts: RolloutsRepository) {}

  /** An attempt of a release; null before its first. */
  attempt(tx: Transaction, releaseId: string, attempt: number): Promise<Rollout | null> {
    return this.rollouts.findAttempt(tx, releaseId, attempt);
  }

  /** The attempts that releases are at, by release; those before their first are left out. */
  async attempts(
    tx: Transaction,
    at: readonly { readonly releaseId: string; readonly attempt: number }[],
  ): Promise<ReadonlyMap<string, Rollout>> {
    const found = await this.rollouts.listAttempts(tx, at);
    return new Map(found.map((rollout) => [rollout.releaseId, rollout]));
  }

  /** Every attempt of releases, in short, by release and there the oldest first. */
  allAttempts(tx: Transaction, releaseIds: readonly string[]): Promise<readonly AttemptSummary[]> {
    return this.rollouts.listAllAttempts(tx, releaseIds);
  }

  /** What was judged last of each rollout that runs in the environments or ended since a moment; the newest first. */
  latestVerdicts(
    tx: Transaction,
    environmentIds: readonly string[],
    stretch: { readonly endedSince: Date; readonly limit: number },
  ): Promise<readonly LatestVerdict[]> {
    return this.rollouts.listLatestVerdicts(tx, environmentIds, stretch);
  }

  /** The running attempt of a release; throws `notFound` when there is none. */
  requireRunning(tx: Transaction, releaseId: string): Promise<Rollout> {
    return this.rollouts.requireRunning(tx, releaseId);
  }

  /** The rollouts that run in an environment, oldest first. */
  running(tx: Transaction, environmentId: string): Promise<readonly Rollout[]> {
    return this.rollouts.listRunning(tx, environmentId);
  }

  verdicts(tx: Transaction, rolloutId: string): Promise<readonly VerdictRecord[]> {
    return this.rollouts.listVerdicts(tx, rolloutId);
  }

  observations(tx: Transaction, rolloutId: string): Promise<readonly ObservationRecord[]> {
    return this.rollouts.listObservations(tx, rolloutId);
  }
}
