import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { invalid, type Problem, refuseWith } from '../kernel/errors.js';
import { type ExpectedVersion, refuseStale, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, EnvironmentRevisions, type Project, ProjectsReader } from '../projects/index.js';
import { referenceProblems } from './check-references.js';
import type { Flag, FlagSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { parseSettings, type SettingsContent, settingsProblems } from './parse-settings.js';

/** Names a flag in an environment, by keys. */
export interface SettingsKeys {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
}

/** How a flag decides in one environment. */
@Injectable()
export class FlagSettingsService {
  // Eight, as in FlagsService.
  constructor(
    private readonly transactions: Transactions,
    private readonly settings: FlagSettingsRepository,
    private readonly catalog: FlagCatalog,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  get(ctx: RequestContext, at: SettingsKeys): Promise<FlagSettings> {
    return this.transactions.read(async (tx) => {
      const { flag, environment } = await this.locate(tx, ctx, at);
      return this.catalog.settingsOf(tx, flag, environment.id);
    });
  }

  /** Replaces the whole settings. */
  replace(ctx: RequestContext, at: SettingsKeys, expected: ExpectedVersion, body: unknown): Promise<FlagSettings> {
    return this.change(ctx, at, (before) => {
      requireVersion(expected, before.version);
      return body;
    });
  }

  /**
   * Changes the fields given (RFC 7396, at the top level). Switching on or off alone needs no If-Match: it is safe
   * whatever else has changed, and a kill switch waits for nobody.
   */
  edit(ctx: RequestContext, at: SettingsKeys, expected: ExpectedVersion, body: unknown): Promise<FlagSettings> {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw invalid('REQUEST_MALFORMED', 'Send an object with the fields to change, such as { "on": false }.');
    }
    return this.change(ctx, at, (before) => {
      const isSwitchOnly = Object.keys(body).every((field) => field === 'on');
      if (isSwitchOnly) refuseStale(expected, before.version);
      else requireVersion(expected, before.version);
      const { version: _version, updatedAt: _updatedAt, ...content } = before;
      return { ...content, ...body };
    });
  }

  private change(
    ctx: RequestContext,
    at: SettingsKeys,
    wanted: (before: FlagSettings) => unknown,
  ): Promise<FlagSettings> {
    return this.transactions.run(async (tx) => {
      const { project, environment, flag } = await this.locate(tx, ctx, at);
      // Locks the environment first, so that what is checked below still holds when this commits.
      await this.revisions.advance(tx, [environment.id]);
      const before = await this.catalog.settingsOf(tx, flag, environment.id);
      const content = await this.check(tx, flag, environment, wanted(before));
      const place = { flagId: flag.id, environmentId: environment.id };
      const edited = { ...content, version: before.version, updatedAt: this.clock.now() };
      const after = await this.settings.save(tx, place, edited);
      const subject = `flag/${flag.key}/${environment.key}`;
      await this.audit.record(tx, ctx, 'flag.settings.edited', { projectId: project.id, subject, before, after });
      return after;
    });
  }

  private async check(tx: Transaction, flag: Flag, environment: Environment, body: unknown): Promise<SettingsContent> {
    const problems: Problem[] = [];
    const content = parseSettings(body, () => this.ids.next(), problems);
    problems.push(...settingsProblems(content, new Set(flag.variations.map(({ key }) => key))));
    const around = await this.catalog.surroundings(tx, flag.projectId, environment.id);
    problems.push(...referenceProblems(flag.key, content, around));
    refuseWith(problems, 'settings');
    return content;
  }

  private async locate(
    tx: Transaction,
    ctx: RequestContext,
    at: SettingsKeys,
  ): Promise<{ project: Project; environment: Environment; flag: Flag }> {
    const project = await this.projects.project(tx, ctx, at.project);
    const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
    return { project, environment, flag: await this.catalog.require(tx, project, at.flag) };
  }
}
