import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { conflict, precondition } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { endSentence } from '../kernel/sentence.js';
import type { Transaction } from '../kernel/transactions.js';
import { isCountMetric, type PolicyDocument, samplingAt } from '../policies/index.js';
import { lackingBefore } from './decide.js';
import { NO_EVIDENCE } from './evidence.js';
import { planMetrics } from './judge.js';
import { moveToStep, resumed, startRamp } from './ramp-moves.js';
import { subjectOf } from './ramp-target.js';
import type { Ramp, Reason, Rollout } from './rollout.js';
import { type RolloutEnd, RolloutEndings } from './rollout-endings.service.js';
import { RolloutEffects, type RolloutPlace } from './rollout-effects.service.js';
import { RolloutHistory } from './rollout-history.service.js';
import { RolloutListeners } from './rollout-listeners.service.js';
import { RolloutRuns } from './rollout-runs.service.js';
import { RolloutTargets, type TargetDraft } from './rollout-targets.service.js';
import { RolloutsRepository } from './rollouts.repository.js';
import { type Skip, skipObstacle, skipTarget } from './skip-obstacle.js';

/** A new attempt of a release. */
export interface AttemptDraft {
  readonly releaseId: string;
  readonly attempt: number;
  readonly place: RolloutPlace;
  readonly policy: PolicyDocument;
  readonly targets: readonly TargetDraft[];
}

/**
 * What people and releases do to rollouts. Every command runs inside the caller's transaction, which has locked the
 * environment, and moves everything a rollout is about or nothing.
 */
