import { Injectable } from '@nestjs/common';
import { type Problem, refuseWith } from '../kernel/errors.js';
import { type ExpectedVersion, refuseStale, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { addProblems } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { PatternVetting } from '../segments/index.js';
import type { FlagSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { contentOf, parseSettings, type SettingsContent } from './parse-settings.js';
import { SettingsEditor } from './settings-editor.service.js';
import { type FlagPlace, SettingsWriter } from './settings-writer.service.js';

/** Names a flag in an environment, by keys. */
export interface SettingsKeys {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
}

/** What an edit says beside its body. */
export interface EditTerms {
  readonly expected: ExpectedVersion;
  /** Why a release that is ramping the flag is to give way; absent: the edit gives way. */
  readonly takeOver?: string | undefined;
}

/** How a flag decides in one environment. */
@Injectable()
export class FlagSettingsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly writer: SettingsWriter,
    private readonly catalog: FlagCatalog,
    private readonly editor: SettingsEditor,
    private readonly projects: ProjectsReader,
    private readonly patterns: PatternVetting,
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
  async replace(ctx: RequestContext, at: SettingsKeys, terms: EditTerms, body: unknown): Promise<FlagSettings> {
    await this.patterns.vet(body);
    return this.change(ctx, at, terms.takeOver, (tx, place, before) => {
      requireVersion(terms.expected, before.version);
      return this.parse(tx, place, body, undefined);
    });
  }

  /**
   * Changes the fields given (RFC 7396, at the top level). Switching on or off alone needs no If-Match and looks at
   * nothing else: it is safe whatever has changed, and a kill switch waits for nobody. Switching off ends a ramp too.
   */
  async edit(ctx: RequestContext, at: SettingsKeys, terms: EditTerms, body: unknown): Promise<FlagSettings> {
    await this.patterns.vet(body);
    const isOn = readSwitch(body);
    const reason = terms.takeOver ?? (isOn === false ? 'switched off by hand' : undefined);
    return this.change(ctx, at, reason, (tx, place, before) => {
      if (isOn === undefined) {
        requireVersion(terms.expected, before.version);
        return this.parse(tx, place, body, contentOf(before));
      }
      refuseStale(terms.expected, before.version);
      return Promise.resolve({ ...contentOf(before), on: isOn });
    });
  }

  private change(
    ctx: RequestContext,
    at: SettingsKeys,
    reason: string | undefined,
    wanted: (tx: Transaction, place: FlagPlace, before: FlagSettings) => Promise<SettingsContent>,
  ): Promise<FlagSettings> {
    return this.transactions.run(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const takeOver = reason === undefined ? undefined : ({ by: 'hand', reason } as const);
      const edit = { project, environment, flag: at.flag, takeOver };
      return (await this.editor.edit(tx, ctx, edit, wanted)).settings;
    });
  }

  private async parse(
    tx: Transaction,
    place: FlagPlace,
    body: unknown,
    before: SettingsContent | undefined,
  ): Promise<SettingsContent> {
    const problems: Problem[] = [];
    const content = parseSettings(body, () => this.ids.next(), problems, before);
    addProblems(problems, await this.writer.problemsWith(tx, place, content));
    refuseWith(problems, 'settings');
    return content;
  }
}

/** What a body that does nothing but switch switches to. */
function readSwitch(body: unknown): boolean | undefined {
  if (typeof body !== 'object' || body === null || Object.keys(body).join() !== 'on') return undefined;
  const { on } = body as { on: unknown };
  return typeof on === 'boolean' ? on : undefined;
}
