import {
  addMinute,
  addPastTick,
  addTick,
  dispersionOfSums,
  evidenceLimit,
  judgeCounts,
  judgePast,
  logEvidence,
  logPastEvidence,
  type MetricVerdict,
  type MinuteSums,
  NO_MINUTES,
  NO_PAST_EVIDENCE,
  type PastEvidence,
  pastLimit,
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
  /** Whether there are two arms to compare. */
  readonly isComparable: boolean;
  /** Whether everybody has the candidate, so that it is compared with the stable arm's past. */
  readonly isWhole: boolean;
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
  const clock = closeMinutes(before, task);
  const { phi } = dispersionOfSums(clock.minutes);
  const grown = grow({ ...before, ...clock, seen: totals }, since, phi);
  const state = task.isWhole ? { ...grown, past: growPast(task, since, phi) } : grown;
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

/** The stable arm as the past is compared by, and what has come of the candidate since the last tick. */
function growPast({ metric, alpha, before, totals }: CountTask, since: ArmCounts, phi: number): PastEvidence {
  // Distinct callers come slower the longer one looks, so that those of two times cannot be compared. There are never
  // more of them than failing units: to be above the rate of these is to be worse, and one caller still counts once.
  const stable = { units: totals.stableUnits, bad: totals.stableFailed ?? totals.stableBad };
  const tick = { units: since.candidateUnits, bad: since.candidateBad, phi };
  return addPastTick(before.past ?? NO_PAST_EVIDENCE, tick, { stable, margin: metric.margin, alpha });
}

interface Clock {
  readonly minutes: MinuteSums;
  readonly minute: OpenMinute;
}

/** The minutes that are over by now, also those in which nothing went bad, are summed; this one stays open. */
function closeMinutes({ minutes, minute: open }: CountState, { now, isWhole }: CountTask): Clock {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  if (open === null) return { minutes, minute: { minute, bad: 0 } };
  // Without a stable arm its minutes are over: empty ones would pass for lulls between bursts.
  if (open.minute >= minute || isWhole) return { minutes, minute: open };
  const empty = minute - open.minute - 1;
  const closed = addMinute(minutes, open.bad);
  return { minutes: { ...closed, minutes: closed.minutes + empty }, minute: { minute, bad: 0 } };
}

function resultOf(task: CountTask, state: CountState, phi: number): MetricResult {
  const { metric, subject, totals } = task;
  const { verdict, ...compared } = compare(task, state);
  const figures = {
    stable: { units: totals.stableUnits, bad: totals.stableBad, ...task.quantiles.stable },
    candidate: { units: totals.candidateUnits, bad: totals.candidateBad, ...task.quantiles.candidate },
  };
  return {
    metric: metric.name,
    subject,
    state: verdict.state,
    dryRun: metric.dryRun,
    isComparable: compared.isComparable,
    sentence:
      `${metric.name} of ${subject}: candidate ${rate(figures.candidate)}, stable ${rate(figures.stable)}; ` +
      `${verdict.reason}.`,
    evidence: compared.evidence,
    limit: compared.limit,
    ...figures,
    phi,
  };
}

/** Two arms at the same time say most; with everybody at the candidate there is only the past, if there is one. */
function compare(
  { metric, alpha, isComparable, isWhole }: CountTask,
  { harm, safety, past = NO_PAST_EVIDENCE }: CountState,
): { verdict: MetricVerdict; evidence: number; limit: number; isComparable: boolean } {
  const pair = safety === null ? { harm } : { harm, safety };
  const verdict = judgeCounts(pair, { alpha, require: metric.require, minimumUnits: 0 });
  const ofArms = { verdict, evidence: logEvidence(harm), limit: evidenceLimit(alpha), isComparable };
  if (!isWhole || verdict.state === 'fail' || past.units === 0) return ofArms;
  return {
    verdict: judgePast(past, alpha),
    evidence: logPastEvidence(past),
    limit: pastLimit(alpha),
    isComparable: true,
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
    ...(totals.stableFailed === undefined
      ? {}
      : { stableFailed: Math.max(0, totals.stableFailed - (seen.stableFailed ?? 0)) }),
  };
}

function isNothing({ stableUnits, candidateUnits, stableBad, candidateBad, stableFailed = 0 }: ArmCounts): boolean {
  return stableUnits + candidateUnits + stableBad + candidateBad + stableFailed === 0;
}
