import { Injectable } from '@nestjs/common';
import { Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import type { Change } from './change.js';

type KnownEnvironment = Pick<Environment, 'id' | 'key' | 'projectId'>;

/** Tells environments' keys by their ids, and ids by keys. What it has found stays: neither ever changes. */
@Injectable()
export class ChangePlaces {
  private readonly byId = new Map<string, KnownEnvironment>();
  private readonly byKey = new Map<string, KnownEnvironment>();

  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
  ) {}

  /** The environment of an id; undefined when it is gone. */
  async find(id: string): Promise<KnownEnvironment | undefined> {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    const found = await this.transactions.read((tx) => this.projects.environmentById(tx, id));
    return found === null ? undefined : this.remember(found);
  }

  /** Completes where something changed: a message names the environment by its id or by its key. */
  async place(change: Change): Promise<Change> {
    const { projectId, environmentId, environment: key } = change;
    if (environmentId !== null) {
      const found = await this.find(environmentId);
      return found === undefined ? change : { ...change, projectId: found.projectId, environment: found.key };
    }
    if (key === null || projectId === null) return change;
    return { ...change, environmentId: (await this.findByKey(projectId, key))?.id ?? null };
  }

  private async findByKey(projectId: string, key: string): Promise<KnownEnvironment | undefined> {
    const name = `${projectId} ${key}`;
    if (!this.byKey.has(name)) {
      const all = await this.transactions.read((tx) => this.projects.environmentsOf(tx, projectId));
      for (const environment of all) this.remember(environment);
    }
    return this.byKey.get(name);
  }

  private remember({ id, key, projectId }: KnownEnvironment): KnownEnvironment {
    const environment = { id, key, projectId };
    this.byId.set(id, environment);
    this.byKey.set(`${projectId} ${key}`, environment);
    return environment;
  }
}
