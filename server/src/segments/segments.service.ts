import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { conflict, notFound } from '../kernel/errors.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { type Project, ProjectTransactions } from '../projects/index.js';
import { applySegmentEdit, graphOf, parseSegmentDraft, type Segment } from './segment.js';
import { PatternVetting } from './pattern-vetting.service.js';
import { SegmentReferrers } from './segment-referrers.service.js';
import { type SegmentFilter, SegmentsRepository } from './segments.repository.js';

@Injectable()
export class SegmentsService {
  constructor(
    private readonly transactions: ProjectTransactions,
    private readonly segments: SegmentsRepository,
    private readonly referrers: SegmentReferrers,
    private readonly patterns: PatternVetting,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Segments in order of key. */
  list(ctx: RequestContext, projectKey: string, page: PageRequest, filter: SegmentFilter): Promise<Page<Segment>> {
    return this.transactions.read(ctx, projectKey, async (tx, project) => {
      return toPage(await this.segments.listPage(tx, project.id, page, filter), page.limit, ({ key }) => key);
    });
  }

  get(ctx: RequestContext, projectKey: string, key: string): Promise<Segment> {
    return this.transactions.read(ctx, projectKey, async (tx, project) => {
      return this.require(tx, project, key);
    });
  }

  /** What names a segment, as paths for people. */
  usesOf(ctx: RequestContext, at: { readonly project: string; readonly segment: string }): Promise<readonly string[]> {
    return this.transactions.read(ctx, at.project, async (tx, project) =>
      this.uses(tx, await this.require(tx, project, at.segment)),
    );
  }

  async create(ctx: RequestContext, projectKey: string, body: unknown): Promise<Segment> {
    await this.patterns.vet(body);
    return this.transactions.change(ctx, projectKey, async (tx, project) => {
      const draft = parseSegmentDraft(body, graphOf(await this.segments.listAll(tx, project.id)));
      const now = this.clock.now();
      const created = {
        ...draft,
        id: this.ids.next(),
        projectId: project.id,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await this.segments.insert(tx, created);
      await this.audit.record(tx, ctx, 'segment.created', {
        projectId: project.id,
        subject: `segment/${created.key}`,
        after: created,
      });
      return created;
    });
  }

  async edit(
    ctx: RequestContext,
    at: { project: string; segment: string },
    expected: ExpectedVersion,
    body: unknown,
  ): Promise<Segment> {
    await this.patterns.vet(body);
    return this.transactions.change(ctx, at.project, async (tx, project) => {
      const before = await this.require(tx, project, at.segment);
      requireVersion(expected, before.version);
      const content = applySegmentEdit(before, body, graphOf(await this.segments.listAll(tx, project.id)));
      const after = await this.segments.save(tx, { ...before, ...content, updatedAt: this.clock.now() });
      await this.audit.record(tx, ctx, 'segment.edited', {
        projectId: project.id,
        subject: `segment/${before.key}`,
        before,
        after,
      });
      return after;
    });
  }

  delete(ctx: RequestContext, at: { project: string; segment: string }, expected: ExpectedVersion): Promise<void> {
    return this.transactions.change(ctx, at.project, async (tx, project) => {
      const before = await this.require(tx, project, at.segment);
      requireVersion(expected, before.version);
      await this.refuseInUse(tx, before);
      await this.segments.delete(tx, before);
      await this.audit.record(tx, ctx, 'segment.deleted', {
        projectId: project.id,
        subject: `segment/${before.key}`,
        before,
      });
    });
  }

  private async require(tx: Transaction, project: Project, key: string): Promise<Segment> {
    const segment = RESOURCE_KEY.test(key) ? await this.segments.find(tx, project.id, key) : null;
    if (segment === null) throw notFound('SEGMENT_NOT_FOUND', `Project "${project.key}" has no segment "${key}".`);
    return segment;
  }

  /** What names a segment: other segments, and what other modules have. */
  private async uses(tx: Transaction, { projectId, key }: Segment): Promise<readonly string[]> {
    const bySegments = [...graphOf(await this.segments.listAll(tx, projectId))]
      .filter(([, named]) => named.includes(key))
      .map(([segment]) => `segment/${segment}`);
    return [...bySegments, ...(await this.referrers.of(tx, projectId, key))];
  }

  private async refuseInUse(tx: Transaction, segment: Segment): Promise<void> {
    const { key } = segment;
    const usedBy = await this.uses(tx, segment);
    if (usedBy.length === 0) return;
    throw conflict('SEGMENT_IN_USE', `Segment "${key}" is used by ${usedBy.join(', ')}; take it out there first.`, {
      data: { usedBy },
    });
  }
}