@Injectable()
export class Rollouts {
  // Nine, because to begin and to end an attempt is to move flags, services, evidence and whoever listens together.
  constructor(
    private readonly rollouts: RolloutsRepository,
    private readonly targets: RolloutTargets,
    private readonly history: RolloutHistory,
    private readonly effects: RolloutEffects,
    private readonly endings: RolloutEndings,
    private readonly listeners: RolloutListeners,
    private readonly runs: RolloutRuns,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Keeps ticks from moving the rollouts of an environment until the transaction ends. Call it once the environment is
   * locked and before its rollouts are read: a command then never loses to a tick.
   */
  hold(tx: Transaction, environmentId: string): Promise<void> {
    return this.rollouts.lockRunning(tx, environmentId);
  }

  /**
   * Tells, by throwing, what would keep an attempt from beginning as things stand. What is being ramped says little of
   * that, since it begins from what is there when that ramp has ended: only what it names must be there now.
   */
  async check(tx: Transaction, place: RolloutPlace, drafts: readonly TargetDraft[]): Promise<void> {
    const running = await this.rollouts.listRunning(tx, place.environment.id);
    const ramped = new Set(running.flatMap(subjectsOf));
    const isRamped = (draft: TargetDraft): boolean => ramped.has(subjectOf(draft));
    await this.targets.capture(
      tx,
      place,
      drafts.filter((draft) => !isRamped(draft)),
    );
    for (const draft of drafts) await this.targets.checkNamed(tx, place, draft);
  }

  /** Begins an attempt: its first share is asked for at once. */
  async start(tx: Transaction, ctx: RequestContext, draft: AttemptDraft): Promise<Rollout> {
    const { place, policy, releaseId, attempt } = draft;
    const now = this.clock.now();
    const targets = await this.targets.capture(tx, place, draft.targets);
    const plans = planMetrics({ policy, targets }, isCountMetric);
    const [share, sampling] = [policy.steps[0]?.share ?? 0, samplingAt(policy.steps, 0)];
    const revision = await this.effects.shift(tx, ctx, place, { targets, share, sampling });
    const rollout: Rollout = {
      id: this.ids.next(),
      releaseId,
      projectId: place.project.id,
      environmentId: place.environment.id,
      attempt,
      status: 'running',
      policy,
      targets,
      ramp: startRamp(policy, { revision, now }),
      evidence: { ...NO_EVIDENCE, before: await this.history.minutesBefore(tx, place.environment.id, plans) },
      nextTickAt: now,
      startedAt: now,
      finishedAt: null,
      version: 1,
    };
    await this.rollouts.insert(tx, rollout);
    return rollout;
  }

  /**
   * Stops the ramp where it is, and the clocks of its hold and its deadline. It is still judged, and rolled back when it
   * is bad.
   */
  pause(tx: Transaction, ctx: RequestContext, before: Rollout, reason: string): Promise<Rollout> {
    const now = this.clock.now();
    const paused = { by: ctx.actor.name, reason, at: now.toISOString() };
    const why: Reason = { code: 'PAUSED', sentence: endSentence(`Paused by ${paused.by}: ${reason}`) };
    // One who pauses what is paused takes it over; what it stood still for already counts on.
    return this.change(tx, ctx, before, { ...resumed(before.ramp, now), paused, reason: why });
  }

  resume(tx: Transaction, ctx: RequestContext, before: Rollout): Promise<Rollout> {
    if (before.ramp.paused === null) throw precondition('NOT_PAUSED', 'The release is not paused.');
    const reason: Reason = { code: 'WATCHING', sentence: `Resumed by ${ctx.actor.name}.` };
    return this.change(tx, ctx, before, { ...resumed(before.ramp, this.clock.now()), reason });
  }

  /** One person's leave to go on from this step; the same person's second one counts for nothing. */
  approve(tx: Transaction, ctx: RequestContext, before: Rollout, comment: string): Promise<Rollout> {
    const { ramp } = before;
    const { id: actorId, name: actorName } = ctx.actor;
    if (ramp.approvals.some((each) => each.actorId === actorId)) {
      throw conflict('APPROVED_ALREADY', 'You have approved this step already; another person must.');
    }
    const approval = { actorId, actorName, comment, at: this.clock.now().toISOString() };
    return this.change(tx, ctx, before, { ...ramp, approvals: [...ramp.approvals, approval] });
  }

  /**
   * Goes to a later step now, to the next one or to the last, without waiting for time or evidence. Approvals on the way
   * are other people's to give, and are waited for.
   */
  async skip(tx: Transaction, ctx: RequestContext, before: Rollout, { to, reason }: Skip): Promise<Rollout> {
    const { policy, ramp } = before;
    const obstacle = skipObstacle(before, to, this.clock.now());
    if (obstacle !== undefined) throw obstacle;
    const stepIndex = skipTarget(before, to);
    await this.requireCertified(tx, before, stepIndex);
    const revision = await this.endings.shift(tx, ctx, before, stepIndex);
    const moved = moveToStep(ramp, policy, stepIndex, { revision, now: this.clock.now() });
    const code = to === 'next' ? 'SKIPPED_BY_HAND' : 'PROMOTED_BY_HAND';
    const sent = `Sent to step ${stepIndex + 1} by ${ctx.actor.name}, without waiting for evidence`;
    const sentence = endSentence(reason === undefined ? sent : `${sent}: ${reason}`);
    return this.change(tx, ctx, before, { ...moved, paused: null, reason: { code, sentence } });
  }

  /** Ends an attempt and puts everything back. */
  async end(tx: Transaction, ctx: RequestContext, before: Rollout, end: RolloutEnd): Promise<Rollout> {
    await this.rollouts.lock(tx, before);
    const after = await this.endings.end(tx, ctx, before, end);
    await this.listeners.tell(tx, ctx, { before, after, isPage: false });
    return after;
  }

  /** A certificate is no evidence that a person may go without: whoever wrote the policy demands it. */
  private async requireCertified(tx: Transaction, before: Rollout, until: number): Promise<void> {
    const { certificates } = await this.runs.look(tx, before);
    const lacking = lackingBefore(before.policy, until, certificates);
    if (lacking === undefined) return;
    const message = `The policy asks for a certificate of ${lacking.run} before that step. ${lacking.sentence}`;
    throw precondition('CERTIFICATE_MISSING', message);
  }

  private async change(tx: Transaction, ctx: RequestContext, before: Rollout, ramp: Ramp): Promise<Rollout> {
    const after = await this.rollouts.save(tx, { ...before, ramp, nextTickAt: this.clock.now() });
    await this.listeners.tell(tx, ctx, { before, after, isPage: false });
    return after;
  }
}

/** What a rollout moves, for people and for whoever looks for overlaps: `flag/new-cart`, `service/checkout`. */
function subjectsOf({ targets }: Pick<Rollout, 'targets'>): readonly string[] {
  return targets.map(subjectOf);
}
