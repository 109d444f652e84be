import { Injectable } from '@nestjs/common';
import type { Json } from '../kernel/json.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ParallelRunHolds, ParallelRunShares } from '../parallel-runs/index.js';
import { EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import { ReleaseCommands } from './release-commands.service.js';
import { type CreationOutcome, ReleasesService } from './releases.service.js';

/** Names a parallel run in an environment, by keys. */
export interface RunKeys {
  readonly project: string;
  readonly environment: string;
  readonly run: string;
}

/** Starts and stops parallel runs: sampling one is a release that serves nobody. */
@Injectable()
export class RunRamps {
  constructor(
    private readonly releases: ReleasesService,
    private readonly commands: ReleaseCommands,
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly revisions: EnvironmentRevisions,
    private readonly holds: ParallelRunHolds,
    private readonly shares: ParallelRunShares,
  ) {}

  /** Samples a run as the steps of a policy say, until it is certified or refuted. */
  start(
    ctx: RequestContext,
    { project, environment, run }: RunKeys,
    { policy, arguments: given }: { readonly policy: string; readonly arguments: Readonly<Record<string, Json>> },
  ): Promise<CreationOutcome> {
    const changes = [{ kind: 'parallelRun', run }];
    return this.releases.create(ctx, { project, environment, changes, policy, arguments: given, start: true });
  }

  /** Samples nothing any more, whoever did: a release that has it is aborted, and puts back all that it moved. */
  async stop(
    ctx: RequestContext,
    { project: projectKey, environment: key, run }: RunKeys,
    reason: string,
  ): Promise<void> {
    const held = await this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, projectKey);
      const environment = await this.projects.environment(tx, ctx, projectKey, key);
      const at = { projectId: project.id, environmentId: environment.id };
      const { runId } = await this.shares.current(tx, at, run);
      return { at, hold: await this.holds.holdOf(tx, { runId, environmentId: environment.id }) };
    });
    if (held.hold !== null) await this.commands.abort(ctx, held.hold.releaseId, reason);
    await this.transactions.run(async (tx) => {
      await this.revisions.lock(tx, held.at.environmentId);
      const { share } = await this.shares.current(tx, held.at, run);
      if (share === 0) return;
      await this.shares.set(tx, ctx, held.at, run, 0);
      await this.revisions.advanceOne(tx, held.at.environmentId);
    });
  }
}
