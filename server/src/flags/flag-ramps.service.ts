import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { refuseWith } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Project } from '../projects/index.js';
import type { Flag, FlagSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { contentOf, type SettingsContent } from './parse-settings.js';
import { type FlagPlace, SettingsWriter } from './settings-writer.service.js';

/**
 * How a release moves a flag. Its commands run inside the caller's transaction, which has locked the environment and
 * advances its revision itself: once, for all that it changes together.
 */
@Injectable()
export class FlagRamps {
  constructor(
    private readonly catalog: FlagCatalog,
    private readonly writer: SettingsWriter,
  ) {}

  /** A flag and how it decides in an environment; throws `notFound` when the project has no such flag. */
  async settings(
    tx: Transaction,
    project: Pick<Project, 'id' | 'key'>,
    flagKey: string,
    environmentId: string,
  ): Promise<{ readonly flag: Flag; readonly settings: FlagSettings }> {
    const flag = await this.catalog.require(tx, project, flagKey);
    return { flag, settings: await this.catalog.settingsOf(tx, flag, environmentId) };
  }

  /** Throws `invalid` with every problem that settings would have if they were stored now. */
  async check(tx: Transaction, place: FlagPlace, content: SettingsContent): Promise<void> {
    refuseWith(await this.writer.problemsWith(tx, place, content), 'settings');
  }

  /** Stores settings, judged as anybody's edit is: throws `invalid` with every problem. */
  async write(tx: Transaction, ctx: RequestContext, place: FlagPlace, content: SettingsContent): Promise<FlagSettings> {
    await this.check(tx, place, content);
    return this.store(tx, ctx, place, content, 'flag.settings.ramped');
  }

  /** Puts back exactly what was before, unjudged: what was good enough to be stored once never holds up a rollback. */
  restore(tx: Transaction, ctx: RequestContext, place: FlagPlace, before: SettingsContent): Promise<FlagSettings> {
    return this.store(tx, ctx, place, contentOf(before), 'flag.settings.restored');
  }

  private async store(
    tx: Transaction,
    ctx: RequestContext,
    place: FlagPlace,
    content: SettingsContent,
    action: string,
  ): Promise<FlagSettings> {
    const before = await this.catalog.settingsOf(tx, place.flag, place.environment.id);
    if (isDeepStrictEqual(content, contentOf(before))) return before;
    return this.writer.save(tx, ctx, place, { before, content, action });
  }
}
