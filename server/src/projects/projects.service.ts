import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import { parseInput } from '../kernel/parse.js';
import { projectsInScope, type RequestContext, requireInstanceScope } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { EnvironmentsRepository } from './environments.repository.js';
import {
  createEnvironment,
  createProject,
  type Environment,
  parseProjectDraft,
  type Project,
  renameSchema,
} from './project.js';
import { ProjectsReader } from './projects-reader.service.js';
import { ProjectsRepository } from './projects.repository.js';

export type ProjectWithEnvironments = Project & { readonly environments: readonly Environment[] };

@Injectable()
export class ProjectsService {
  // Seven, because a project is made together with its environments.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly reader: ProjectsReader,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  list(ctx: RequestContext, page: PageRequest): Promise<Page<Project>> {
    return this.transactions.read(async (tx) =>
      toPage(await this.projects.list(tx, page, projectsInScope(ctx)), page.limit, ({ key }) => key),
    );
  }

  get(ctx: RequestContext, key: string): Promise<ProjectWithEnvironments> {
    return this.transactions.read(async (tx) => this.withEnvironments(tx, await this.reader.project(tx, ctx, key)));
  }

  create(ctx: RequestContext, body: unknown): Promise<ProjectWithEnvironments> {
    requireInstanceScope(ctx);
    const draft = parseProjectDraft(body);
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const project = createProject(draft, this.ids.next(), now);
      await this.projects.insert(tx, project);
      for (const environmentDraft of draft.environments) {
        await this.environments.insert(tx, createEnvironment(project.id, environmentDraft, this.ids.next(), now));
      }
      const created = await this.withEnvironments(tx, project);
      await this.audit.record(tx, ctx, 'project.created', {
        projectId: project.id,
        subject: `project/${project.key}`,
        after: created,
      });
      return created;
    });
  }

  rename(ctx: RequestContext, key: string, expected: ExpectedVersion, body: unknown): Promise<ProjectWithEnvironments> {
    const { name } = parseInput(renameSchema, body, 'project');
    return this.transactions.run(async (tx) => {
      const before = await this.reader.wholeProject(tx, ctx, key);
      requireVersion(expected, before.version);
      await this.projects.save(tx, { ...before, name });
      const after = { ...before, name, version: before.version + 1 };
      await this.audit.record(tx, ctx, 'project.renamed', {
        projectId: before.id,
        subject: `project/${key}`,
        before,
        after,
      });
      return this.withEnvironments(tx, after);
    });
  }

  private async withEnvironments(tx: Transaction, project: Project): Promise<ProjectWithEnvironments> {
    return { ...project, environments: await this.environments.listOfProject(tx, project.id) };
  }
}
