import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { ENVIRONMENT_CHANGED } from './environment-changed.js';
import { EnvironmentsRepository } from './environments.repository.js';

/** What others call when they change something that evaluators see. */
@Injectable()
export class EnvironmentRevisions {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Keeps others from changing what evaluators see of an environment, until the transaction ends. */
  lock(tx: Transaction, environmentId: string): Promise<void> {
    return this.environments.lock(tx, environmentId);
  }

  /** Brings environments to their next revision and tells every replica once the transaction has committed. */
  async advance(tx: Transaction, environmentIds: readonly string[]): Promise<void> {
    // Always in the same order, so that two writers never wait for each other.
    for (const environmentId of [...environmentIds].sort()) await this.advanceOne(tx, environmentId);
  }

  /** As advance, for one environment; answers its new revision. */
  async advanceOne(tx: Transaction, environmentId: string): Promise<number> {
    const revision = await this.environments.advanceRevision(tx, environmentId);
    await this.outbox.append(tx, ENVIRONMENT_CHANGED, { environmentId, revision });
    return revision;
  }

  /** As advance, for every environment of a project; none is added to it before the transaction ends. */
  async advanceProject(tx: Transaction, projectId: string): Promise<void> {
    await this.environments.lockProject(tx, projectId);
    const environments = await this.environments.listOfProject(tx, projectId);
    await this.advance(
      tx,
      environments.map(({ id }) => id),
    );
  }
}
