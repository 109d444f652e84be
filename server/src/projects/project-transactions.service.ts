import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { EnvironmentRevisions } from './environment-revisions.service.js';
import type { Project } from './project.js';
import { ProjectsReader } from './projects-reader.service.js';

type Work<T> = (tx: Transaction, project: Project) => Promise<T>;

/** Runs use cases about what all environments of a project share, within what the caller may touch. */
@Injectable()
export class ProjectTransactions {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
  ) {}

  /** Reads that all see the project at one moment. */
  read<T>(ctx: RequestContext, projectKey: string, work: Work<T>): Promise<T> {
    return this.transactions.read(async (tx) => work(tx, await this.projects.project(tx, ctx, projectKey)));
  }

  /** A change that every environment of the project sees: all are locked first, and advanced with it. */
  change<T>(ctx: RequestContext, projectKey: string, work: Work<T>): Promise<T> {
    return this.transactions.run(async (tx) => {
      const project = await this.projects.wholeProject(tx, ctx, projectKey);
      await this.revisions.advanceProject(tx, project.id);
      return work(tx, project);
    });
  }
}
