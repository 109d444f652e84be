import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SnapshotRamps } from '../deployments/index.js';
import { type FlagHold, type FlagHolder, FlagHolds, type FlagNeed, type TakeOver } from '../flags/index.js';
import type { RequestContext } from '../kernel/request-context.js';
import { endSentence } from '../kernel/sentence.js';
import type { Transaction } from '../kernel/transactions.js';
import { type ParallelRunHold, type ParallelRunHolder, ParallelRunHolds } from '../parallel-runs/index.js';
import { samplingAt } from '../policies/index.js';
import { SegmentReferrers, segmentsNamed } from '../segments/index.js';
import { percent } from './ramp-moves.js';
import { snapshotRampsOf } from './ramp-target.js';
import type { Rollout } from './rollout.js';
import type { RolloutEnd } from './rollout-endings.service.js';
import { Rollouts } from './rollouts.service.js';
import { RolloutsRepository } from './rollouts.repository.js';

type FlagPlace = Parameters<FlagHolder['holdsIn']>[1][number];

/** Makes running rollouts known: to SDKs, which measure for them, and to whoever wants to edit what they ramp. */
@Injectable()
export class RolloutPresence implements OnModuleInit, FlagHolder {
  // Six, for flags, segments, runs and SDKs each want to know what is being ramped.
  constructor(
    private readonly snapshotRamps: SnapshotRamps,
    private readonly flagHolds: FlagHolds,
    private readonly segmentReferrers: SegmentReferrers,
    private readonly runHolds: ParallelRunHolds,
    private readonly repository: RolloutsRepository,
    private readonly rollouts: Rollouts,
  ) {}

  onModuleInit(): void {
    this.snapshotRamps.register(async (tx, environmentId) => {
      const running = await this.repository.listRunning(tx, environmentId);
      return running.flatMap(snapshotRampsOf);
    });
    this.flagHolds.register(this);
    this.runHolds.register({ holdOf: (tx, place) => this.holdOfRun(tx, place) });
    this.segmentReferrers.register((tx, projectId, segment) => this.usesOfSegment(tx, projectId, segment));
  }

  async holdsIn(tx: Transaction, places: readonly FlagPlace[]): Promise<readonly (FlagHold | null)[]> {
    const environmentIds = new Set(places.map(({ environmentId }) => environmentId));
    const running = await this.repository.listRunningIn(tx, [...environmentIds]);
    return places.map((place) => {
      const rollout = running.find((each) => isRamping(each, place));
      return rollout === undefined ? null : holdBy(rollout);
    });
  }

  /** What samples a run; its key tells it, for runs are never renamed. */
  private async holdOfRun(
    tx: Transaction,
    { environmentId, runId }: Parameters<ParallelRunHolder['holdOf']>[1],
  ): Promise<ParallelRunHold | null> {
    const running = await this.repository.listRunning(tx, environmentId);
    const rollout = running.find(({ targets }) =>
      targets.some((target) => target.kind === 'parallelRun' && target.runId === runId),
    );
    if (rollout === undefined) return null;
    const { releaseId, policy, ramp } = rollout;
    const sampled = percent(samplingAt(policy.steps, ramp.stepIndex));
    return { releaseId, sentence: `Release ${releaseId} is sampling ${sampled} of this run's calls.` };
  }

  async takeOver(tx: Transaction, ctx: RequestContext, place: FlagPlace, takeOver: TakeOver): Promise<void> {
    await this.rollouts.hold(tx, place.environmentId);
    const rollout = (await this.repository.listRunning(tx, place.environmentId)).find((each) => isRamping(each, place));
    if (rollout === undefined) return;
    const flag = rollout.targets.find((target) => target.kind === 'flag' && target.flagId === place.flagId);
    await this.rollouts.end(tx, ctx, rollout, {
      ...endOf(ctx, takeOver),
      except: flag?.kind === 'flag' ? flag.flag : undefined,
    });
  }

  /** A prerequisite that settings come back to on a rollback must still be there then. */
  async needsOf(
    tx: Transaction,
    { projectId, key }: Parameters<FlagHolder['needsOf']>[1],
  ): Promise<readonly FlagNeed[]> {
    const running = await this.repository.listRunningOfProject(tx, projectId);
    return running.flatMap(({ releaseId, targets }) =>
      targets.flatMap((target) => {
        if (target.kind !== 'flag') return [];
        const named = target.before.prerequisites.filter((prerequisite) => prerequisite.flag === key);
        return named.map(({ variations }) => ({ releaseId, flag: target.flag, variations }));
      }),
    );
  }

  /** A segment that settings come back to on a rollback must still be there then. */
  private async usesOfSegment(tx: Transaction, projectId: string, segment: string): Promise<readonly string[]> {
    const running = await this.repository.listRunningOfProject(tx, projectId);
    return running.flatMap(({ releaseId, targets }) => {
      const rules = targets.flatMap((target) => (target.kind === 'flag' ? target.before.rules : []));
      const isNamed = rules.some(({ clauses }) => segmentsNamed(clauses, '').some(({ key }) => key === segment));
      return isNamed ? [`release/${releaseId}`] : [];
    });
  }
}

function isRamping({ environmentId, targets }: Rollout, place: FlagPlace): boolean {
  return (
    environmentId === place.environmentId &&
    targets.some((target) => target.kind === 'flag' && target.flagId === place.flagId)
  );
}

function holdBy({ releaseId, ramp }: Rollout): FlagHold {
  return { releaseId, sentence: `Release ${releaseId} is ramping this flag and is at ${percent(ramp.share)}.` };
}

/** A broken guardrail puts everything back because something is wrong; a person's edit is only another decision. */
function endOf({ actor }: RequestContext, takeOver: TakeOver): Pick<RolloutEnd, 'status' | 'reason'> {
  if (takeOver.by === 'guardrail') {
    const sentence = endSentence(`A kill switch was pulled: ${takeOver.reason}`);
    return { status: 'rolledBack', reason: { code: 'GUARDRAIL_BROKEN', sentence } };
  }
  const sentence = endSentence(`Taken over by ${actor.name}: ${takeOver.reason}`);
  return { status: 'aborted', reason: { code: 'TAKEN_OVER_BY_HAND', sentence } };
}
