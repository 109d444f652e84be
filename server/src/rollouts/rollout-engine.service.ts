import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger } from '@nestjs/common';
import { SluiceError } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { RolloutsConfig } from '../platform/config/rollouts.js';
import { type Decision, decide } from './decide.js';
import { type Judged, judge } from './judge.js';
import { isEmpty } from './observation.js';
import { beginBake, beginWatch, lookedAt, moveToStep, needsPage, withKeptTick } from './ramp-moves.js';
import type { Ramp, Reason, Rollout } from './rollout.js';
import { RolloutEndings } from './rollout-endings.service.js';
import { RolloutGates } from './rollout-gates.service.js';
import { type Look, RolloutLooks } from './rollout-looks.service.js';
import { RolloutListeners } from './rollout-listeners.service.js';
import { RolloutQueries } from './rollout-queries.service.js';
import { RolloutWaits } from './rollout-waits.service.js';
import { type ObservationRecord, RolloutsRepository, type WaitRecord } from './rollouts.repository.js';
import { systemContext } from './system-context.js';

/** A share is on its way within a second or so: looking for it once a tick would make every step longer. */
const REACHING_TICK_MS = 1_000;

/**
 * Moves rollouts, one tick at a time: read, decide, one effect, save. All that a tick does is one transaction over the
 * version it was decided from, so that a crash between any two steps, or a second server at the same rollout, leaves
 * it where it was, to be looked at again.
 */
@Injectable()
export class RolloutEngine {
  private readonly logger = new Logger(RolloutEngine.name);

  // Ten: a tick looks, asks, judges, waits or moves, and tells.
  constructor(
    private readonly transactions: Transactions,
    private readonly looks: RolloutLooks,
    private readonly queries: RolloutQueries,
    private readonly gates: RolloutGates,
    private readonly rollouts: RolloutsRepository,
    private readonly waits: RolloutWaits,
    private readonly endings: RolloutEndings,
    private readonly listeners: RolloutListeners,
    private readonly config: RolloutsConfig,
    private readonly ids: Ids,
  ) {}

  /** Looks at a rollout and makes its next move; undefined when it is over, or moved while it was looked at. */
  async tick(rolloutId: string): Promise<Ticked | undefined> {
    const look = await this.looks.look(rolloutId);
    if (look === undefined) return undefined;
    const judged = await this.judge(look);
    const openGates = await this.gates.ask(look, judged);
    const ramp = { ...look.rollout.ramp, openGates };
    // Once more, for to ask may take a minute, and a freeze may have begun in it.
    const freeze = this.looks.freezeNow(look.rollout);
    const decision = decide({ ...look, freeze, policy: look.rollout.policy, ramp, results: judged.results });
    try {
      return await this.commit(look, judged, { ramp, decision });
    } catch (error) {
      const reason = refusalOf(decision, error);
      if (reason === undefined) throw error;
      return this.commit(look, judged, { ramp, decision: { kind: 'rollBack', reason } });
    }
  }

  /** What is known to be bad waits for nobody's answer. */
  private async judge(look: Look): Promise<Judged> {
    const known = judge({ ...look, queries: [] });
    if (known.state === 'fail') return known;
    const queries = await this.queries.measure(look);
    return queries.length === 0 ? known : judge({ ...look, queries });
  }

  private async commit(look: Look, judged: Judged, next: Next): Promise<Ticked | undefined> {
    const tick = this.see(look, judged, next);
    const isStored = isUneventful(tick) ? await this.waits.save(waitOf(tick)) : await this.tryMove(tick);
    if (isStored) return { state: judged.state, move: next.decision.kind };
    this.logger.debug(`Rollout ${look.rollout.id} moved while it was looked at; it will be looked at again.`);
    return undefined;
  }

  private see(look: Look, judged: Judged, { ramp, decision }: Next): Tick {
    const { rollout, now } = look;
    const seenRamp = isKept({ look, judged }) ? withKeptTick(ramp) : ramp;
    const looked = lookedAt(seenRamp, judged.results, decision.reason, now);
    const isPage = decision.kind === 'wait' && needsPage(looked, rollout.policy, now);
    const seen: Rollout = {
      ...rollout,
      evidence: judged.evidence,
      ramp: { ...looked, isPaged: looked.isPaged || isPage },
      nextTickAt: this.nextTickAt(looked, now),
    };
    return { look, judged, decision, seen, isPage };
  }

  /** False when the rollout moved since it was read: nothing of the tick is stored then. */
  private async tryMove(tick: Tick): Promise<boolean> {
    try {
      await this.transactions.run((tx) => this.move(tx, tick));
      return true;
    } catch (error) {
      if (error instanceof SluiceError && error.kind === 'conflict') return false;
      throw error;
    }
  }

  private async move(tx: Transaction, tick: Tick): Promise<void> {
    const { rollout } = tick.look;
    const ctx = systemContext(this.ids.next());
    if (hasEffect(tick.decision)) await this.endings.lock(tx, rollout.environmentId);
    // Fences this tick against every other one before anything is written; the store's own fences stand behind it.
    await this.rollouts.lock(tx, rollout);
    await this.record(tx, tick);
    const after = await this.apply(tx, ctx, tick);
    if (!tick.isPage && !isMove(rollout, after)) return;
    await this.listeners.tell(tx, ctx, { before: rollout, after, isPage: tick.isPage });
  }

