import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import type { ParallelRunSettings } from './parallel-run.js';
import { type PlacedRun, RunCatalog } from './run-catalog.service.js';
import { RunSettingsWriter } from './run-settings-writer.service.js';

/** An environment of a project. */
export interface SharePlace {
  readonly projectId: string;
  readonly environmentId: string;
}

/** How a run is sampled in an environment now. */
export interface ParallelRunShare {
  readonly runId: string;
  /** Thousandths of a percent. */
  readonly share: number;
  readonly epoch: number;
  readonly demandHash: string;
  /** 0: it was never set here. */
  readonly version: number;
}

/**
 * How a release moves the sampling of a run. Its command runs inside the caller's transaction, which has locked the
 * environment and advances its revision itself: once, for all that it changes together.
 */
@Injectable()
export class ParallelRunShares {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly catalog: RunCatalog,
    private readonly writer: RunSettingsWriter,
  ) {}

  /** How a run is sampled; throws `notFound` when the project has no such run. */
  async current(tx: Transaction, place: SharePlace, key: string): Promise<ParallelRunShare> {
    const placed = await this.placed(tx, place, key);
    return toShare(placed, await this.catalog.settingsOf(tx, placed));
  }

  /** Samples another share of the calls, whoever holds the run. */
  async set(
    tx: Transaction,
    ctx: RequestContext,
    place: SharePlace,
    key: string,
    share: number,
  ): Promise<ParallelRunShare> {
    const placed = await this.placed(tx, place, key);
    const before = await this.catalog.settingsOf(tx, placed);
    if (before.share === share) return toShare(placed, before);
    const wanted = { content: { ...before, share }, action: 'parallelRun.settings.ramped' };
    const next = this.writer.next(before, wanted);
    return toShare(placed, await this.writer.store(tx, ctx, placed, { before, next, wanted }));
  }

  private async placed(tx: Transaction, { projectId, environmentId }: SharePlace, key: string): Promise<PlacedRun> {
    const environment = await this.projects.environmentById(tx, environmentId);
    const run = await this.catalog.find(tx, projectId, key);
    if (environment !== null && run !== null) return { run, environment };
    throw notFound('PARALLEL_RUN_NOT_FOUND', `The project has no parallel run "${key}"; create it first.`);
  }
}

function toShare({ run }: PlacedRun, { share, epoch, demandHash, version }: ParallelRunSettings): ParallelRunShare {
  return { runId: run.id, share, epoch, demandHash, version };
}
