import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { FULL_SHARE } from '../kernel/share.js';
import type { Transaction } from '../kernel/transactions.js';
import { samplingAt } from '../policies/index.js';
import { ProjectsReader } from '../projects/index.js';
import type { Reason, Rollout, RolloutStatus } from './rollout.js';
import { RolloutEffects, type RolloutPlace } from './rollout-effects.service.js';
import { RolloutsRepository } from './rollouts.repository.js';

/** How an attempt ends. */
export interface RolloutEnd {
  readonly status: Exclude<RolloutStatus, 'running'>;
  readonly reason: Reason;
  /** A flag that somebody has taken over: it is left as it is, and the revision to that edit, in this transaction. */
  readonly except?: string | undefined;
}

/** Moves what a running rollout is about, and ends it: kept or put back, all of it in the caller's transaction. */
@Injectable()
export class RolloutEndings {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly effects: RolloutEffects,
    private readonly rollouts: RolloutsRepository,
    private readonly clock: Clock,
  ) {}

  /** Keeps others from changing the environment until the transaction ends. Call it before anything of it is read. */
  lock(tx: Transaction, environmentId: string): Promise<void> {
    return this.effects.lock(tx, environmentId);
  }

  /** Goes to what a step of the policy asks for; returns the environment's revision that carries it. */
  async shift(tx: Transaction, ctx: RequestContext, rollout: Rollout, stepIndex: number): Promise<number> {
    const { targets, policy, ramp } = rollout;
    const share = policy.steps[stepIndex]?.share ?? ramp.share;
    const sampling = samplingAt(policy.steps, stepIndex);
    return this.effects.shift(tx, ctx, await this.placeOf(tx, rollout), { targets, share, sampling });
  }

  /** Everybody gets the candidates for good when it is released, and what they had before when it ends otherwise. */
  async end(
    tx: Transaction,
    ctx: RequestContext,
    rollout: Rollout,
    { status, reason, except }: RolloutEnd,
  ): Promise<Rollout> {
    const place = await this.placeOf(tx, rollout);
    const { targets } = rollout;
    const revision =
      status === 'released'
        ? await this.effects.keep(tx, ctx, place, targets)
        : await this.effects.restore(tx, ctx, place, { targets, except });
    const share = status === 'released' ? FULL_SHARE : 0;
    const ramp = { ...rollout.ramp, share, revision, reason };
    return this.rollouts.save(tx, { ...rollout, ramp, status, finishedAt: this.clock.now() });
  }

  private async placeOf(tx: Transaction, { environmentId, projectId }: Rollout): Promise<RolloutPlace> {
    const environment = await this.projects.environmentById(tx, environmentId);
    if (environment === null) throw notFound('ENVIRONMENT_GONE', 'The environment of this rollout no longer exists.');
    return { environment, project: { id: projectId, key: environment.projectKey } };
  }
}
