import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { type Problem, refuseWith } from '../kernel/errors.js';
import { type ExpectedVersion, refuseStale, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { addProblems } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import { PatternVetting } from '../segments/index.js';
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
  // Nine, because settings touch their flag, its neighbours, the segments' patterns, the environment and the audit log.
  constructor(
    private readonly transactions: Transactions,
    private readonly settings: FlagSettingsRepository,
    private readonly catalog: FlagCatalog,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
    private readonly patterns: PatternVetting,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  get(ctx: RequestContext, at: SettingsKeys): Promise<FlagSettings> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const flag = await this.catalog.require(tx, project, at.flag);
      return this.catalog.settingsOf(tx, flag, environment.id);
    });
  }

  /** Replaces the whole settings. */
  async replace(
    ctx: RequestContext,
    at: SettingsKeys,
    expected: ExpectedVersion,
    body: unknown,
  ): Promise<FlagSettings> {
    await this.patterns.vet(body);
    return this.change(ctx, at, (tx, place, before) => {
      requireVersion(expected, before.version);
      return this.parse(tx, place, body, undefined);
    });
  }

  /**
   * Changes the fields given (RFC 7396, at the top level). Switching on or off alone needs no If-Match and looks at
   * nothing else: it is safe whatever has changed, and a kill switch waits for nobody.
   */
  async edit(ctx: RequestContext, at: SettingsKeys, expected: ExpectedVersion, body: unknown): Promise<FlagSettings> {
    await this.patterns.vet(body);
    const isOn = readSwitch(body);
    return this.change(ctx, at, (tx, place, before) => {
      if (isOn === undefined) {
        requireVersion(expected, before.version);
        return this.parse(tx, place, body, contentOf(before));
      }
      refuseStale(expected, before.version);
      return Promise.resolve({ ...contentOf(before), on: isOn });
    });
  }

  private change(
    ctx: RequestContext,
    at: SettingsKeys,
    wanted: (tx: Transaction, place: Place, before: FlagSettings) => Promise<SettingsContent>,
  ): Promise<FlagSettings> {
    return this.transactions.run(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      // Locks the environment before anything in it is read, so that what is checked below still holds when this commits.
      await this.revisions.lock(tx, environment.id);
      const flag = await this.catalog.require(tx, project, at.flag);
      const before = await this.catalog.settingsOf(tx, flag, environment.id);
      const content = await wanted(tx, { flag, environment }, before);
      if (isDeepStrictEqual(content, contentOf(before))) return before;
      await this.revisions.advance(tx, [environment.id]);
      const edited = { ...content, version: before.version, updatedAt: this.clock.now() };
      const after = await this.settings.save(tx, { flagId: flag.id, environmentId: environment.id }, edited);
      const subject = `flag/${flag.key}/${environment.key}`;
      await this.audit.record(tx, ctx, 'flag.settings.edited', { projectId: project.id, subject, before, after });
      return after;
    });
  }

  private async parse(
    tx: Transaction,
    { flag, environment }: Place,
    body: unknown,
    before: SettingsContent | undefined,
  ): Promise<SettingsContent> {
    const problems: Problem[] = [];
    const content = parseSettings(body, () => this.ids.next(), problems, before);
    addProblems(problems, settingsProblems(content, new Set(flag.variations.map(({ key }) => key))));
    const around = await this.catalog.surroundings(tx, flag.projectId, environment.id);
    addProblems(problems, referenceProblems(flag.key, content, around));
    refuseWith(problems, 'settings');
    return content;
  }
}

/** A flag and the environment it is set in. */
interface Place {
  readonly flag: Flag;
  readonly environment: Environment;
}

/** What a body that does nothing but switch switches to. */
function readSwitch(body: unknown): boolean | undefined {
  if (typeof body !== 'object' || body === null || Object.keys(body).join() !== 'on') return undefined;
  const { on } = body as { on: unknown };
  return typeof on === 'boolean' ? on : undefined;
}

function contentOf({ version: _version, updatedAt: _updatedAt, ...content }: FlagSettings): SettingsContent {
  return content;
}
