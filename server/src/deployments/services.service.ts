import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { createService, parseServiceDraft, type Service } from './service.js';
import { ServiceCatalog } from './service-catalog.service.js';
import { ServicesRepository } from './services.repository.js';

@Injectable()
export class ServicesService {
  // Seven: the common six of a resource, and the finder it shares with deployments.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly services: ServicesRepository,
    private readonly catalog: ServiceCatalog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  list(ctx: RequestContext, projectKey: string, page: PageRequest): Promise<Page<Service>> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.projects.project(tx, ctx, projectKey);
      return toPage(await this.services.listPage(tx, id, page), page.limit, ({ key }) => key);
    });
  }

  get(ctx: RequestContext, projectKey: string, key: string): Promise<Service> {
    return this.transactions.read(async (tx) => {
      const { id } = await this.projects.project(tx, ctx, projectKey);
      return this.catalog.require(tx, id, key);
    });
  }

  create(ctx: RequestContext, projectKey: string, body: unknown): Promise<Service> {
    const draft = parseServiceDraft(body);
    return this.transactions.run(async (tx) => {
      const { id: projectId } = await this.projects.project(tx, ctx, projectKey);
      const created = createService(draft, { id: this.ids.next(), projectId, now: this.clock.now() });
      await this.services.insert(tx, created);
      const subject = `service/${created.key}`;
      await this.audit.record(tx, ctx, 'service.created', { projectId, subject, after: created });
      return created;
    });
  }
}