  private async apply(tx: Transaction, ctx: RequestContext, { look, seen, decision }: Tick): Promise<Rollout> {
    const { now, candidateUnits: units, reach } = look;
    const { instances } = reach;
    const { reason } = decision;
    switch (decision.kind) {
      case 'rollBack':
        return this.endings.end(tx, ctx, seen, { status: 'rolledBack', reason });
      case 'release':
        return this.endings.end(tx, ctx, seen, { status: 'released', reason });
      case 'advance': {
        const revision = await this.endings.shift(tx, ctx, seen, decision.stepIndex);
        const moved = moveToStep(seen.ramp, seen.policy, decision.stepIndex, { revision, now });
        // Why it was raised stands on record with the raise: on evidence, or without.
        const ramp = { ...moved, reason: { ...reason, sentence: `${reason.sentence} ${moved.reason.sentence}` } };
        return this.rollouts.save(tx, { ...seen, ramp, nextTickAt: this.nextTickAt(ramp, now) });
      }
      case 'watch':
        return this.rollouts.save(tx, { ...seen, ramp: beginWatch(seen.ramp, reason, { units, instances, now }) });
      case 'bake':
        return this.rollouts.save(tx, { ...seen, ramp: beginBake(seen.ramp, reason, now) });
      case 'wait':
        return this.rollouts.save(tx, seen);
    }
  }

  private nextTickAt({ phase }: Ramp, now: Date): Date {
    const { tickMs } = this.config;
    return new Date(now.getTime() + (phase === 'reaching' ? Math.min(REACHING_TICK_MS, tickMs) : tickMs));
  }

  /** What was measured, if anything; what was judged, when it is not what was judged before, and what from. */
  private async record(tx: Transaction, tick: Tick): Promise<void> {
    const { state, results } = tick.judged;
    const observation = observationOf(tick);
    if (observation !== undefined) await this.rollouts.insertObservation(tx, observation);
    if (!isNews(tick)) return;
    const { stepIndex, share } = tick.look.rollout.ramp;
    await this.rollouts.insertVerdict(tx, { ...momentOf(tick), state, stepIndex, share, metrics: results });
  }
}

/** What came of a tick that was stored. */
export interface Ticked {
  readonly state: Judged['state'];
  readonly move: Decision['kind'];
}

/** What a tick is about to do. */
interface Next {
  readonly ramp: Ramp;
  readonly decision: Decision;
}

/** All that a tick knows and wants. */
interface Tick extends Pick<Next, 'decision'> {
  readonly look: Look;
  readonly judged: Judged;
  /** The rollout as it was looked at, before anything of it is moved. */
  readonly seen: Rollout;
  /** People are to be called. */
  readonly isPage: boolean;
}

/** The place of a tick in its rollout's record. */
function momentOf({ look: { rollout, now } }: Tick): Pick<ObservationRecord, 'rolloutId' | 'tick' | 'at'> {
  return { rolloutId: rollout.id, tick: rollout.ramp.tick + 1, at: now };
}

/** What is kept of what was measured; undefined when that is nothing. */
function observationOf(tick: Tick): ObservationRecord | undefined {
  const { observation } = tick.judged;
  return isKept(tick) ? { ...momentOf(tick), body: observation } : undefined;
}

function isKept(tick: Pick<Tick, 'look' | 'judged'>): boolean {
  return isNews(tick) || !isEmpty(tick.judged.observation);
}

/** Whether the verdict is not what it was. */
function isNews({ look, judged }: Pick<Tick, 'look' | 'judged'>): boolean {
  return judged.state !== look.rollout.evidence.state;
}

/** Whether a tick moves nothing, and has nothing to tell anybody. */
function isUneventful(tick: Tick): boolean {
  const { look, decision, seen, isPage } = tick;
  return decision.kind === 'wait' && !isPage && !isNews(tick) && !isMove(look.rollout, seen);
}

function waitOf(tick: Tick): WaitRecord {
  const { look, seen } = tick;
  const isSame = isDeepStrictEqual(seen.evidence, look.rollout.evidence);
  return { rollout: seen, evidence: isSame ? undefined : seen.evidence, observation: observationOf(tick) };
}

/** A share that can be given no more, because the candidate is gone from the environment, is taken back. */
function refusalOf({ kind }: Decision, error: unknown): Reason | undefined {
  const isRefusal = error instanceof SluiceError && ['precondition', 'notFound', 'invalid'].includes(error.kind);
  if (kind !== 'advance' || !isRefusal) return undefined;
  return { code: 'SHIFT_REFUSED', sentence: `The next share cannot be given: ${error.message}` };
}

function hasEffect({ kind }: Decision): boolean {
  return kind === 'rollBack' || kind === 'release' || kind === 'advance';
}

function isMove(before: Rollout, after: Rollout): boolean {
  return (
    before.status !== after.status ||
    before.ramp.stepIndex !== after.ramp.stepIndex ||
    before.ramp.phase !== after.ramp.phase ||
    before.ramp.reason.code !== after.ramp.reason.code
  );
}
