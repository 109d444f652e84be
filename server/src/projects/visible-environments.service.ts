import { Injectable } from '@nestjs/common';
import { isInScope, projectsInScope, type RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { EnvironmentsRepository } from './environments.repository.js';
import type { Environment } from './project.js';
import { ProjectsReader } from './projects-reader.service.js';

/** An environment and the key of its project. */
export type VisibleEnvironment = Environment & { readonly projectKey: string };

/** Knows the environments in which a caller may do what a request needs, of all projects in one question. */
@Injectable()
export class VisibleEnvironments {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly environments: EnvironmentsRepository,
  ) {}

  /** Of one project, or of all, in order of both keys; throws `notFound` for a project that the caller cannot see. */
  async list(tx: Transaction, ctx: RequestContext, project?: string): Promise<readonly VisibleEnvironment[]> {
    const ids = project === undefined ? projectsInScope(ctx) : [(await this.projects.project(tx, ctx, project)).id];
    const found = await this.environments.listPlaces(tx, ids);
    return found.filter(({ id, projectId }) => isInScope(ctx, projectId, id));
  }
}
