import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { parseInput } from '../kernel/parse.js';
import { isPartlyInScope, type RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { EnvironmentsRepository } from './environments.repository.js';
import { createEnvironment, type Environment, environmentEditSchema, parseEnvironmentDraft } from './project.js';
import { ProjectsReader } from './projects-reader.service.js';

@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly environments: EnvironmentsRepository,
    private readonly reader: ProjectsReader,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  list(ctx: RequestContext, project: string): Promise<readonly Environment[]> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.reader.project(tx, ctx, project);
      return this.environments.listOfProject(tx, id);
    });
  }

  /** The environments of each project in the order given, by ids; none of one that the caller may not see. */
  listOfEach(ctx: RequestContext, projectIds: readonly string[]): Promise<readonly (readonly Environment[])[]> {
    const visible = projectIds.filter((id) => isPartlyInScope(ctx, id));
    return this.transactions.read(async (tx) => {
      const found = await this.environments.listOfProjects(tx, visible);
      return projectIds.map((id) => found.filter(({ projectId }) => projectId === id));
    });
  }

  get(ctx: RequestContext, project: string, key: string): Promise<Environment> {
    return this.transactions.read((tx) => this.reader.environment(tx, ctx, project, key));
  }

  create(ctx: RequestContext, projectKey: string, body: unknown): Promise<Environment> {
    const draft = parseEnvironmentDraft(body);
    return this.transactions.run(async (tx) => {
      const project = await this.reader.wholeProject(tx, ctx, projectKey);
      await this.environments.lockProject(tx, project.id);
      const created = createEnvironment(project.id, draft, this.ids.next(), this.clock.now());
      await this.environments.insert(tx, created);
      await this.audit.record(tx, ctx, 'environment.created', {
        projectId: project.id,
        subject: `environment/${created.key}`,
        after: created,
      });
      return created;
    });
  }

  edit(
    ctx: RequestContext,
    at: { project: string; environment: string },
    expected: ExpectedVersion,
    body: unknown,
  ): Promise<Environment> {
    const edit = parseInput(environmentEditSchema, body, 'environment');
    return this.transactions.run(async (tx) => {
      const before = await this.reader.environment(tx, ctx, at.project, at.environment);
      requireVersion(expected, before.version);
      const edited = { ...before, name: edit.name ?? before.name, production: edit.production ?? before.production };
      await this.environments.save(tx, edited);
      const after = { ...edited, version: before.version + 1 };
      await this.audit.record(tx, ctx, 'environment.edited', {
        projectId: before.projectId,
        subject: `environment/${before.key}`,
        before,
        after,
      });
      return after;
    });
  }
}
