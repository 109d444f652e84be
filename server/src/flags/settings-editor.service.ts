import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { EventLog } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import type { RequestContext } from '../kernel/request-context.js';
import { endSentence } from '../kernel/sentence.js';
import type { Transaction } from '../kernel/transactions.js';
import { type Environment, EnvironmentRevisions, type Project } from '../projects/index.js';
import type { Flag, FlagSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagHolds, type TakeOver } from './flag-holds.service.js';
import { contentOf, type SettingsContent } from './parse-settings.js';
import { type FlagPlace, SettingsWriter } from './settings-writer.service.js';

/** An edit of a flag in an environment. */
export interface SettingsEdit {
  readonly project: Pick<Project, 'id' | 'key'>;
  readonly environment: Pick<Environment, 'id' | 'key'>;
  readonly flag: string;
  /** Why a release that is ramping the flag is to give way; undefined: the edit gives way. */
  readonly takeOver: TakeOver | undefined;
}

/** What an edit makes of a flag's settings. */
type Want = (tx: Transaction, place: FlagPlace, before: FlagSettings) => Promise<SettingsContent>;

/** What came of an edit. */
export interface SettingsEdited {
  readonly settings: FlagSettings;
  /** The settings changed, or a ramp ended. */
  readonly isChanged: boolean;
}

const GIVE_WAY =
  'Wait for its end, pause or abort it, or repeat the edit with ?takeOver= and your reason to end the ramp here.';

/** The one way in which settings are edited, by people and by what watches over flags for them. */
@Injectable()
export class SettingsEditor {
  constructor(
    private readonly writer: SettingsWriter,
    private readonly catalog: FlagCatalog,
    private readonly holds: FlagHolds,
    private readonly revisions: EnvironmentRevisions,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  /** Runs inside the caller's transaction. Throws `conflict` when a release ramps the flag and is not to give way. */
  async edit(tx: Transaction, ctx: RequestContext, edit: SettingsEdit, want: Want): Promise<SettingsEdited> {
    const { project, environment, takeOver } = edit;
    // Locks the environment before anything in it is read, so that what is checked below still holds when this commits.
    await this.revisions.lock(tx, environment.id);
    const flag = await this.catalog.require(tx, project, edit.flag);
    const place = { flagId: flag.id, environmentId: environment.id };
    const before = await this.catalog.settingsOf(tx, flag, environment.id);
    const content = await want(tx, { flag, environment }, before);
    const isSame = isDeepStrictEqual(content, contentOf(before));
    const isTakenOver = takeOver !== undefined && (await this.holds.takeOver(tx, ctx, place, takeOver));
    if (isSame && !isTakenOver) return { settings: before, isChanged: false };
    if (takeOver === undefined) await this.holds.refuseHeld(tx, [place], GIVE_WAY);
    await this.revisions.advance(tx, [environment.id]);
    if (isSame) return { settings: before, isChanged: true };
    const written = { before, content, action: 'flag.settings.edited', reason: takeOver?.reason };
    const settings = await this.writer.save(tx, ctx, { flag, environment }, written);
    if (before.on && !settings.on) await this.tellKilled(tx, ctx, flag, edit);
    return { settings, isChanged: true };
  }

  /** A flag that was on is off, whoever pulled the switch. */
  private async tellKilled(
    tx: Transaction,
    { actor }: RequestContext,
    { projectId, key }: Flag,
    { environment, takeOver }: SettingsEdit,
  ): Promise<void> {
    const guardrail = takeOver?.by === 'guardrail' ? takeOver.guardrail : null;
    const sentence = endSentence(
      `Switched off by ${actor.name}${takeOver === undefined ? '' : `: ${takeOver.reason}`}`,
    );
    await this.events.append(tx, {
      projectId,
      environmentId: environment.id,
      type: 'dev.sluice.flag.killed',
      subject: `flag/${key}`,
      data: { flag: key, environment: environment.key, guardrail, sentence },
      at: this.clock.now(),
    });
  }
}
