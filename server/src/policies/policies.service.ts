import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { MAX_PAGE_LIMIT, type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Project, ProjectsReader } from '../projects/index.js';
import { applyPolicyEdit, parsePolicyDraft } from './parse-policy.js';
import { PoliciesRepository } from './policies.repository.js';
import type { Policy, PolicyVersion } from './policy.js';

@Injectable()
export class PoliciesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly policies: PoliciesRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  list(ctx: RequestContext, projectKey: string, page: PageRequest): Promise<Page<Policy>> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.projects.project(tx, ctx, projectKey);
      return toPage(await this.policies.listPage(tx, id, page), page.limit, ({ key }) => key);
    });
  }

  get(ctx: RequestContext, projectKey: string, key: string): Promise<Policy> {
    return this.transactions.read(async (tx) => {
      return this.require(tx, await this.projects.project(tx, ctx, projectKey), key);
    });
  }

  getVersion(ctx: RequestContext, at: { project: string; policy: string }, version: number): Promise<PolicyVersion> {
    return this.transactions.read(async (tx) => {
      const policy = await this.require(tx, await this.projects.project(tx, ctx, at.project), at.policy);
      const found = await this.policies.findVersion(tx, policy.id, version);
      if (found !== null) return found;
      const message = `Policy "${at.policy}" has no version ${version}; its newest is ${policy.version}.`;
      throw notFound('POLICY_VERSION_NOT_FOUND', message);
    });
  }

  /** The versions of a policy, the newest first: as many as a page may have. */
  listVersions(ctx: RequestContext, at: { project: string; policy: string }): Promise<readonly PolicyVersion[]> {
    return this.transactions.read(async (tx) => {
      const policy = await this.require(tx, await this.projects.project(tx, ctx, at.project), at.policy);
      return this.policies.listVersions(tx, policy.id, MAX_PAGE_LIMIT);
    });
  }

  create(ctx: RequestContext, projectKey: string, body: unknown): Promise<Policy> {
    const draft = parsePolicyDraft(body);
    return this.transactions.run(async (tx) => {
      const project = await this.projects.wholeProject(tx, ctx, projectKey);
      const now = this.clock.now();
      const created = {
        ...draft,
        id: this.ids.next(),
        projectId: project.id,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await this.policies.insert(tx, created);
      const subject = `policy/${created.key}`;
      await this.audit.record(tx, ctx, 'policy.created', { projectId: project.id, subject, after: created });
      return created;
    });
  }

  /** Makes the next version. Releases that run under an older one are not touched by it. */
  edit(
    ctx: RequestContext,
    at: { project: string; policy: string },
    expected: ExpectedVersion,
    body: unknown,
  ): Promise<Policy> {
    return this.transactions.run(async (tx) => {
      const project = await this.projects.wholeProject(tx, ctx, at.project);
      const before = await this.require(tx, project, at.policy);
      requireVersion(expected, before.version);
      const edited = applyPolicyEdit(before, body);
      if (isDeepStrictEqual(edited, before)) return before;
      const after = await this.policies.save(tx, { ...edited, updatedAt: this.clock.now() });
      const subject = `policy/${before.key}`;
      await this.audit.record(tx, ctx, 'policy.edited', { projectId: project.id, subject, before, after });
      return after;
    });
  }

  private async require(tx: Transaction, project: Project, key: string): Promise<Policy> {
    const policy = RESOURCE_KEY.test(key) ? await this.policies.find(tx, project.id, key) : null;
    if (policy === null) throw notFound('POLICY_NOT_FOUND', `Project "${project.key}" has no policy "${key}".`);
    return policy;
  }
}
