import { Injectable } from '@nestjs/common';
import { forbidden, notFound } from '../kernel/errors.js';
import {
  isInScope,
  isPartlyInScope,
  refuseShortfall,
  type RequestContext,
  requireProjectScope,
} from '../kernel/request-context.js';
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

  /** The project of a key; throws `notFound` when there is none that the caller can see, `forbidden` where they may not. */
  async project(tx: Transaction, ctx: RequestContext, key: string): Promise<Project> {
    const project = await this.projects.find(tx, key);
    if (project !== null && isPartlyInScope(ctx, project.id)) return project;
    if (project !== null) refuseShortfall(ctx, { projectId: project.id, environmentId: undefined });
    const who = ctx.actor.kind === 'person' ? 'you' : 'this token';
    throw notFound('PROJECT_NOT_FOUND', `There is no project "${key}" that ${who} can see.`);
  }

  /** As project, for what touches all its environments: throws `forbidden` for a caller bound to one of them. */
  async wholeProject(tx: Transaction, ctx: RequestContext, key: string): Promise<Project> {
    const project = await this.project(tx, ctx, key);
    requireProjectScope(ctx, project.id);
    return project;
  }

  /** An environment by its keys; throws `notFound` as project does, `forbidden` for a caller bound to another. */
  async environment(tx: Transaction, ctx: RequestContext, key: string, environmentKey: string): Promise<Environment> {
    const project = await this.project(tx, ctx, key);
    const environment = await this.environments.find(tx, project.id, environmentKey);
    if (environment === null) {
      throw notFound('ENVIRONMENT_NOT_FOUND', `Project "${key}" has no environment "${environmentKey}".`);
    }
    if (isInScope(ctx, project.id, environment.id)) return environment;
    refuseShortfall(ctx, { projectId: project.id, environmentId: undefined });
    throw forbidden(
      'SCOPE_TOO_NARROW',
      ctx.actor.kind === 'person'
        ? `You have no role in the environment "${environmentKey}"; ask an admin for one.`
        : `This token is bound to another environment than "${environmentKey}".`,
    );
  }

  /** The keys of projects and of all their environments, by id. */
  async keysOf(tx: Transaction, projectIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (projectIds.length === 0) return new Map();
    const projects = await this.projects.listById(tx, projectIds);
    const environments = await this.environments.listOfProjects(tx, projectIds);
    return new Map([...projects, ...environments].map(({ id, key }) => [id, key]));
  }

  environmentsOf(tx: Transaction, projectId: string): Promise<readonly Environment[]> {
    return this.environments.listOfProject(tx, projectId);
  }

  /** Every environment there is, with the key of its project; in order of both keys. */
  everyEnvironment(tx: Transaction): Promise<readonly (Environment & { readonly projectKey: string })[]> {
    return this.environments.listPlaces(tx, undefined);
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
