import { Injectable } from '@nestjs/common';
import { ServiceTraffics, type TrafficPlace } from '../deployments/index.js';
import { FlagRamps } from '../flags/index.js';
import type { RequestContext } from '../kernel/request-context.js';
import { FULL_SHARE } from '../kernel/share.js';
import type { Transaction } from '../kernel/transactions.js';
import { ParallelRunShares } from '../parallel-runs/index.js';
import { type Environment, EnvironmentRevisions, type Project } from '../projects/index.js';
import { type RampTarget, type ServiceTarget, settingsAt } from './ramp-target.js';

/** What a step asks for: shares of callers, and of the calls of parallel runs; thousandths of a percent. */
export interface Shift {
  readonly targets: readonly RampTarget[];
  readonly share: number;
  readonly sampling: number;
}

/** Where a rollout's targets live. */
export interface RolloutPlace {
  readonly project: Pick<Project, 'id' | 'key'>;
  readonly environment: Environment;
}

/**
 * Moves all targets of a rollout together: in the caller's transaction, under one lock and one new revision of the
 * environment, so that nobody ever sees some of them moved and others not.
 */
@Injectable()
export class RolloutEffects {
  constructor(
    private readonly flags: FlagRamps,
    private readonly services: ServiceTraffics,
    private readonly runs: ParallelRunShares,
    private readonly revisions: EnvironmentRevisions,
  ) {}

  /** Keeps others from changing the environment until the transaction ends. Call it before anything of it is read. */
  lock(tx: Transaction, environmentId: string): Promise<void> {
    return this.revisions.lock(tx, environmentId);
  }

  /** Gives the candidates a share, and samples as much of their parallel runs; returns the revision that carries both. */
  async shift(
    tx: Transaction,
    ctx: RequestContext,
    place: RolloutPlace,
    { targets, share, sampling }: Shift,
  ): Promise<number> {
    for (const target of targets) {
      if (target.kind === 'parallelRun') {
        await this.runs.set(tx, ctx, runPlace(place), target.run, sampling);
        continue;
      }
      if (target.kind === 'service') {
        await this.services.setCandidate(tx, serviceAt(place, target), { ...target.candidate, share });
        continue;
      }
      const { flag } = await this.flags.settings(tx, place.project, target.flag, place.environment.id);
      await this.flags.write(tx, ctx, { flag, environment: place.environment }, settingsAt(target, share));
    }
    return this.revisions.advanceOne(tx, place.environment.id);
  }

  /** Makes the candidates the stable ones: the ramp is over, and everybody has them already. */
  async keep(
    tx: Transaction,
    ctx: RequestContext,
    place: RolloutPlace,
    targets: readonly RampTarget[],
  ): Promise<number> {
    for (const target of targets) {
      if (target.kind === 'service') await this.services.promoteCandidate(tx, serviceAt(place, target));
    }
    // A parallel run is sampled on: the code that lost its place still tells whether its successor is right.
    const flags = targets.filter(({ kind }) => kind === 'flag');
    return this.shift(tx, ctx, place, { targets: flags, share: FULL_SHARE, sampling: 0 });
  }

  /**
   * Puts back exactly what was before the attempt, but for a flag that somebody has taken over. That edit then carries
   * all of it in the revision that it advances to.
   */
  async restore(
    tx: Transaction,
    ctx: RequestContext,
    place: RolloutPlace,
    { targets, except }: { readonly targets: readonly RampTarget[]; readonly except?: string | undefined },
  ): Promise<number> {
    for (const target of [...targets].reverse()) {
      if (target.kind === 'parallelRun') {
        await this.runs.set(tx, ctx, runPlace(place), target.run, target.before.share);
      } else if (target.kind === 'service') {
        await this.services.restore(tx, serviceAt(place, target), target.before);
      } else if (target.flag !== except) {
        const { flag } = await this.flags.settings(tx, place.project, target.flag, place.environment.id);
        await this.flags.restore(tx, ctx, { flag, environment: place.environment }, target.before);
      }
    }
    if (except !== undefined) return place.environment.revision + 1;
    return this.revisions.advanceOne(tx, place.environment.id);
  }
}

function runPlace({ project, environment }: RolloutPlace): {
  readonly projectId: string;
  readonly environmentId: string;
} {
  return { projectId: project.id, environmentId: environment.id };
}

function serviceAt({ project, environment }: RolloutPlace, { service }: ServiceTarget): TrafficPlace {
  return { projectId: project.id, environmentId: environment.id, key: service };
}
