import { FULL_SHARE } from '../kernel/share.js';
import { type PolicyDocument, samplingAt } from '../policies/index.js';
import type { MetricResult } from './metric-result.js';
import { pausedUntil, reachDeadline } from './ramp-clock.js';
import type { Ramp, Reason } from './rollout.js';

interface Asked {
  /** The environment's revision that carries the share. */
  readonly revision: number;
  readonly now: Date;
}

/** A ramp at its first step. */
export function startRamp(policy: PolicyDocument, asked: Asked): Ramp {
  return {
    ...atStep(policy, 0, asked),
    traffic: [],
    tick: 0,
    keptTicks: 0,
    paused: null,
    outageSince: null,
    isPaged: false,
  };
}

/** The ramp at another step; what belongs to the step it leaves is forgotten. */
export function moveToStep(ramp: Ramp, policy: PolicyDocument, stepIndex: number, asked: Asked): Ramp {
  return { ...ramp, ...atStep(policy, stepIndex, asked), isPaged: false };
}

function atStep(
  policy: PolicyDocument,
  stepIndex: number,
  { revision, now }: Asked,
): Omit<Ramp, 'tick' | 'keptTicks' | 'paused' | 'outageSince' | 'isPaged' | 'traffic'> {
  const share = policy.steps[stepIndex]?.share ?? FULL_SHARE;
  const sampling = samplingAt(policy.steps, stepIndex);
  const served = share > 0 || sampling === 0 ? `${percent(share)} of users are being given the candidate.` : '';
  const sampled = sampling > 0 ? `${percent(sampling)} of the calls of its parallel runs are sampled.` : '';
  const sentence = [served, sampled].filter((part) => part !== '').join(' ');
  return {
    stepIndex,
    share,
    phase: 'reaching',
    revision,
    askedAt: now.toISOString(),
    since: null,
    pausedMs: 0,
    unitsBefore: 0,
    instances: 0,
    approvals: [],
    openGates: [],
    reason: { code: 'REACHING', sentence },
  };
}

/** The step's clock begins, and its sample. */
export function beginWatch(
  ramp: Ramp,
  reason: Reason,
  { units, instances, now }: { readonly units: number; readonly instances: number; readonly now: Date },
): Ramp {
  return { ...ramp, phase: 'watching', since: now.toISOString(), pausedMs: 0, unitsBefore: units, instances, reason };
}

export function beginBake(ramp: Ramp, reason: Reason, now: Date): Ramp {
  return { ...ramp, phase: 'baking', since: now.toISOString(), pausedMs: 0, reason };
}

/** The ramp that goes on: its hold and its deadline have stood still since it was paused. */
export function resumed(ramp: Ramp, now: Date): Ramp {
  return { ...ramp, paused: null, pausedMs: pausedUntil(ramp, now) };
}

/** The ramp after it was looked at: whether measurements could be taken, and why it is where it is. */
export function lookedAt(ramp: Ramp, results: readonly MetricResult[], reason: Reason, now: Date): Ramp {
  const isOut = results.some(({ state, dryRun }) => state === 'error' && !dryRun);
  const outageSince = isOut ? (ramp.outageSince ?? now.toISOString()) : null;
  const isPaged = ramp.isPaged && reason.code === ramp.reason.code;
  return { ...ramp, tick: ramp.tick + 1, reason, outageSince, isPaged };
}

/**
 * Whether people are to be called: measurements are out, or the share is on its way, for longer than the policy takes for
 * an outage, or a deadline passed that only they can answer.
 */
export function needsPage(ramp: Ramp, policy: PolicyDocument, now: Date): boolean {
  if (ramp.isPaged) return false;
  if (ramp.reason.code === 'DEADLINE_PASSED') return true;
  const isOnItsWay = ramp.phase === 'reaching' && ramp.reason.code === 'REACHING';
  if (isOnItsWay && now >= reachDeadline(ramp, policy.onOutage, now)) return true;
  if (ramp.outageSince === null) return false;
  return now.getTime() - new Date(ramp.outageSince).getTime() >= policy.onOutage.afterSeconds * 1_000;
}

/** The ramp whose tick is kept, with what it measured. */
export function withKeptTick(ramp: Ramp): Ramp {
  return ramp.keptTicks === undefined ? ramp : { ...ramp, keptTicks: ramp.keptTicks + 1 };
}

/** A share for people: `0.5 %`. */
export function percent(share: number): string {
  return `${share / 1_000} %`;
}
