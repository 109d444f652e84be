import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { FlagsReader } from '../flags/index.js';
import { type ExpectedVersion, refuseStale, requireVersion } from '../kernel/expected-version.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type ParallelRunHold, ParallelRunHolds } from './parallel-run-holds.service.js';
import { applySettingsEdit, parseReset, parseShareEdit, type VariationsOf } from './parse-parallel-run.js';
import { placeOf, type PlacedRun, RunCatalog } from './run-catalog.service.js';
import { RunSettingsEditor, type WantSettings } from './run-settings-editor.service.js';
import { evidenceBasisOf, type RunSettingsView, withoutKey } from './run-settings.js';

/** Names a run in an environment, by keys. */
export interface PlacedRunKeys {
  readonly project: string;
  readonly environment: string;
  readonly run: string;
}

/** The settings of a run in an environment, with the keys of both. */
export type PlacedRunSettings = RunSettingsView & { readonly run: string; readonly environment: string };

/** How a run is sampled and judged in one environment. */
@Injectable()
export class RunSettingsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly flags: FlagsReader,
    private readonly catalog: RunCatalog,
    private readonly editor: RunSettingsEditor,
    private readonly holds: ParallelRunHolds,
  ) {}

  /** How a run is sampled and judged, as it is. */
  get(ctx: RequestContext, at: PlacedRunKeys): Promise<PlacedRunSettings> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const run = await this.catalog.require(tx, project, at.run);
      const settings = await this.catalog.settingsOf(tx, { run, environment });
      return { run: run.key, environment: environment.key, ...withoutKey(settings) };
    });
  }

  /** The release that samples a run in an environment; null: it is free to change. */
  holdOf(ctx: RequestContext, at: PlacedRunKeys): Promise<ParallelRunHold | null> {
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const run = await this.catalog.require(tx, project, at.run);
      return this.holds.holdOf(tx, { runId: run.id, environmentId: environment.id });
    });
  }

  /** Changes the fields given of demand and runner; see `changeBasis`. */
  edit(ctx: RequestContext, at: PlacedRunKeys, expected: ExpectedVersion, body: unknown): Promise<PlacedRunSettings> {
    return this.changeBasis(ctx, at, async (tx, place, before) => {
      requireVersion(expected, before.version);
      const content = applySettingsEdit(before, body, await this.variationsIn(tx, place));
      return { content, action: 'parallelRun.settings.edited' };
    });
  }

  /** Samples another share of the calls; throws `conflict` while a release decides that. */
  share(ctx: RequestContext, at: PlacedRunKeys, expected: ExpectedVersion, body: unknown): Promise<PlacedRunSettings> {
    const share = parseShareEdit(body);
    return this.change(ctx, at, async (tx, place, before) => {
      refuseStale(expected, before.version);
      if (share === before.share) return undefined;
      await this.holds.refuseHeld(tx, [placeOf(place)], 'Wait for its end, pause or abort it.');
      return { content: { ...before, share }, action: 'parallelRun.shared' };
    });
  }

  /** Begins a new epoch: what was compared so far counts no more. */
  reset(ctx: RequestContext, at: PlacedRunKeys, expected: ExpectedVersion, body: unknown): Promise<PlacedRunSettings> {
    const reason = parseReset(body);
    return this.change(ctx, at, (_tx, _place, before) => {
      refuseStale(expected, before.version);
      return Promise.resolve({ content: before, action: 'parallelRun.reset', reason, isReset: true });
    });
  }

  /**
   * Edits settings as people do. What evidence depends on begins a new epoch when it changes, and a release that waits for
   * that evidence would wait in vain: throws `conflict` then.
   */
  changeBasis(ctx: RequestContext, at: PlacedRunKeys, want: WantSettings): Promise<PlacedRunSettings> {
    return this.change(ctx, at, async (tx, place, before) => {
      const wanted = await want(tx, place, before);
      if (wanted === undefined || isDeepStrictEqual(evidenceBasisOf(wanted.content), evidenceBasisOf(before)))
        return wanted;
      await this.holds.refuseHeld(
        tx,
        [placeOf(place)],
        'This would begin its evidence anew: wait for its end or abort it.',
      );
      return wanted;
    });
  }

  /** Within what the caller may see. */
  private change(ctx: RequestContext, at: PlacedRunKeys, want: WantSettings): Promise<PlacedRunSettings> {
    return this.transactions.run(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const find = () => this.catalog.require(tx, project, at.run);
      const { run, settings } = await this.editor.edit(tx, ctx, { environment, find }, want);
      return { run: run.key, environment: environment.key, ...withoutKey(settings) };
    });
  }

  private async variationsIn(tx: Transaction, { run, environment }: PlacedRun): Promise<VariationsOf> {
    const flags = await this.flags.snapshotFlags(tx, run.projectId, environment.id);
    return (key) => flags.find((flag) => flag.key === key)?.variations.map((variation) => variation.key);
  }
}
