import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import type { ParallelRun } from './parallel-run.js';
import { ParallelRunsRepository } from './parallel-runs.repository.js';
import { applyRunEdit, parseRunDraft } from './parse-parallel-run.js';
import { RunCatalog } from './run-catalog.service.js';
import type { RunOverview } from './run-overview.js';
import { type ParallelRunWithStandings, RunOverviews } from './run-overviews.service.js';

/** How a run stands in one environment. */
export type PlacedOverview = RunOverview & { readonly run: string; readonly name: string };

/** Names a run, by keys. */
export interface RunKeys {
  readonly project: string;
  readonly run: string;
}

/** What a run is: the same in every environment. */
@Injectable()
export class ParallelRunsService {
  // Eight, because what a run is and how it stands are answered together.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly runs: ParallelRunsRepository,
    private readonly catalog: RunCatalog,
    private readonly overviews: RunOverviews,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  list(ctx: RequestContext, projectKey: string, page: PageRequest): Promise<Page<ParallelRunWithStandings>> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const runs = toPage(await this.runs.listPage(tx, project.id, page), page.limit, ({ key }) => key);
      return { ...runs, items: await this.overviews.withStandings(tx, ctx, runs.items) };
    });
  }

  /** How the runs of a project stand in one environment. */
  listIn(
    ctx: RequestContext,
    at: { readonly project: string; readonly environment: string },
    page: PageRequest,
  ): Promise<Page<PlacedOverview>> {
    return this.transactions.read(async (tx) => {
      const { id: projectId } = await this.projects.project(tx, ctx, at.project);
      const { id: environmentId, key } = await this.projects.environment(tx, ctx, at.project, at.environment);
      const runs = toPage(await this.runs.listPage(tx, projectId, page), page.limit, (run) => run.key);
      const here = { ...ctx, scope: [{ projectId, environmentId }] };
      const standing = await this.overviews.withStandings(tx, here, runs.items);
      const items = standing.flatMap(({ key: run, name, environments }) => {
        const overview = environments[key];
        return overview === undefined ? [] : [{ run, name, ...overview }];
      });
      return { ...runs, items };
    });
  }

  get(ctx: RequestContext, at: RunKeys): Promise<ParallelRunWithStandings> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      return this.overviews.withStandingsOf(tx, ctx, await this.catalog.require(tx, project, at.run));
    });
  }

  create(ctx: RequestContext, projectKey: string, body: unknown): Promise<ParallelRunWithStandings> {
    const draft = parseRunDraft(body);
    return this.transactions.run(async (tx) => {
      const project = await this.projects.wholeProject(tx, ctx, projectKey);
      const now = this.clock.now();
      const created: ParallelRun = {
        ...draft,
        ...{ id: this.ids.next(), projectId: project.id, version: 1, createdAt: now, updatedAt: now },
      };
      await this.runs.insert(tx, created);
      const after = await this.overviews.withStandingsOf(tx, ctx, created);
      await this.audit.record(tx, ctx, 'parallelRun.created', { ...subjectOf(created), after: created });
      return after;
    });
  }

  edit(ctx: RequestContext, at: RunKeys, expected: ExpectedVersion, body: unknown): Promise<ParallelRunWithStandings> {
    return this.transactions.run(async (tx) => {
      const project = await this.projects.wholeProject(tx, ctx, at.project);
      const before = await this.catalog.require(tx, project, at.run);
      requireVersion(expected, before.version);
      const edited = { ...before, ...applyRunEdit(before, body) };
      if (isDeepStrictEqual(edited, before)) return this.overviews.withStandingsOf(tx, ctx, before);
      const after = await this.runs.save(tx, { ...edited, updatedAt: this.clock.now() });
      const answer = await this.overviews.withStandingsOf(tx, ctx, after);
      await this.audit.record(tx, ctx, 'parallelRun.edited', { ...subjectOf(after), before, after });
      return answer;
    });
  }
}

function subjectOf({ projectId, key }: ParallelRun) {
  return { projectId, subject: `parallel-run/${key}` };
}
