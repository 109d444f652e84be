import { Injectable } from '@nestjs/common';
import { SluiceError } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import { type PolicyDocument, samplingAt } from '../policies/index.js';
import type { RolloutPlace } from './rollout-effects.service.js';
import { RolloutTargets, type TargetDraft } from './rollout-targets.service.js';
import { subjectOf } from './ramp-target.js';
import type { Rollout } from './rollout.js';
import { RolloutsRepository } from './rollouts.repository.js';
import { changeOf, type TargetChange } from './target-change.js';

/** What one thing would become, or why it cannot. */
export type ForeseenChange =
  | { readonly kind: 'change'; readonly change: TargetChange }
  | { readonly kind: 'refused'; readonly error: SluiceError };

/** Tells what attempts move, before they begin and since. Stores nothing. */
@Injectable()
export class RolloutPreviews {
  constructor(
    private readonly rollouts: RolloutsRepository,
    private readonly targets: RolloutTargets,
  ) {}

  /**
   * What an attempt that began now would make of each target, in their order. What another attempt moves now is as if
   * that one had been put back.
   */
  async foresee(
    tx: Transaction,
    place: RolloutPlace,
    { targets, policy }: { readonly targets: readonly TargetDraft[]; readonly policy: Pick<PolicyDocument, 'steps'> },
  ): Promise<readonly ForeseenChange[]> {
    const sampling = lastSampling(policy);
    const running = await this.rollouts.listRunning(tx, place.environment.id);
    const moved = new Map(running.flatMap((each) => each.targets).map((target) => [subjectOf(target), target]));
    const changes: ForeseenChange[] = [];
    for (const draft of targets) {
      try {
        const taken = moved.get(subjectOf(draft));
        const [target] =
          taken === undefined
            ? await this.targets.capture(tx, place, [draft])
            : [this.targets.captureBehind(taken, draft)];
        await this.targets.checkNamed(tx, place, draft);
        if (target !== undefined) changes.push({ kind: 'change', change: changeOf(target, sampling) });
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
        changes.push({ kind: 'refused', error });
      }
    }
    return changes;
  }

  /** What an attempt moves, or moved, from what was there when it began. */
  changesOf({ targets, policy }: Pick<Rollout, 'targets' | 'policy'>): readonly TargetChange[] {
    return targets.map((target) => changeOf(target, lastSampling(policy)));
  }
}

function lastSampling({ steps }: Pick<PolicyDocument, 'steps'>): number {
  return samplingAt(steps, steps.length - 1);
}
