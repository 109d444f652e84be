import { Injectable } from '@nestjs/common';
import { type RequestContext, requireInstanceScope } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import type { RoleGrant } from './person.js';

/** Finds the places that people are given roles in: all of a place has to be the caller's to give. */
@Injectable()
export class RolePlaces {
  constructor(private readonly projects: ProjectsReader) {}

  /** The whole instance where no project is named, all of the project where no environment is. */
  async find(
    tx: Transaction,
    ctx: RequestContext,
    { project, environment }: { readonly project?: string | undefined; readonly environment?: string | undefined },
  ): Promise<Pick<RoleGrant, 'projectId' | 'environmentId'>> {
    if (project === undefined) {
      requireInstanceScope(ctx);
      return { projectId: null, environmentId: null };
    }
    if (environment === undefined) {
      return { projectId: (await this.projects.wholeProject(tx, ctx, project)).id, environmentId: null };
    }
    const found = await this.projects.environment(tx, ctx, project, environment);
    return { projectId: found.projectId, environmentId: found.id };
  }
}
