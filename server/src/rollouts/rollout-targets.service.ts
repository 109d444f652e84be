import { Injectable } from '@nestjs/common';
import { ServiceTraffics, type TrafficContent } from '../deployments/index.js';
import {
  contentOf,
  FlagRamps,
  rampOf,
  type RampTarget as FlagRampDraft,
  type SettingsContent,
} from '../flags/index.js';
import { ParallelRunShares } from '../parallel-runs/index.js';
import { precondition } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import type { FlagTarget, RampTarget } from './ramp-target.js';
import type { Rollout } from './rollout.js';
import type { RolloutPlace } from './rollout-effects.service.js';

/** What a release wants to move. */
export type TargetDraft = FlagTargetDraft | ServiceTargetDraft | ParallelRunTargetDraft;

export interface FlagTargetDraft {
  readonly kind: 'flag';
  readonly flag: string;
  /** Fields of the flag's settings that the release replaces, for everybody from the start. */
  readonly edit: Partial<SettingsContent>;
  /** Absent: the edit alone. */
  readonly ramp?: FlagRampDraft;
}

export interface ServiceTargetDraft {
  readonly kind: 'service';
  readonly service: string;
  readonly version: string;
  readonly digest: string;
}

export interface ParallelRunTargetDraft {
  readonly kind: 'parallelRun';
  readonly run: string;
}

/** Finds out what a release's targets are now, which is what they are compared with and what they go back to. */
@Injectable()
export class RolloutTargets {
  constructor(
    private readonly flags: FlagRamps,
    private readonly services: ServiceTraffics,
    private readonly runs: ParallelRunShares,
  ) {}

  /** Throws `notFound` and `precondition` for what cannot be moved as it stands. */
  async capture(tx: Transaction, place: RolloutPlace, drafts: readonly TargetDraft[]): Promise<readonly RampTarget[]> {
    const targets: RampTarget[] = [];
    for (const draft of drafts) targets.push(await this.captureOne(tx, place, draft));
    return targets;
  }

  /** As capture, of one that another attempt moves now: it would begin from what that one puts back when it ends. */
  captureBehind(moved: RampTarget, draft: TargetDraft): RampTarget {
    if (moved.kind === 'flag' && draft.kind === 'flag') return flagTarget(moved, draft);
    if (moved.kind !== 'service' || draft.kind !== 'service') return moved;
    return { ...moved, candidate: { version: draft.version, digest: draft.digest } };
  }

  private async captureOne(tx: Transaction, place: RolloutPlace, draft: TargetDraft): Promise<RampTarget> {
    switch (draft.kind) {
      case 'flag':
        return this.flag(tx, place, draft);
      case 'service':
        return this.service(tx, place, draft);
      case 'parallelRun': {
        const { project, environment } = place;
        const at = { projectId: project.id, environmentId: environment.id };
        const { runId, share } = await this.runs.current(tx, at, draft.run);
        return { kind: 'parallelRun', runId, run: draft.run, before: { share } };
      }
    }
  }

  /** Throws `invalid` where a draft names variations, segments or flags that are not there. */
  async checkNamed(tx: Transaction, { project, environment }: RolloutPlace, draft: TargetDraft): Promise<void> {
    if (draft.kind !== 'flag') return;
    const { flag, settings } = await this.flags.settings(tx, project, draft.flag, environment.id);
    const { ramp } = draft;
    const base = { ...contentOf(settings), ...draft.edit };
    // In the default serve what is ramped is judged whatever rule it is for, and whatever is served there now.
    const content = ramp === undefined ? base : { ...base, defaultServe: { variation: ramp.variation } };
    await this.flags.check(tx, { flag, environment }, content);
  }

  /** What CI has taken out of the environment though it is being ramped, for people; undefined when all is there. */
  async findGone(
    tx: Transaction,
    { targets, projectId, environmentId }: Pick<Rollout, 'targets' | 'projectId' | 'environmentId'>,
  ): Promise<string | undefined> {
    for (const target of targets) {
      if (target.kind !== 'service') continue;
      const { service: key, candidate } = target;
      if (await this.services.isInstalled(tx, { projectId, environmentId, key }, candidate)) continue;
      return `Version ${candidate.version} of ${key} is no longer installed here, so far as CI reported.`;
    }
    return undefined;
  }

  private async flag(tx: Transaction, place: RolloutPlace, draft: FlagTargetDraft): Promise<RampTarget> {
    const { flag, settings } = await this.flags.settings(tx, place.project, draft.flag, place.environment.id);
    return flagTarget({ flagId: flag.id, flag: flag.key, before: contentOf(settings) }, draft);
  }

  private async service(tx: Transaction, place: RolloutPlace, draft: ServiceTargetDraft): Promise<RampTarget> {
    const { service, version, digest } = draft;
    const { project, environment } = place;
    const traffic = await this.services.current(tx, {
      projectId: project.id,
      environmentId: environment.id,
      key: service,
    });
    if (traffic === null) {
      const message = `No version of ${service} was ever reported as installed in ${environment.key}; report one first.`;
      throw precondition('SERVICE_NOT_INSTALLED', message);
    }
    const before: TrafficContent = { stable: traffic.stable, candidate: traffic.candidate };
    return { kind: 'service', service, before, candidate: { version, digest } };
  }
}

/** Throws `precondition` for what cannot be ramped. */
function flagTarget(
  { flagId, flag, before }: Pick<FlagTarget, 'flagId' | 'flag' | 'before'>,
  draft: FlagTargetDraft,
): FlagTarget {
  const base = { ...before, ...draft.edit };
  const target = { kind: 'flag', flagId, flag, before, base } as const;
  if (draft.ramp === undefined) return { ...target, ramp: null };
  const ramp = rampOf(base, draft.ramp);
  if (ramp.kind === 'refused') throw precondition(ramp.code, `Flag "${draft.flag}": ${ramp.message}`);
  return { ...target, ramp };
}
