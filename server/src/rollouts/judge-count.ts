import {
  addMinute,
  addTick,
  dispersionOfSums,
  evidenceLimit,
  judgeCounts,
  logEvidence,
  type MinuteSums,
  NO_MINUTES,
  startHarmEvidence,
  startSafetyEvidence,
  tickOf,
} from '../analysis/index.js';
import type { CountMetric } from '../policies/index.js';
import type { ArmCounts, CountState, OpenMinute } from './evidence.js';
import type { Quantiles } from './measured.js';
import type { MetricResult } from './metric-result.js';
import type { CountObservation } from './observation.js';

const MINUTE_MS = 60_000;

/** One metric of one subject at one tick. */
export interface CountTask {
  readonly metric: CountMetric;
  readonly subject: string;
  readonly before: CountState;
  /** Totals since the attempt began. */
  readonly totals: ArmCounts;
  /** This metric's part of the policy's alpha. */
  readonly alpha: number;
  readonly isComparable: boolean;
  /** For people to look at, of durations. */
  readonly quantiles: { readonly stable: Quantiles; readonly candidate: Quantiles };
  readonly now: Date;
}

export interface JudgedCount {
  readonly state: CountState;
  /** Undefined where nothing was measured. */
  readonly observation: CountObservation | undefined;
  readonly result: MetricResult;
}

/** Adds what has come since the last tick to the evidence of harm, and judges the metric by it (VERDICTS.md 2). */
export function judgeCount(task: CountTask): JudgedCount {
  const { metric, subject, before, totals } = task;
  const since = growth(totals, before.seen);
  const clock = closeMinutes(before, task.now);
  const { phi } = dispersionOfSums(clock.minutes);
  const state = grow({ ...before, ...clock, seen: totals }, since, phi);
  return {
    state,
    observation: isNothing(since) ? undefined : { subject, metric: metric.name, ...since, phi },
    result: resultOf(task, state, phi),
  };
}

/** No evidence yet; `minutes` are those of ordinary traffic before the attempt, so that bursts are known at once. */
export function startCount(metric: CountMetric, minutes: MinuteSums = NO_MINUTES): CountState {
  return {
    harm: startHarmEvidence(metric.margin),
    safety: metric.require === 'nonInferior' ? startSafetyEvidence(metric.margin) : null,
    seen: { stableUnits: 0, candidateUnits: 0, stableBad: 0, candidateBad: 0 },
    minutes,
    minute: null,
  };
}

function grow(state: CountState & Clock, since: ArmCounts, phi: number): CountState {
  if (isNothing(since)) return state;
  const candidate = { units: since.candidateUnits, bad: since.candidateBad };
  const stable = { units: since.stableUnits, bad: since.stableBad };
  const tick = tickOf(candidate, stable, phi);
  const { minute } = state;
  return {
    ...state,
    harm: addTick(state.harm, tick),
    safety: state.safety && addTick(state.safety, tick),
    minute: { ...minute, bad: minute.bad + since.stableBad },
  };
}

interface Clock {
  readonly minutes: MinuteSums;
  readonly minute: OpenMinute;
}

/** The minutes that are over by now, also those in which nothing went bad, are summed; this one stays open. */
function closeMinutes({ minutes, minute: open }: CountState, now: Date): Clock {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  if (open === null) return { minutes, minute: { minute, bad: 0 } };
  if (open.minute >= minute) return { minutes, minute: open };
  const empty = minute - open.minute - 1;
  const closed = addMinute(minutes, open.bad);
  return { minutes: { ...closed, minutes: closed.minutes + empty }, minute: { minute, bad: 0 } };
}

function resultOf(task: CountTask, state: CountState, phi: number): MetricResult {
  const { metric, subject, totals, alpha, isComparable } = task;
  const { harm, safety } = state;
  const pair = safety === null ? { harm } : { harm, safety };
  const verdict = judgeCounts(pair, { alpha, require: metric.require, minimumUnits: 0 });
  const figures = {
    stable: { units: totals.stableUnits, bad: totals.stableBad, ...task.quantiles.stable },
    candidate: { units: totals.candidateUnits, bad: totals.candidateBad, ...task.quantiles.candidate },
  };
  return {
    metric: metric.name,
    subject,
    state: verdict.state,
    dryRun: metric.dryRun,
    isComparable,
    sentence:
      `${metric.name} of ${subject}: candidate ${rate(figures.candidate)}, stable ${rate(figures.stable)}; ` +
      `${verdict.reason}.`,
    evidence: logEvidence(harm),
    limit: evidenceLimit(alpha),
    ...figures,
    phi,
  };
}

function rate({ units, bad }: { readonly units: number; readonly bad: number }): string {
  return units === 0 ? 'no units' : `${bad} bad of ${units} units (${((100 * bad) / units).toPrecision(3)} %)`;
}

/** Totals only grow; a store that was restored from a backup is taken to have measured nothing since. */
function growth(totals: ArmCounts, seen: ArmCounts): ArmCounts {
  return {
    stableUnits: Math.max(0, totals.stableUnits - seen.stableUnits),
    candidateUnits: Math.max(0, totals.candidateUnits - seen.candidateUnits),
    stableBad: Math.max(0, totals.stableBad - seen.stableBad),
    candidateBad: Math.max(0, totals.candidateBad - seen.candidateBad),
  };
}

function isNothing({ stableUnits, candidateUnits, stableBad, candidateBad }: ArmCounts): boolean {
  return stableUnits + candidateUnits + stableBad + candidateBad === 0;
}
