import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { Rollout } from './rollout.js';
import { type ObservationRecord, RolloutsRepository, type VerdictRecord } from './rollouts.repository.js';

/** Answers other modules' questions about rollouts. */
@Injectable()
export class RolloutsReader {
  constructor(private readonly rollouts: RolloutsRepository) {}

  /** An attempt of a release; null before its first. */
  attempt(tx: Transaction, releaseId: string, attempt: number): Promise<Rollout | null> {
    return this.rollouts.findAttempt(tx, releaseId, attempt);
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
