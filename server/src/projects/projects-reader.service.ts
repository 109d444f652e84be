import { Injectable } from '@nestjs/common';
import { forbidden, notFound } from '../kernel/errors.js';
import { type RequestContext, requireProjectScope } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { EnvironmentsRepository } from './environments.repository.js';
import type { Environment, Project } from './project.js';
import { ProjectsRepository } from './projects.repository.js';

/** Answers other modules' questions about projects and environments, within what the caller may see. */
@Injectable()
export class ProjectsReader {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly environments: EnvironmentsRepository,
  ) {}

  /** The project of a key; throws `notFound` when there is none or the caller is bound to another. */
  async project(tx: Transaction, ctx: RequestContext, key: string): Promise<Project> {
    const project = await this.projects.find(tx, key);
    if (project === null || (ctx.projectId !== undefined && ctx.projectId !== project.id)) {
      throw notFound('PROJECT_NOT_FOUND', `There is no project "${key}" that this token can see.`);
    }
    return project;
  }

  /** As project, for what touches all its environments: throws `forbidden` for a caller bound to one of them. */
  async wholeProject(tx: Transaction, ctx: RequestContext, key: string): Promise<Project> {
    const project = await this.project(tx, ctx, key);
    requireProjectScope(ctx);
    return project;
  }

  /** An environment by its keys; throws `notFound` as project does, `forbidden` for a caller bound to another. */
  async environment(tx: Transaction, ctx: RequestContext, key: string, environmentKey: string): Promise<Environment> {
    const project = await this.project(tx, ctx, key);
    const environment = await this.environments.find(tx, project.id, environmentKey);
    if (environment === null) {
      throw notFound('ENVIRONMENT_NOT_FOUND', `Project "${key}" has no environment "${environmentKey}".`);
    }
    if (ctx.environmentId !== undefined && ctx.environmentId !== environment.id) {
      throw forbidden('SCOPE_TOO_NARROW', `This token is bound to another environment than "${environmentKey}".`);
    }
    return environment;
  }

  environmentsOf(tx: Transaction, projectId: string): Promise<readonly Environment[]> {
    return this.environments.listOfProject(tx, projectId);
  }

  /** An environment with the key of its project; null when it is gone. */
  async environmentById(tx: Transaction, id: string): Promise<(Environment & { projectKey: string }) | null> {
    return this.environments.findWithProjectKey(tx, id);
  }

  /** The current revision of every environment, for replicas that catch up. */
  revisions(tx: Transaction): Promise<readonly { id: string; revision: number }[]> {
    return this.environments.listRevisions(tx);
  }
}
