import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { EnvironmentRevisions } from '../projects/index.js';
import type { ParallelRun, ParallelRunSettings } from './parallel-run.js';
import { type PlacedRun, RunCatalog } from './run-catalog.service.js';
import { toSnapshotRun } from './run-settings.js';
import { RunSettingsWriter, type WantedSettings } from './run-settings-writer.service.js';

/** Settings after an edit, and of which run. */
export type EditedRun = PlacedRun & { readonly settings: ParallelRunSettings };

/** What an edit makes of settings; undefined: it leaves them as they are. */
export type WantSettings = (
  tx: Transaction,
  place: PlacedRun,
  before: ParallelRunSettings,
) => Promise<WantedSettings | undefined>;

/** The one way in which settings are edited, by people and by what watches over runs for them. */
@Injectable()
export class RunSettingsEditor {
  constructor(
    private readonly catalog: RunCatalog,
    private readonly revisions: EnvironmentRevisions,
    private readonly writer: RunSettingsWriter,
  ) {}

  /** Runs inside the caller's transaction. The environment comes to its next revision when SDKs can see the change. */
  async edit(
    tx: Transaction,
    ctx: RequestContext,
    { environment, find }: Pick<PlacedRun, 'environment'> & { readonly find: () => Promise<ParallelRun> },
    want: WantSettings,
  ): Promise<EditedRun> {
    // Locks the environment before anything in it is read, so that what is decided below still holds when this commits.
    await this.revisions.lock(tx, environment.id);
    const place = { environment, run: await find() };
    const before = await this.catalog.settingsOf(tx, place);
    const wanted = await want(tx, place, before);
    if (wanted === undefined) return { ...place, settings: before };
    const next = this.writer.next(before, wanted);
    if (before.version > 0 && isDeepStrictEqual(next, before)) return { ...place, settings: before };
    const isSeen = !isDeepStrictEqual(toSnapshotRun(place.run, before), toSnapshotRun(place.run, stored(next)));
    if (isSeen) await this.revisions.advance(tx, [environment.id]);
    return { ...place, settings: await this.writer.store(tx, ctx, place, { before, next, wanted }) };
  }
}

/** Settings that were never stored are told to nobody; these are about to be. */
function stored(settings: ParallelRunSettings): ParallelRunSettings {
  return { ...settings, version: settings.version + 1 };
}
