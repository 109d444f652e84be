import { Injectable } from '@nestjs/common';
import { type AuditEntry, AuditService, isSequence } from '../audit/index.js';
import { notFound } from '../kernel/errors.js';
import type { Page, PageRequest } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import type { FlagSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { type EditTerms, FlagSettingsService, type SettingsKeys } from './flag-settings.service.js';
import { contentOf } from './parse-settings.js';

/** A change of a flag's settings in an environment. */
export interface FlagRevision extends Pick<AuditEntry, 'sequence' | 'at' | 'actor' | 'action'> {
  readonly before: FlagSettings;
  /** With their version, and why they were changed where somebody said so. */
  readonly after: FlagSettings & { readonly reason?: string };
}

/** What settings of a flag were, as the audit log has it. */
@Injectable()
export class FlagRevisions {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: FlagCatalog,
    private readonly audit: AuditService,
    private readonly settings: FlagSettingsService,
  ) {}

  /** Every change of a flag's settings in an environment, the newest first. */
  async list(ctx: RequestContext, at: SettingsKeys, page: PageRequest): Promise<Page<FlagRevision>> {
    const { items, nextCursor } = await this.audit.list(await this.filterOf(ctx, at), page);
    return { items: items.map(toRevision), nextCursor };
  }

  /**
   * Puts settings back as they were after a change, judged as an edit of now. The change is named by its sequence, as the
   * caller wrote that; throws `notFound` where there is none.
   */
  async revert(
    ctx: RequestContext,
    at: SettingsKeys & { readonly revision: string },
    terms: EditTerms,
  ): Promise<FlagSettings> {
    const filter = await this.filterOf(ctx, at);
    const sequence = isSequence(at.revision) ? Number(at.revision) : undefined;
    const entry =
      sequence === undefined ? null : await this.transactions.read((tx) => this.audit.find(tx, sequence, filter));
    if (entry === null) {
      const message = `Flag "${at.flag}" has no revision "${at.revision}" in ${at.environment}; choose one of its list.`;
      throw notFound('REVISION_NOT_FOUND', message);
    }
    return this.settings.replace(ctx, at, terms, contentOf(toRevision(entry).after));
  }

  /** Entries of a flag of the same key that was deleted before are of another flag. */
  private filterOf(ctx: RequestContext, { project: projectKey, flag: key, environment: environmentKey }: SettingsKeys) {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const environment = await this.projects.environment(tx, ctx, projectKey, environmentKey);
      const { createdAt } = await this.catalog.require(tx, project, key);
      return {
        projectId: project.id,
        exactSubject: `flag/${key}/${environment.key}`,
        action: 'flag.settings',
        from: createdAt,
      };
    });
  }
}

function toRevision({ sequence, at, actor, action, before, after }: AuditEntry): FlagRevision {
  // What was recorded of settings are settings.
  const [then, now] = [before, after] as unknown as [FlagRevision['before'], FlagRevision['after']];
  return { sequence, at, actor, action, before: then, after: now };
}
